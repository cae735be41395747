import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Id } from '../../core/id.ts'
import type { Columnar } from '../../core/sync/columnar.ts'
import { publishResponseSchema, type PublishRequest, type PublishResponse } from '../../core/sync/protocol.ts'
import type { HttpLimits } from '../http/http.ts'
import { startSyncServer, type SyncServer, type SyncServerOptions } from '../server.ts'
import { columnarTables, idsFrom, sampleWorkspace, seeded, type SampleWorkspace } from './sample-workspace.ts'
import { TestDevice } from './test-device.ts'

export const PUBLISH_KEY = 'a publish key of the tests'

/** A server with its own port, a new directory, a log, and published workspaces. */
export class TestServer {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'propaganda-sync-'))
  readonly newId: () => Id
  readonly logged: string[] = []
  #server: SyncServer | undefined

  constructor(seed = 1) {
    this.newId = idsFrom(seeded(seed))
  }

  async start(
    limits: Partial<HttpLimits> = { requestsPerMinute: 1_000_000, enrolmentsPerMinute: 1_000_000 },
    others: Partial<SyncServerOptions> = {},
  ): Promise<void> {
    const log = pino({ level: 'info' }, { write: (line: string) => void this.logged.push(line) })
    const options = { dataDir: this.dataDir, host: '127.0.0.1', port: 0, publishKey: PUBLISH_KEY, proxies: 0, decoyCost: 4 }
    const unhurried = { refusalStepMs: 0, failuresPerHour: 1_000_000 }
    this.#server = await startSyncServer({ ...options, ...unhurried, log, limits, ...others })
  }

  get url(): string {
    return this.#server?.url ?? ''
  }

  async stop(): Promise<void> {
    await this.#server?.close()
    this.#server = undefined
  }

  async dispose(): Promise<void> {
    await this.stop()
    rmSync(this.dataDir, { recursive: true, force: true })
  }

  device(clock?: () => number): TestDevice {
    return new TestDevice({ url: this.url, newId: this.newId, ...(clock === undefined ? {} : { clock }) })
  }

  /** Returns a device on which the person signed in and that has everything in scope. */
  async joined(email: string, clock?: () => number): Promise<TestDevice> {
    const device = this.device(clock)
    await device.enrol(email)
    await device.pull()
    return device
  }

  /** Publishes a client with a person of every role. */
  async workspace(name: string, change: (workspace: SampleWorkspace) => void = () => {}): Promise<SampleWorkspace> {
    const workspace = sampleWorkspace(name, this.newId)
    change(workspace)
    await publishAll(this.device(), workspace)
    return workspace
  }
}

export function newPublicationSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** @param headers replace those of the device. */
export async function publishStep(
  device: TestDevice,
  request: PublishRequest,
  headers: Readonly<Record<string, string>> = {},
): Promise<PublishResponse> {
  const answer = await device.post('/v1/publish', request, { authorization: `Bearer ${PUBLISH_KEY}`, ...headers })
  return publishResponseSchema.parse(answer)
}

/** Publishes the workspace in one chunk. The device then has the admin's token. */
export async function publishAll(device: TestDevice, workspace: SampleWorkspace, audit: readonly Columnar[] = []): Promise<void> {
  const { clientId, people, rows } = workspace
  const publicationId = device.newId()
  const about = { publicationId, clientId }
  const secret = newPublicationSecret()
  await publishStep(device, {
    step: 'begin',
    ...about,
    userId: people.admin.id,
    device: { id: device.id, name: 'Publisher' },
    deviceSeq: 0,
    secret,
  })
  await publishStep(device, { step: 'chunk', ...about, index: 0, rows: [...columnarTables(workspace), ...audit] })
  const counts = Object.fromEntries(Object.entries(rows).map(([table, list]) => [table, list.length]))
  const lines = audit.reduce((sum, page) => sum + (page.data[0]?.length ?? 0), 0)
  const finished = await publishStep(device, {
    step: 'finish',
    ...about,
    chunks: 1,
    counts: { ...counts, audit_logs: lines },
    secret,
  })
  if (finished.step !== 'finish') throw new Error('The last step answers as such')
  device.token = finished.token
  device.cursor = finished.cursor
  device.userId = people.admin.id
}
