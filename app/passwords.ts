import { Thread } from './threads.ts'
import type { PasswordRequest } from './workers/passwords.ts'

/** bcrypt's work factor: 2^12 rounds, about a third of a second on an office laptop. */
export const BCRYPT_COST = 12

/** bcrypt reads no further; a longer text would match every text with the same beginning. */
const MAX_BYTES = 72

/** Hashes and compares passwords in a thread of its own, so that neither the window nor the database waits for bcrypt. */
export class Passwords {
  readonly #thread: Thread
  readonly #cost: number
  /** Matches no password. It is not hashed on first use, because that attempt would take twice as long and reveal an unknown address. */
  readonly #decoy: string

  constructor(entry: URL, cost = BCRYPT_COST) {
    this.#thread = new Thread({ entry, data: null, name: 'password' })
    this.#cost = cost
    this.#decoy = `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`
  }

  hash(password: string): Promise<string> {
    return this.#thread.request<string>({ do: 'hash', password, cost: this.#cost } satisfies PasswordRequest)
  }

  /**
   * Whether `password` fits `hash`. With no hash to compare it takes as long and answers false, so that the time of the answer
   * does not tell whether an account exists.
   */
  async fits(password: string, hash: string | null): Promise<boolean> {
    const body: PasswordRequest = { do: 'compare', password, hash: hash ?? this.#decoy }
    const equal = await this.#thread.request<boolean>(body)
    return equal && hash !== null && Buffer.byteLength(password) <= MAX_BYTES
  }

  close(): Promise<void> {
    return this.#thread.close()
  }
}
