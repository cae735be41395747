import { hash } from 'node:crypto'
import { BCRYPT_COST, passwordHashSchema } from '../../core/model/common.ts'
import { SyncError } from '../../core/sync/errors.ts'
import type { EnrolRequest, EnrolResponse } from '../../core/sync/protocol.ts'
import { uniqueKey } from '../../core/text/unique-key.ts'
import type { RequestOrigin } from '../service/push.ts'
import type { Account } from '../store/store.ts'
import type { StoreRequest } from '../threads/store-thread.ts'
import type { Passwords } from '../../platform/passwords/passwords.ts'
import type { Thread } from '../../platform/threads/thread.ts'
import { Allowance } from './allowance.ts'
import { FairQueue } from './fair-queue.ts'
import { throttled } from './throttled.ts'
import { Throttle } from './throttle.ts'

/** The most work per sign-in, in rounds of bcrypt: sixteen accounts with one e-mail address at cost 12, or four at the highest cost. */
const MAX_ROUNDS = 2 ** (BCRYPT_COST.max + 2)
/** The most sign-ins that wait for the password thread. */
const MOST_WAITING = 200
const MOST_WAITING_OF_ADDRESS = 40

/** The methods of a thread that a sign-in uses. */
type Requests = Pick<Thread, 'request'>
type Threads = { readonly reader: Requests; readonly writer: Requests; readonly passwords: Pick<Passwords, 'fits'> }

export type EnrolmentOptions = {
  /** Refusals are sent at whole multiples of this time, so that response times do not reveal accounts, ms. */
  readonly refusalStepMs: number
  /** The most failed sign-ins per network address and hour, for all accounts together. */
  readonly failuresPerHour: number
  /** Milliseconds of a monotonic clock. Default: the process's. */
  readonly now?: () => number
  readonly sleep?: (ms: number) => Promise<void>
}

/** Exchanges e-mail and password for a device token. */
export class Enrolment {
  readonly #threads: Threads
  readonly #options: EnrolmentOptions
  readonly #now: () => number
  readonly #sleep: (ms: number) => Promise<void>
  readonly #throttle = new Throttle()
  readonly #failures: Allowance
  /** By network address, so that many wrong attempts delay only their own address. */
  readonly #queue = new FairQueue({ long: 1 })
  readonly #waiting = new Map<string, number>()
  #allWaiting = 0

  constructor(threads: Threads, options: EnrolmentOptions) {
    this.#threads = threads
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
    this.#sleep = options.sleep ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)))
    this.#failures = new Allowance({ burst: options.failuresPerHour, perHour: options.failuresPerHour })
  }

  async enrol(request: EnrolRequest, origin: RequestOrigin, token: string | undefined): Promise<EnrolResponse> {
    const begin = this.#now()
    const address = origin.ipAddress ?? ''
    // The key and every step up to the refusal are the same whether or not there is an account.
    const key = hash('sha256', uniqueKey(request.email), 'base64')
    const retryAt = this.#throttle.retryAt(key, begin)
    const wait = Math.max(retryAt === null ? 0 : retryAt - begin, this.#failures.waitMs(address, begin))
    if (wait > 0) throw throttled(wait, 'Too many wrong passwords; wait before you try again')
    this.#throttle.count(key, begin)
    const found = await this.#request<readonly Account[]>('reader', {
      do: 'accounts',
      email: request.email,
      clientId: request.clientId,
    })
    const matching = await this.#inTurn(address, () => this.#matching(found, request.password))
    if (matching.length === 0) {
      this.#failures.spend(address, 1, this.#now())
      await this.#request('writer', { do: 'failed', origin, accounts: found })
      const step = this.#options.refusalStepMs
      if (step > 0) await this.#sleep(step - ((this.#now() - begin) % step))
      throw new SyncError('WRONG_CREDENTIALS', 'E-mail or password is wrong')
    }
    // Earlier failed attempts may have been guesses at another client's account with the same address.
    if (matching.length === found.length) this.#throttle.clear(key)
    else this.#throttle.uncount(key)
    const active = matching.filter(({ isActive }) => isActive)
    const [account, ...more] = active
    if (account === undefined) throw new SyncError('USER_DEACTIVATED', 'This account is deactivated. Ask an admin')
    if (more.length > 0) {
      const clients = active.map(({ clientId, clientName }) => ({ id: clientId, name: clientName }))
      throw new SyncError('CHOOSE_CLIENT', 'This e-mail address has accounts in several clients; choose one', { clients })
    }
    return this.#request<EnrolResponse>('writer', { do: 'enrol', origin, account, device: request.device, token })
  }

  #request<T>(thread: 'reader' | 'writer', request: StoreRequest): Promise<T> {
    return this.#threads[thread].request<T>(request)
  }

  async #inTurn<T>(address: string, work: () => Promise<T>): Promise<T> {
    const ofAddress = this.#waiting.get(address) ?? 0
    if (this.#allWaiting >= MOST_WAITING || ofAddress >= MOST_WAITING_OF_ADDRESS)
      throw new SyncError('UNAVAILABLE', 'Too many people are signing in; try again')
    this.#allWaiting++
    this.#waiting.set(address, ofAddress + 1)
    try {
      return await this.#queue.run(address, 'long', work)
    } finally {
      this.#allWaiting--
      const left = (this.#waiting.get(address) ?? 1) - 1
      if (left > 0) this.#waiting.set(address, left)
      else this.#waiting.delete(address)
    }
  }

  /** Returns the accounts whose password matches. Compares at least once, so that a refusal takes the same work without an account. */
  async #matching(accounts: readonly Account[], password: string): Promise<readonly Account[]> {
    const matching: Account[] = []
    const comparable = accounts
      .flatMap((account) => {
        const { passwordHash } = account
        return passwordHash !== null && passwordHashSchema.safeParse(passwordHash).success ? [{ account, passwordHash }] : []
      })
      .toSorted((a, b) => roundsOf(a.passwordHash) - roundsOf(b.passwordHash))
    if (comparable.length === 0) await this.#threads.passwords.fits(password, null)
    let rounds = 0
    for (const { account, passwordHash } of comparable) {
      rounds += roundsOf(passwordHash)
      if (rounds > MAX_ROUNDS) break
      if (await this.#threads.passwords.fits(password, passwordHash)) matching.push(account)
    }
    return matching
  }
}

function roundsOf(passwordHash: string): number {
  return 2 ** Number(passwordHash.slice(4, 6))
}
