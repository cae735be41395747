/** Wrong tries in a row that cost nothing: people mistype. */
const FREE_FAILURES = 3
const LOCK_AFTER = 10
const LOCK_MS = 15 * 60_000
const FIRST_DELAY_MS = 1_000
const FORGET_AFTER_MS = 24 * 60 * 60_000
/** More than this many keys at once is an attack, and the oldest are forgotten first. */
const MOST_KEYS = 50_000

type Failures = { readonly count: number; readonly at: number }

/**
 * Slows down guessing: the wait doubles with every wrong try from the fourth on, and from the tenth it is 15
 * minutes. Keys are counted whether or not there is anything behind them, so that the wait tells nothing. It is kept in
 * memory alone: keys may be made of addresses, which are to be on no disk.
 */
export class Throttle {
  readonly #failures = new Map<string, Failures>()

  /** When the next try is heard, ms; null: now. */
  retryAt(key: string, now: number): number | null {
    const failures = this.#failures.get(key)
    if (failures === undefined || now - failures.at > FORGET_AFTER_MS || failures.count <= FREE_FAILURES) return null
    const delay = failures.count >= LOCK_AFTER ? LOCK_MS : FIRST_DELAY_MS * 2 ** (failures.count - FREE_FAILURES - 1)
    // The clock was ahead at the last try and is right again: the wait starts now. It would last until that time otherwise.
    if (failures.at > now) this.#failures.set(key, { ...failures, at: now })
    const at = Math.min(failures.at, now)
    return at + delay > now ? at + delay : null
  }

  /** Counted before the outcome is known, so that tries sent at once do not slip past; `clear` takes it back. */
  count(key: string, now: number): void {
    const before = this.#failures.get(key)
    const recent = before !== undefined && now - before.at <= FORGET_AFTER_MS ? before.count : 0
    this.#failures.delete(key)
    this.#failures.set(key, { count: recent + 1, at: now })
    if (this.#failures.size <= MOST_KEYS) return
    const [oldest] = this.#failures.keys()
    if (oldest !== undefined) this.#failures.delete(oldest)
  }

  /** Takes back one attempt with a right password. Earlier attempts still count, because they may have been guesses at another account. */
  uncount(key: string): void {
    const failures = this.#failures.get(key)
    if (failures === undefined) return
    if (failures.count <= 1) this.#failures.delete(key)
    else this.#failures.set(key, { ...failures, count: failures.count - 1 })
  }

  clear(key: string): void {
    this.#failures.delete(key)
  }
}
