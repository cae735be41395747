export type AllowanceOptions = {
  /** The most that can be spent at once after a long pause. */
  readonly burst: number
  /** The amount that is added in an hour. */
  readonly perHour: number
}

/** The most keys in memory. Beyond it, which only an attack reaches, the keys that spent longest ago are removed. */
const MOST_KEYS = 20_000
const HOUR_MS = 60 * 60_000

/**
 * Limits how much each key may use in a time. A request may overdraw the balance, because its cost is known only afterwards; the next
 * request then waits until the balance is positive. The balances are only in memory.
 */
export class Allowance {
  readonly #options: AllowanceOptions
  readonly #spent = new Map<string, { readonly spent: number; readonly at: number }>()

  constructor(options: AllowanceOptions) {
    this.#options = options
  }

  /** Returns the milliseconds until `key` may spend again; 0: at once. */
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
    // The clock was ahead and is right again: from now on something comes back.
    if (entry.at > now) this.#spent.set(key, { ...entry, at: now })
    return Math.max(0, entry.spent - (Math.max(0, now - entry.at) / HOUR_MS) * this.#options.perHour)
  }
}
