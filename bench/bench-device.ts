import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Api } from '../core/contract/contract.ts'
import type { SignedIn } from '../core/contract/session.ts'
import { createApplication, type Application } from '../app/application.ts'
import type { WorkerEntries } from '../app/default-workers.ts'
import { processNetwork } from '../app/sync/transport/process-network.ts'
import { openWritable } from '../db/open.ts'
import { electronBuild } from '../scripts/building/builds.ts'
import { TREE } from '../scripts/tree.ts'
import { insertBare, type BareRow } from './bare-inserts.ts'
import { PUBLISH_KEY } from './bench-server.ts'

const PASSWORD = 'bench bench'
/** Calls in a transaction, as an import writes them. */
export const BATCH = 500

/** The threads of the product, from `electronBuild`. */
const built = (name: string) => pathToFileURL(join(TREE, electronBuild.output, 'workers', `${name}.cjs`))
const builtWorkers: WorkerEntries = {
  database: built('database'),
  passwords: built('passwords'),
  imports: built('imports'),
  exports: built('exports'),
  reports: built('reports'),
}

/** A complete application, as in the shells. One that runs continuously syncs automatically; the other only on request. */
export class BenchDevice {
  readonly home: string
  readonly #application: Application
  readonly api: Api
  session: SignedIn | undefined
  /** Bytes on the wire in both directions, without HTTP headers. */
  bytes = 0
  isOnline = true
  /** The time at which the first page of a snapshot was requested: after the sign-in, whose bcrypt is slow on purpose. */
  snapshotAt = Number.NaN

  constructor(folder: string, runsContinuously = false) {
    this.home = mkdtempSync(join(folder, 'device-'))
    const count = async (url: string, init: RequestInit) => {
      if (url.endsWith('/v1/snapshot')) this.snapshotAt = performance.now()
      if (!this.isOnline) throw new TypeError('Offline')
      if (init.body instanceof Uint8Array) this.bytes += init.body.length
      const response = await fetch(url, init)
      this.bytes += Number(response.headers.get('content-length') ?? 0)
      return response
    }
    const network = processNetwork({ home: this.home, deviceName: 'bench', userAgent: 'bench', runsContinuously, fetch: count })
    this.#application = createApplication({
      home: this.home,
      clock: Date.now,
      random: (length) => randomBytes(length),
      device: { name: 'bench', os: process.platform, version: '0', address: '127.0.0.1' },
      workers: builtWorkers,
      log: () => {},
      bcryptCost: 4,
      network,
    })
    this.api = this.#application.apiOf(this.#application.openConnection('bench'))
  }

  async found(url: string): Promise<void> {
    const names = { clientName: 'Bench', timeZone: 'Europe/Berlin', adminName: 'Bench', adminEmail: 'bench@bench.test' }
    this.session = await this.api.workspace.create({ ...names, adminPassword: PASSWORD })
    for await (const _ of await this.api.sync.publish({ serverUrl: url, key: PUBLISH_KEY }));
  }

  async join(url: string): Promise<void> {
    for await (const event of await this.api.sync.join({
      serverUrl: url,
      email: 'bench@bench.test',
      password: PASSWORD,
    }))
      if (event.kind === 'ready') this.session = event.session
  }

  get actor() {
    return { clientId: this.session?.client.id ?? '', userId: this.session?.user.id ?? '' }
  }

  /** Logs calls as an import does, audited and into the outbox. */
  log(rows: readonly BareRow[]): void {
    const db = openWritable(join(this.home, 'workspaces', this.actor.clientId, 'workspace.db'))
    insertBare(db, rows, BATCH, this.actor)
    db.close()
  }

  async bytesOf(work: () => Promise<unknown>): Promise<number> {
    const before = this.bytes
    await work()
    return this.bytes - before
  }

  close(): Promise<void> {
    return this.#application.close()
  }
}
