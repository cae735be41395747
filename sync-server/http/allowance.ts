export type AllowanceOptions = {
  /** The most that can be spent at once after a long pause. */
  readonly burst: number
  /** The amount that is refilled per hour. */
  readonly perHour: number
}

/** The most keys in memory. Only an attack reaches this number; then the key that spent longest ago is removed. */
const MOST_KEYS = 20_000
const HOUR_MS = 60 * 60_000

/**
 * Limits how much each key may spend per hour. A request may overdraw the balance, because its cost is known only afterwards; the next
 * request then waits until the balance is positive. Balances are not stored on disk.
 */
export class Allowance {
  readonly #options: AllowanceOptions
  readonly #spent = new Map<string, { readonly spent: number; readonly at: number }>()

  constructor(options: AllowanceOptions) {
    this.#options = options
  }

  /** Returns the milliseconds until `key` may spend again; 0: immediately. */
  waitMs(key: string, now: number): number {
    const over = this.#spentBy(key, now) - this.#options.burst
    return over < 0 ? 0 : Math.ceil(((over + 1) / this.#options.perHour) * HOUR_MS)
  }

  spend(key: string, amount: number, now: number): void {
    if (amount === 0) return
    const spent = this.#spentBy(key, now) + amount
    this.#spent.delete(key)
    this.#spent.set(key, { spent, at: now })
    if (this.#spent.size <= MOST_KEYS) return
    const [oldest] = this.#spent.keys()
    if (oldest !== undefined) this.#spent.delete(oldest)
  }

  #spentBy(key: string, now: number): number {
    const entry = this.#spent.get(key)
    if (entry === undefined) return 0
    // The clock was set back. Count from now; otherwise nothing would be refilled until the old time.
    if (entry.at > now) this.#spent.set(key, { ...entry, at: now })
    return Math.max(0, entry.spent - (Math.max(0, now - entry.at) / HOUR_MS) * this.#options.perHour)
  }
}
