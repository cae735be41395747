import { Thread, type ThreadOptions } from '../threads/thread.ts'
import type { PasswordRequest } from './password-thread.ts'

/** bcrypt's work factor: 2^12 rounds, about a third of a second on an office laptop. */
const BCRYPT_COST = 12

/** Returns a hash that matches no known text. A comparison with it takes the same work as with a real hash of that cost. */
function decoyHash(cost: number): string {
  return `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`
}

/** Hashes and compares passwords in a thread of its own, so that nothing else waits for bcrypt. */
export class Passwords {
  readonly #thread: Thread
  readonly #cost: number
  /** Not hashed on first use, because that attempt would take twice as long and reveal an unknown address. */
  readonly #decoy: string

  constructor(options: Omit<ThreadOptions, 'data' | 'name'>, cost = BCRYPT_COST) {
    this.#thread = new Thread({ ...options, data: null, name: 'password' })
    this.#cost = cost
    this.#decoy = decoyHash(cost)
  }

  hash(password: string): Promise<string> {
    return this.#thread.request<string>({ do: 'hash', password, cost: this.#cost } satisfies PasswordRequest)
  }

  /**
   * Returns whether `password` fits `hash`.
   * @param hash null: there is none. The answer is false and takes the same time, so that it does not reveal whether an account exists.
   */
  async fits(password: string, hash: string | null): Promise<boolean> {
    const body: PasswordRequest = { do: 'compare', password, hash: hash ?? this.#decoy }
    return (await this.#thread.request<boolean>(body)) && hash !== null
  }

  close(): Promise<void> {
    return this.#thread.close()
  }
}
