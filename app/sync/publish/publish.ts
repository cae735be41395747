import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError, isAppError } from '../../../core/errors.ts'
import { sentence } from '../../../core/messages/sentence.ts'
import { idSchema, userIdSchema, type Id, type ClientId, type UserId, type RandomBytes } from '../../../core/id.ts'
import { parsedJson } from '../../../core/parsed-json.ts'
import type { PublishRequest, PublishResponse } from '../../../core/sync/protocol.ts'
import { fromFile } from '../../../db/errors.ts'
import { writeAtomicFile } from '../../../platform/files/atomic-file.ts'
import type { Home } from '../../workspace/home.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import type { Progress } from '../join/join.ts'
import { transportTo, deviceOf, serverAddress, fromSyncFailure, type Network } from '../transport/network.ts'

export type PublishContext = {
  readonly home: Home
  readonly network: Network
  readonly newId: () => Id
  readonly random: RandomBytes
  readonly open: (clientId: ClientId, path: string) => Workspace
}

/** The progress of a publication; in a file next to the frozen copy, so that a crash loses nothing. */
const progressSchema = z.object({
  /** The rule that cuts the frozen copy into chunks. A publication that another release started with another rule starts again. */
  cut: z.literal('by bytes'),
  publicationId: idSchema,
  /** Proves to the server that the same device begins and finishes the publication. */
  secret: z.string(),
  serverUrl: z.string(),
  userId: userIdSchema,
  /** The version of each chunk's first row, in the order of the chunks. */
  firstVersions: z.array(z.int()),
})
type PublishProgress = z.infer<typeof progressSchema>

/**
 * Publishes a workspace on a server: copies its rows into a frozen file, sends that chunk by chunk while people keep working, and connects
 * the workspace to the server in one transaction. After an interruption the next call resumes with the same frozen file.
 * @throws AppError FORBIDDEN, CONFLICT, UNREACHABLE, REFUSED_BY_SERVER, STORAGE
 */
export async function* publishWorkspace(
  context: PublishContext,
  workspace: Workspace,
  userId: UserId,
  input: { readonly serverUrl: string; readonly key: string },
): AsyncGenerator<Progress> {
  try {
    yield* publish(context, workspace, userId, input)
  } catch (error) {
    throw fromSyncFailure(fromFile(error, workspace.path))
  }
}

async function* publish(
  { home, network, newId, random, open }: PublishContext,
  workspace: Workspace,
  userId: UserId,
  input: { readonly serverUrl: string; readonly key: string },
): AsyncGenerator<Progress> {
  const serverUrl = serverAddress(input.serverUrl)
  await workspace.run('sync.requirePublisher', userId, null)
  const { clientId } = workspace
  const { deviceId } = await workspace.run('engine.deviceState', userId, null)
  const folder = publishingFolder(home, clientId)
  const frozenPath = join(folder, 'frozen.db')
  const fresh = { serverUrl, userId, publicationId: newId(), secret: Buffer.from(random(32)).toString('base64url') }
  const progress = await resume(folder, frozenPath, fresh, workspace)
  const server = transportTo(network, serverUrl)
  const { secret } = progress
  const about = { publicationId: progress.publicationId, clientId }
  const send = async (body: Uint8Array): Promise<PublishResponse> => {
    try {
      return await server.publish(input.key, body)
    } catch (error) {
      throw fromSyncFailure(error)
    }
  }
  const ask = (request: PublishRequest) => send(Buffer.from(JSON.stringify(request)))
  const frozen = open(clientId, frozenPath)
  try {
    const plan = await frozen.run('publication.plan', userId, null)
    const total = plan.chunks.length
    // After the last chunk the server may have published the client, and refuses a `begin`.
    if (progress.firstVersions.length < total) {
      const device = deviceOf(network, deviceId)
      const begun = await ask({ step: 'begin', ...about, userId, device, deviceSeq: plan.deviceSeq, secret })
      if (begun.step === 'begin') progress.firstVersions.splice(begun.nextChunk)
    }
    for (let index = progress.firstVersions.length; index < total; index++) {
      const place = plan.chunks[index]
      if (place === undefined) break
      const answer = await send(await frozen.run('publication.chunk', userId, { ...about, index, place }))
      if (answer.step !== 'chunk') throw unexpected()
      progress.firstVersions.push(answer.firstVersion)
      save(folder, progress)
      yield { kind: 'progress', done: index + 1, total }
    }
    const finished = await ask({ step: 'finish', ...about, chunks: total, counts: { ...plan.counts }, secret })
    if (finished.step !== 'finish') throw unexpected()
    await network.secrets.set(clientId, finished.token)
    const published = plan.chunks.map((place, index) => ({ place, firstVersion: progress.firstVersions[index] ?? 0 }))
    const { epoch, cursor } = finished
    await workspace.run('publication.done', userId, {
      frozenPath,
      published,
      deviceSeq: plan.deviceSeq,
      serverUrl,
      epoch,
      cursor,
    })
  } catch (error) {
    // The server has forgotten this publication, or has the client from elsewhere: the next attempt starts again.
    if (isAppError(error, 'REFUSED_BY_SERVER') && isForgotten(error.data)) rmSync(folder, { recursive: true, force: true })
    throw error
  } finally {
    await frozen.close()
  }
  rmSync(folder, { recursive: true, force: true })
}

function publishingFolder(home: Home, clientId: ClientId): string {
  return join(home.workspaceFolder(clientId), 'publishing')
}

/**
 * Removes the frozen copy that a stopped process left after the publication was complete. The copy holds the whole workspace, and its
 * person may have lost access to parts of it. Best effort: another process may still have it open.
 */
export function removePublishedCopy(home: Home, clientId: ClientId): void {
  try {
    rmSync(publishingFolder(home, clientId), { recursive: true, force: true })
  } catch {
    // The next start tries again.
  }
}

function isForgotten(data: unknown): boolean {
  const reason = typeof data === 'object' && data !== null && 'reason' in data ? data.reason : null
  return reason === 'PUBLICATION' || reason === 'ALREADY_PUBLISHED' || reason === 'INVALID_ROW'
}

function unexpected(): AppError<'REFUSED_BY_SERVER'> {
  return new AppError('REFUSED_BY_SERVER', sentence('server.unexpected'), {
    reason: 'INTERNAL',
  })
}

async function resume(
  folder: string,
  frozenPath: string,
  fresh: Omit<PublishProgress, 'firstVersions' | 'cut'>,
  workspace: Workspace,
): Promise<PublishProgress> {
  const path = progressPath(folder)
  if (existsSync(path)) {
    // An invalid file, for example of another release, starts the publication again.
    const kept = progressSchema.safeParse(parsedJson(readFileSync(path, 'utf8')))
    if (kept.success && kept.data.serverUrl === fresh.serverUrl && kept.data.userId === fresh.userId) return kept.data
  }
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  await workspace.run('publication.freeze', fresh.userId, { path: frozenPath })
  const progress: PublishProgress = { ...fresh, cut: 'by bytes', firstVersions: [] }
  // Written after the file that it is about: a crash between the two leaves a file that no publication resumes.
  save(folder, progress)
  return progress
}

function progressPath(folder: string): string {
  return join(folder, 'progress.json')
}

function save(folder: string, progress: PublishProgress): void {
  writeAtomicFile(progressPath(folder), JSON.stringify(progress))
}
