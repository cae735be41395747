import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { must } from '../../core/assert.ts'
import type { DeviceId, Id, UserId } from '../../core/id.ts'
import { pushAnswerBodySchema, pushBodySchema } from '../../core/sync/protocol.ts'
import { encodePush } from '../../core/sync/push-batch.ts'
import type { WritableDb } from '../../db/open.ts'
import { openNew } from '../../db/testing/open-new.ts'
import { checkpoint } from '../../platform/sqlite/database.ts'
import { PageApplier } from '../../db/sync/apply-page.ts'
import { applyPushResponse } from '../../db/sync/apply-push.ts'
import { beginBulkLoad, finishBulkLoad } from '../../db/sync/bulk-load.ts'
import { connect, getDeviceState, markScrubPending } from '../../db/sync/device-state.ts'
import { countPending, nextOperations } from '../../db/sync/outbox.ts'
import { scrubFile } from '../../db/sync/scrub.ts'
import { scrubTextStep } from '../../db/text-index.ts'
import { writeTransaction } from '../../db/write-transaction.ts'
import { enrolDevice } from '../../sync-server/service/enrol.ts'
import { readPage } from '../../sync-server/service/page.ts'
import { pageFrom } from '../../sync-server/testing/page-from.ts'
import { publish } from '../../sync-server/service/publish.ts'
import { push } from '../../sync-server/service/push.ts'
import { openReadable as openServerFile } from '../../sync-server/store/sqlite/open.ts'
import { SqliteStore } from '../../sync-server/store/sqlite/sqlite-store.ts'
import {
  columnarTables,
  idsFrom,
  sampleWorkspace,
  seeded,
  type Person,
  type SampleWorkspace,
} from '../../sync-server/testing/sample-workspace.ts'

const ORIGIN = { ipAddress: null, userAgent: null }
const EPOCH = 'a'.repeat(16)
const START = Date.UTC(2026, 0, 5, 9)

/**
 * A server and devices with their real code on real files, in one thread and with simulated time: the same seed gives the same run. The
 * test carries the bytes, so that it can lose and delay them.
 */
export class Simulation {
  readonly random: () => number
  readonly newId: () => Id
  readonly workspace: SampleWorkspace
  readonly folder = mkdtempSync(join(tmpdir(), 'propaganda-simulation-'))
  readonly #devices: SimulatedDevice[] = []
  now = START
  #store: SqliteStore
  #backups = 0
  #tokens = 0

  constructor(seed: number) {
    this.random = seeded(seed)
    this.newId = idsFrom(this.random, () => this.now)
    this.#store = new SqliteStore(this.#serverPath, EPOCH)
    this.workspace = sampleWorkspace('Acme', this.newId)
  }

  get store(): SqliteStore {
    return this.#store
  }

