/** Wrong tries in a row that cost nothing: people mistype. */
const FREE_FAILURES = 3
const LOCK_AFTER = 10
const LOCK_MS = 15 * 60_000
const FIRST_DELAY_MS = 1_000
const FORGET_AFTER_MS = 24 * 60 * 60_000
/** More keys than this are an attack; the oldest are dropped first. */
const MOST_KEYS = 50_000

type Failures = { readonly count: number; readonly at: number }

/**
 * Slows down guessing: the wait doubles with every wrong attempt from the fourth on, and from the tenth it is 15 minutes. Attempts on
 * unknown accounts count too, so that the wait does not reveal which accounts exist. It is kept in memory only: keys may contain
 * addresses, which must not be written to disk.
 */
export class Throttle {
  readonly #failures = new Map<string, Failures>()

  /** When the next attempt is accepted, ms; null: now. */
  retryAt(key: string, now: number): number | null {
    const failures = this.#failures.get(key)
    if (failures === undefined || now - failures.at > FORGET_AFTER_MS || failures.count <= FREE_FAILURES) return null
    const delay = failures.count >= LOCK_AFTER ? LOCK_MS : FIRST_DELAY_MS * 2 ** (failures.count - FREE_FAILURES - 1)
    // The clock was ahead at the last attempt and is correct again. The wait starts now; otherwise it would last until that time.
    if (failures.at > now) this.#failures.set(key, { ...failures, at: now })
    const at = Math.min(failures.at, now)
    return at + delay > now ? at + delay : null
  }

  /** Call it before the outcome is known, so that simultaneous attempts all count. `clear` undoes it. */
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
