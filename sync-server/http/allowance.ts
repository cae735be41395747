export type AllowanceOptions = {
  /** What may be spent at once after a long pause. */
  readonly burst: number
  /** What comes back in an hour. */
  readonly perHour: number
}

/** More than this many spenders at once is an attack, and those that spent longest ago are forgotten first. */
const MOST_KEYS = 20_000
const HOUR_MS = 60 * 60_000

/**
 * How much of something each may use in a time. It may be overdrawn once, because how much a request uses is known only
 * after it; the next request then waits until the balance is positive. In memory alone.
 */
export class Allowance {
  readonly #options: AllowanceOptions
  readonly #spent = new Map<string, { readonly spent: number; readonly at: number }>()

  constructor(options: AllowanceOptions) {
    this.#options = options
  }

  /** Milliseconds until `key` may spend again; 0: now. */
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
