import { NO_OPTIONAL_FIELDS } from '../../core/model/call.ts'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Api } from '../../core/contract/contract.ts'
import type { SignedIn } from '../../core/contract/session.ts'
import type { Id, UserId } from '../../core/id.ts'
import type { NewCall } from '../../core/model/call.ts'
import type { Role } from '../../core/roles.ts'
import { createApplication, type Application } from '../application.ts'
import { bundledWorkers } from './bundle.ts'
import type { LogLine } from '../../platform/log/log.ts'
import type { Network } from '../sync/transport/network.ts'

/** The lowest factor that bcrypt accepts, because tests sign in hundreds of times. */
const TEST_BCRYPT_COST = 4
export const TEST_PASSWORD = 'correct horse'

/** A whole application on its own home, with a clock that the test moves. */
export class TestApplication {
  readonly home: string
  readonly log: LogLine[] = []
  application: Application
  /** Added to the system's time. Moving it forward is like time that passes; moving it back is like a clock that is set back. */
  offset = 0
  /** Added to the machine's uptime. */
  #passed = 0

  readonly #network: Network | undefined

  /**
   * @param network the way to a server, made for the application's home; without it, the application does not sync.
   * @param home default: a new folder
   */
  constructor(network?: (home: string) => Network, home = mkdtempSync(join(tmpdir(), 'propaganda-test-'))) {
    this.home = home
    this.#network = network?.(this.home)
    this.application = this.#create()
  }

  /** Lets time pass, on the wall clock and on the uptime. */
  pass(ms: number): void {
    this.offset += ms
    this.#passed += ms
  }

  now(): number {
    return Date.now() + this.offset
  }

  /** Returns an api on its own connection. */
  connect(key: string): Api {
    return this.application.apiOf(this.application.openConnection(key))
  }

  /** Creates a client with an admin, signed in on the connection `key`. */
  async workspace(key: string, clientName: string, adminEmail: string): Promise<{ api: Api; session: SignedIn }> {
    const api = this.connect(key)
    const session = await api.workspace.create({
      clientName,
      timeZone: 'Europe/Berlin',
      adminName: 'Ada Admin',
      adminEmail,
      adminPassword: TEST_PASSWORD,
    })
    return { api, session }
  }

  /** Adds a user of `role` and signs them in on a connection named by their e-mail. */
  async member(admin: Api, role: Role, email: string): Promise<{ api: Api; id: Id }> {
    const { id } = await admin.users.create({ email, name: `The ${role} ${email}`, role, password: TEST_PASSWORD })
    const api = this.connect(email)
    await api.session.signIn({ email, password: TEST_PASSWORD })
    return { api, id }
  }

  /** Ends the application and starts another on the same home, as after a restart. */
  async restart(): Promise<void> {
    await this.application.close()
    this.application = this.#create()
  }

  async dispose(): Promise<void> {
    await this.application.close()
    rmSync(this.home, { recursive: true, force: true })
  }

  #create(): Application {
    return createApplication({
      home: this.home,
      clock: () => this.now(),
      uptime: () => performance.now() + this.#passed,
      random: (length) => randomBytes(length),
      device: { name: 'test', os: 'test', version: '0.0.0', address: '127.0.0.1' },
      workers: bundledWorkers(),
      log: (line) => this.log.push(line),
      bcryptCost: TEST_BCRYPT_COST,
      ...(this.#network === undefined ? {} : { network: this.#network }),
    })
  }
}

/** Returns the values of a completed, won call of `userId`. */
export function wonCall(userId: UserId, prospectName = 'Jo Smith'): NewCall {
  return {
    userId,
    prospectName,
    ...NO_OPTIONAL_FIELDS,
    prospectPhone: '+49 30 5551234',
    callType: 'outbound',
    status: 'completed',
    outcome: 'won',
    callDuration: 180,
    completedAt: Date.UTC(2026, 10, 2, 10),
  }
}

/** Returns the code of the error that the promise rejects with; `ok` if it resolves. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
    return 'ok'
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : `untyped: ${String(error)}`
  }
}