  get #serverPath(): string {
    return join(this.folder, 'server.db')
  }

  /** Copies the server's file while the server is stopped, as an administrator does. Returns the name of the copy. */
  async backUp(): Promise<string> {
    const copy = join(this.folder, `server-backup-${++this.#backups}.db`)
    await this.#store.close()
    copyFileSync(this.#serverPath, copy)
    this.#store = new SqliteStore(this.#serverPath, EPOCH)
    return copy
  }

  /** Replaces the server's file by a copy and starts the server. */
  async restore(copy: string): Promise<void> {
    await this.#store.close()
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${this.#serverPath}${suffix}`, { force: true })
    copyFileSync(copy, this.#serverPath)
    this.#store = new SqliteStore(this.#serverPath, EPOCH)
  }

  get context() {
    const newToken = () => String(++this.#tokens).padStart(43, 'A')
    return { store: this.store, now: this.now, newId: this.newId, newToken }
  }

  below(limit: number): number {
    return Math.floor(this.random() * limit)
  }

  oneOf<T>(values: readonly T[]): T {
    return must(values[this.below(values.length)], 'There is something to choose from')
  }

  async begin(): Promise<void> {
    const { clientId, people } = this.workspace
    const about = { publicationId: this.newId(), clientId }
    const device = { id: this.newId(), name: 'publisher' }
    const secret = 's'.repeat(43)
    await publish(this.context, ORIGIN, { step: 'begin', ...about, userId: people.admin.id, device, deviceSeq: 0, secret })
    await publish(this.context, ORIGIN, { step: 'chunk', ...about, index: 0, rows: columnarTables(this.workspace) })
    const counts = { clients: 1, users: 5, loss_reasons: 3, client_settings: 2, calls: 0 }
    await publish(this.context, ORIGIN, { step: 'finish', ...about, chunks: 1, counts, secret })
  }

  /**
   * @param skew the error of the device's clock, ms.
   * @param joins whether the device receives its first snapshot in bulk, into a file that no one uses yet, like a join.
   */
  async device(person: Person, skew = 0, joins = false): Promise<SimulatedDevice> {
    const { clientId } = this.workspace
    const id = this.newId()
    const { response } = await enrolDevice(this.context, ORIGIN, { clientId, userId: person.id }, { id, name: 'x' }, undefined)
    const device = new SimulatedDevice(this, person, id, response.token, skew)
    this.#devices.push(device)
    if (joins) device.take(() => beginBulkLoad(device.db))
    await device.pull()
    if (joins) device.take(() => finishBulkLoad(device.db))
    return device
  }

  /** Returns the present rows of the server's file. */
  serverRows<T>(sql: string): T[] {
    const server = openServerFile(this.#serverPath)
    try {
      return server.prepare<[], T>(sql).all()
    } finally {
      server.close()
    }
  }

  /** Returns the calls that were deleted while this person had them. */
  deletedAs(personId: UserId): string[] {
    const server = openServerFile(this.#serverPath)
    try {
      const sql = `SELECT row_id FROM departures WHERE user_id = ? AND reason = 'deleted'`
      return server.prepare<[string], string>(sql).pluck().all(personId)
    } finally {
      server.close()
    }
  }

  async dispose(): Promise<void> {
    for (const device of this.#devices) device.db.close()
    await this.store.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** The result of a request: it is lost, its answer is lost, or both arrive. */
export type Line = 'request lost' | 'answer lost' | 'up'

export class SimulatedDevice {
  readonly person: Person
  readonly path: string
  readonly db: WritableDb
  readonly #simulation: Simulation
  readonly #token: string
  readonly #skew: number

  constructor(simulation: Simulation, person: Person, deviceId: DeviceId, token: string, skew: number) {
    this.person = person
    this.path = join(simulation.folder, `${deviceId}.db`)
    this.#simulation = simulation
    this.#token = token
    this.#skew = skew
    this.db = openNew(this.path, deviceId)
    this.take(() => connect(this.db, { serverUrl: 'http://server.test', userId: person.id, epoch: EPOCH }))
  }

  get now(): number {
    return this.#simulation.now + this.#skew
  }

  /** The token for the server. */
  get token(): string {
    return this.#token
  }

  /** Runs one transaction of the person. */
  write<T>(work: () => T): T {
    return this.#transaction(work, 'person')
  }

  /** Runs one transaction that applies the server's data. */
  take<T>(work: () => T): T {
    return this.#transaction(work, 'server')
  }

  #transaction<T>(work: () => T, by: 'person' | 'server'): T {
    const { workspace, newId } = this.#simulation
    this.#simulation.now += 1 + this.#simulation.below(2_000)
    const who = { clientId: workspace.clientId, userId: this.person.id, ipAddress: null, userAgent: null }
    return writeTransaction(
      this.db,
      { ...who, now: this.now, newTxId: newId(), ...(by === 'server' ? { source: 'server' as const } : {}) },
      work,
    )
  }

  rows<T>(sql: string, ...values: (string | number)[]): T[] {
    return this.db.sqlite.prepare<(string | number)[], T>(sql).all(...values)
  }

  get pending(): number {
    return countPending(this.db, this.person.id)
  }

  /** Sends one batch of at most `most` operations; a larger transaction is sent whole. */
  async push(line: Line = 'up', most = 10_000): Promise<void> {
    const operations = nextOperations(this.db, this.person.id, 0, 1_000_000, most)
    const [first, last] = [operations[0], operations.at(-1)]
    if (first === undefined || last === undefined || line === 'request lost') return
    const body = pushBodySchema.parse(JSON.parse(JSON.stringify(encodePush(operations))))
    const request = { sentAt: this.now, cursor: getDeviceState(this.db).cursor, ...body }
    const { response } = await push(this.#simulation.context, this.#token, ORIGIN, request)
    if (line === 'answer lost') return
    const { epoch, cursor, complete } = response
    const answer = { epoch, cursor, complete, ...pushAnswerBodySchema.parse(JSON.parse(JSON.stringify(response))) }
    this.take(() => applyPushResponse(this.db, this.person.id, first.deviceSeq, last.deviceSeq, answer))
  }

  /** @param pages the most pages; a page has at most `pageRows` rows. @returns whether everything was received. */
  async pull(pages = Number.POSITIVE_INFINITY, pageRows = 4_000): Promise<boolean> {
    for (let n = 0; n < pages; n++) {
      const { cursor } = getDeviceState(this.db)
      const limits = { pageBytes: 1_000_000, pageRows }
      const page = pageFrom(await readPage({ store: this.#simulation.store, token: this.#token, cursor, limits }))
      if (!page.complete && page.cursor === cursor) throw new Error('The feed makes no progress')
      const applier = new PageApplier(page, this.person.id)
      while (!this.take(() => applier.write(this.db)));
      if (page.complete) return true
    }
    return false
  }

  /** Finishes all work under way, including the scrub of rows that left the person's scope. */
  async settle(): Promise<void> {
    while (this.pending > 0) await this.push()
    await this.pull()
    if (getDeviceState(this.db).isScrubPending) {
      for (let isFirst = true; !scrubTextStep(this.db, isFirst); isFirst = false);
      if (!scrubFile(this.db)) throw new Error('Another connection blocks the scrub')
      this.take(() => markScrubPending(this.db, false))
    }
    checkpoint(this.db.sqlite)
  }

  /** Returns all bytes of the file and of the files that belong to it. */
  bytes(): Buffer {
    const files = ['', '-wal', '-shm'].map((suffix) => this.path + suffix)
    return Buffer.concat(files.filter((path) => existsSync(path)).map((path) => readFileSync(path)))
  }
}
