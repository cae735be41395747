import type { ClientId } from '../../../core/id.ts'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Api } from '../../../core/contract/contract.ts'
import type { SignedIn } from '../../../core/contract/session.ts'
import type { SyncStatus } from '../../../core/contract/sync.ts'
import { openReadable } from '../../../db/open.ts'
import { createApplication, type Application } from '../../application.ts'
import { bundledWorkers } from '../../testing/bundle.ts'
import type { LogLine } from '../../../platform/log/log.ts'
import { TEST_PASSWORD } from '../../testing/test-application.ts'
import type { Network } from '../transport/network.ts'
import { processNetwork } from '../transport/process-network.ts'
import { PUBLISH_KEY } from './server-process.ts'

/** A whole application on its own home. The test disconnects its network and moves its clock. */
export class Device {
  readonly home: string
  readonly log: LogLine[] = []
  readonly #runsContinuously: boolean
  readonly #speed: number
  application: Application
  api: Api
  isOnline = true
  /** The network is disconnected after this many requests. */
  requestsLeft = Number.POSITIVE_INFINITY
  /** Added to the system's time, ms. */
  offset = 0
  /** All sent and received bodies, before compression. */
  readonly traffic: string[] = []

  /** @param options `speed`: how many times faster the timers of polls, retries and heartbeats run. */
  constructor(options: { readonly runsContinuously?: boolean; readonly home?: string; readonly speed?: number } = {}) {
    this.#runsContinuously = options.runsContinuously ?? true
    this.#speed = options.speed ?? 1
    this.home = options.home ?? mkdtempSync(join(tmpdir(), 'propaganda-device-'))
    this.application = this.#create()
    this.api = this.#connect()
  }

  #connect(): Api {
    return this.application.apiOf(this.application.openConnection('window'))
  }

  #create(): Application {
    const network = this.#network()
    const timers = { ...network.timers, set: (ms: number, run: () => void) => network.timers.set(ms / this.#speed, run) }
    return createApplication({
      home: this.home,
      clock: () => Date.now() + this.offset,
      random: (length) => randomBytes(length),
      device: { name: 'test', os: 'test', version: '0.0.0', address: '127.0.0.1' },
      workers: bundledWorkers(),
      log: (line) => this.log.push(line),
      bcryptCost: 4,
      network: { ...network, timers },
    })
  }

  #network(): Network {
    return processNetwork({
      home: this.home,
      deviceName: 'test',
      userAgent: 'test',
      runsContinuously: this.#runsContinuously,
      fetch: async (url, init) => {
        if (!this.isOnline || this.requestsLeft <= 0) throw new TypeError('The network is disconnected')
        if (!url.endsWith('/events')) this.requestsLeft--
        const response = await fetch(url, init)
        if (response.headers.get('content-type')?.startsWith('application/json') === true)
          void response
            .clone()
            .text()
            .then(
              (text) => this.traffic.push(text),
              () => {},
            )
        return response
      },
    })
  }

  async create(clientName: string, adminEmail: string): Promise<SignedIn> {
    return this.api.workspace.create({
      clientName,
      timeZone: 'Europe/Berlin',
      adminName: 'Ada Admin',
      adminEmail,
      adminPassword: TEST_PASSWORD,
    })
  }

  async publish(serverUrl: string): Promise<void> {
    for await (const _ of await this.api.sync.publish({ serverUrl, key: PUBLISH_KEY }));
  }

  async join(serverUrl: string, email: string, password = TEST_PASSWORD): Promise<SignedIn> {
    for await (const event of await this.api.sync.join({ serverUrl, email, password }))
      if (event.kind === 'ready') return event.session
    throw new Error('A join ends with a session')
  }

  async until(what: string, test: (status: SyncStatus) => boolean | Promise<boolean>, ms = 15_000): Promise<SyncStatus> {
    const end = Date.now() + ms
    for (;;) {
      const status = await this.api.sync.status()
      if (await test(status)) return status
      if (Date.now() > end) throw new Error(`${what}: ${JSON.stringify(status)} ${JSON.stringify(this.log.slice(-5))}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  synced(): Promise<SyncStatus> {
    return this.api.sync.now()
  }

  /** Reads the file while the application has it open. */
  query<Row>(clientId: ClientId, text: string, ...values: (string | number)[]): Row[] {
    const db = openReadable(join(this.home, 'workspaces', clientId, 'workspace.db'))
    try {
      return db.sqlite.prepare<(string | number)[], Row>(text).all(...values)
    } finally {
      db.close()
    }
  }

  /** All bytes of all files of the home. */
  bytes(): Buffer {
    const files = readdirSync(this.home, { recursive: true }).map((name) => join(this.home, String(name)))
    return Buffer.concat(files.filter((path) => statSync(path).isFile()).map((path) => readFileSync(path)))
  }

  async restart(): Promise<void> {
    await this.application.close()
    this.application = this.#create()
    this.api = this.#connect()
  }

  async dispose(): Promise<void> {
    await this.application.close()
    rmSync(this.home, { recursive: true, force: true })
  }
}
