import { FORGET_FAILURES_MS, waitAfterFailures } from '../../core/password-wait.ts'

/** More keys than this are an attack; the oldest are dropped first. */
const MOST_KEYS = 50_000

type Failures = { readonly count: number; readonly at: number }

/** Slows down guessing. The counts are in memory only: keys may contain addresses, which must not be written to disk. */
export class Throttle {
  readonly #failures = new Map<string, Failures>()

  /** When the next attempt is accepted, ms; null: now. */
  retryAt(key: string, now: number): number | null {
    const failures = this.#failures.get(key)
    if (failures === undefined || now - failures.at >= FORGET_FAILURES_MS) return null
    const wait = waitAfterFailures(failures.count)
    if (wait === 0) return null
    // The clock was ahead at the last attempt and is correct again. The wait starts now; otherwise it would last until that time.
    if (failures.at > now) this.#failures.set(key, { ...failures, at: now })
    const at = Math.min(failures.at, now)
    return at + wait > now ? at + wait : null
  }

  /** Call it before the outcome is known, so that simultaneous attempts all count. `clear` undoes it. */
  count(key: string, now: number): void {
    const before = this.#failures.get(key)
    const recent = before !== undefined && now - before.at < FORGET_FAILURES_MS ? before.count : 0
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
