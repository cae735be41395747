import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import { AppError } from '../../../core/errors.ts'
import { sentence } from '../../../core/messages/sentence.ts'
import type { ClientId, DeviceId, Id, UserId } from '../../../core/id.ts'
import { isSyncError } from '../../../core/sync/errors.ts'
import { SCHEMA_VERSION } from '../../../db/migrations/migrations.ts'
import { fromFile } from '../../../db/errors.ts'
import { createWorkspaceFile } from '../../../db/open.ts'
import { moveIntoPlace } from '../../../platform/files/atomic-file.ts'
import type { Home } from '../../workspace/home.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { fetchPages, type PageSource } from '../engine/fetch-pages.ts'
import { writePage } from '../engine/write-page.ts'
import { transportTo, deviceOf, serverAddress, fromSyncFailure, type Network } from '../transport/network.ts'

export type JoinInput = {
  readonly serverUrl: string
  readonly email: string
  readonly password: string
  readonly clientId?: ClientId | undefined
}
export type Joined = { readonly clientId: ClientId; readonly userId: UserId }
export type Progress = { readonly kind: 'progress'; readonly done: number; readonly total: number }

export type JoinContext = {
  readonly home: Home
  readonly network: Network
  readonly newId: () => Id
  /** Opens a workspace at any path. */
  readonly open: (clientId: ClientId, path: string) => Workspace
}

/** A workspace under construction: its file is in a folder that no list shows. */
type Site = { readonly path: string; readonly deviceId: DeviceId; readonly isResumed: boolean }

/**
 * Brings a client onto this device: enrols, takes a snapshot into a hidden file, then moves its folder into place, so that
 * the workspace is complete or does not exist (S19). After an interruption the next join resumes with the data that has arrived.
 * @throws AppError WRONG_CREDENTIALS, CHOOSE_CLIENT, CONFLICT, UNREACHABLE, REFUSED_BY_SERVER, STORAGE
 */
export async function* joinServer(context: JoinContext, input: JoinInput): AsyncGenerator<Progress, Joined> {
  try {
    return yield* join(context, input)
  } catch (error) {
    throw fromSyncFailure(fromFile(error, context.home.joiningFolder))
  }
}

async function* join(context: JoinContext, input: JoinInput): AsyncGenerator<Progress, Joined> {
  const { home, network } = context
  const serverUrl = serverAddress(input.serverUrl)
  const server = transportTo(network, serverUrl)
  const folder = home.joiningFolder
  let site = prepareSite(context)
  const enrol = (deviceId: DeviceId) =>
    server.enrol({
      email: input.email,
      password: input.password,
      ...(input.clientId === undefined ? {} : { clientId: input.clientId }),
      device: deviceOf(network, deviceId),
    })
  const enrolled = await enrol(site.deviceId).catch((error: unknown) => {
    if (!isSyncError(error, 'DEVICE_TAKEN')) throw error
    // The interrupted join belongs to another person.
    rmSync(folder, { recursive: true, force: true })
    site = prepareSite(context)
    return enrol(site.deviceId)
  })
  const { clientId, token, epoch } = enrolled
  const userId = enrolled.user.id
  if (home.clientIds().includes(clientId)) {
    rmSync(folder, { recursive: true, force: true })
    throw new AppError('CONFLICT', sentence('server.client-here'), {
      field: 'clientId',
    })
  }
  let workspace = context.open(clientId, site.path)
  let failure: unknown
  try {
    const before = await workspace.run('engine.deviceState', userId, null)
    if (site.isResumed && (before.serverUrl !== serverUrl || before.userId !== userId || before.epoch !== epoch)) {
      await workspace.close()
      if (before.serverUrl !== null) {
        rmSync(folder, { recursive: true, force: true })
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        // The same device id: the server has just given it to this person.
        createWorkspaceFile(site.path, { deviceId: site.deviceId })
      }
      workspace = context.open(clientId, site.path)
    }
    await workspace.run('engine.connect', userId, { serverUrl, epoch })
    await workspace.run('engine.beginBulkLoad', userId, null)
    yield* takeSnapshot(workspace, userId, (cursor) => server.page(token, cursor))
    await workspace.run('engine.finishBulkLoad', userId, null)
  } catch (error) {
    failure = error
  } finally {
    await workspace.close()
  }
  if (isOtherHistory(failure)) {
    // The file holds no work of the person yet, and the server would refuse every later attempt with it.
    rmSync(folder, { recursive: true, force: true })
    if (site.isResumed) return yield* join(context, input)
  }
  if (failure !== undefined) throw failure
  await network.secrets.set(clientId, token)
  moveIntoPlace(folder, home.workspaceFolder(clientId))
  rmSync(joinPath(home.workspaceFolder(clientId), MARK + site.deviceId), { force: true })
  return { clientId, userId }
}

/** The server no longer has the history that an earlier attempt fetched from. */
function isOtherHistory(error: unknown): boolean {
  return isSyncError(error, 'EPOCH') || isSyncError(error, 'CURSOR') || isSyncError(error, 'SNAPSHOT_REQUIRED')
}

/** A join that another release started begins again, because migrations expect a complete schema. */
const MARK = `v${SCHEMA_VERSION}-device-`

/** Returns the file of an interrupted join, or a new one. */
function prepareSite({ home, newId }: JoinContext): Site {
  const folder = home.joiningFolder
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = joinPath(folder, 'workspace.db')
  const kept = readdirSync(folder).find((name) => name.startsWith(MARK))
  if (existsSync(path) && kept !== undefined) return { path, deviceId: kept.slice(MARK.length), isResumed: true }
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const deviceId = newId()
  createWorkspaceFile(path, { deviceId })
  // The mark's name has the device's id, so that it can be read before the file is opened. It is written last, so that the file is complete.
  closeSync(openSync(joinPath(folder, `${MARK}${deviceId}`), 'w', 0o600))
  return { path, deviceId, isResumed: false }
}

async function* takeSnapshot(workspace: Workspace, userId: UserId, fetch: PageSource['fetch']): AsyncGenerator<Progress> {
  const { cursor } = await workspace.run('engine.deviceState', userId, null)
  const source: PageSource = {
    fetch,
    write: (page, after) => writePage(workspace, userId, page, after),
    stalled: () =>
      new AppError('REFUSED_BY_SERVER', sentence('server.join-stalled'), {
        reason: 'INTERNAL',
      }),
  }
  for await (const { progress } of fetchPages(source, cursor)) if (progress !== null) yield { kind: 'progress', ...progress }
}
