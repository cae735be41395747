import { hash } from 'node:crypto'
import { SyncError } from '../../core/sync/errors.ts'
import type { EnrolRequest, EnrolResponse } from '../../core/sync/protocol.ts'
import { uniqueKey } from '../../core/unique-key.ts'
import type { Origin } from '../service/push.ts'
import type { Account } from '../store/store.ts'
import type { PasswordRequest } from '../threads/password-thread.ts'
import type { StoreRequest } from '../threads/store-thread.ts'
import type { Thread } from '../threads/thread.ts'
import { Throttle } from './throttle.ts'

/** bcrypt reads no further; a longer text would match every text with the same beginning. */
const MAX_PASSWORD_BYTES = 72

type Threads = { readonly reader: Thread; readonly writer: Thread; readonly passwords: Thread }

/** A person proves himself with e-mail and password, and his device gets a token. */
export class Enrolment {
  readonly #threads: Threads
  readonly #decoyCost: number
  readonly #throttle = new Throttle()
  #decoy: Promise<string> | undefined

  /** @param decoyCost bcrypt's work factor where there is no account to compare with; that of the real hashes. */
  constructor(threads: Threads, decoyCost: number) {
    this.#threads = threads
    this.#decoyCost = decoyCost
  }

  async enrol(request: EnrolRequest, origin: Origin, token: string | undefined): Promise<EnrolResponse> {
    const key = hash('sha256', uniqueKey(request.email), 'base64')
    const now = Date.now()
    const retryAt = this.#throttle.retryAt(key, now)
    if (retryAt !== null) {
      const retryAfter = Math.ceil((retryAt - now) / 1_000)
      throw new SyncError('THROTTLED', 'Too many wrong passwords; wait before the next try', { retryAfter })
    }
    this.#throttle.count(key, now)
    const found = await this.#ask<readonly Account[]>('reader', {
      do: 'accounts',
      email: request.email,
      clientId: request.clientId,
    })
    const fitting = await this.#fitting(found, request.password)
    if (fitting.length === 0) {
      await this.#ask('writer', { do: 'failed', origin, accounts: found })
      throw new SyncError('WRONG_CREDENTIALS', 'E-mail or password is wrong')
    }
    this.#throttle.clear(key)
    const active = fitting.filter(({ isActive }) => isActive)
    const [account, ...more] = active
    if (account === undefined) throw new SyncError('USER_DEACTIVATED', 'This account was deactivated; ask an admin')
    if (more.length > 0) {
      const clients = active.map(({ clientId, clientName }) => ({ id: clientId, name: clientName }))
      throw new SyncError('CHOOSE_CLIENT', 'This account exists in several clients; choose one', { clients })
    }
    return this.#ask<EnrolResponse>('writer', { do: 'enrol', origin, account, device: request.device, token })
  }

  #ask<T>(thread: 'reader' | 'writer', request: StoreRequest): Promise<T> {
    return this.#threads[thread].request<T>(request)
  }

  /** Always compares at least once, so that the time of the answer does not tell whether there is an account. */
  async #fitting(accounts: readonly Account[], password: string): Promise<readonly Account[]> {
    const fitting: Account[] = []
    const compare = (against: string) =>
      this.#threads.passwords.request<boolean>({ do: 'compare', password, hash: against } satisfies PasswordRequest)
    const withPassword = accounts.filter(({ passwordHash }) => passwordHash !== null)
    if (withPassword.length === 0) {
      this.#decoy ??= this.#threads.passwords.request<string>({ do: 'decoy', cost: this.#decoyCost } satisfies PasswordRequest)
      await compare(await this.#decoy)
    }
    for (const account of withPassword) {
      const fits = account.passwordHash !== null && (await compare(account.passwordHash))
      if (fits && Buffer.byteLength(password) <= MAX_PASSWORD_BYTES) fitting.push(account)
    }
    return fitting
  }
}
