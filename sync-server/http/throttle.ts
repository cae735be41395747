import { FORGET_FAILURES_MS, waitAfterFailures } from '../../core/password-wait.ts'

/** Only an attack reaches more keys than this. The oldest key is then dropped. */
const MOST_KEYS = 50_000

type Failures = { readonly count: number; readonly at: number }

/** Slows down guessing. Counts are only in memory: keys may contain addresses, which must not be written to disk. */
export class Throttle {
  readonly #failures = new Map<string, Failures>()

  /** Returns the time at which the next attempt is accepted, ms; null: now. */
  retryAt(key: string, now: number): number | null {
    const failures = this.#failures.get(key)
    if (failures === undefined || now - failures.at >= FORGET_FAILURES_MS) return null
    const wait = waitAfterFailures(failures.count)
    if (wait === 0) return null
    // The clock was set back since the last attempt. The wait starts now; otherwise it would last until that time.
    if (failures.at > now) this.#failures.set(key, { ...failures, at: now })
    const at = Math.min(failures.at, now)
    return at + wait > now ? at + wait : null
  }

  /** Counts an attempt. Call it before the result is known, so that simultaneous attempts all count. `clear` undoes it. */
  count(key: string, now: number): void {
    const before = this.#failures.get(key)
    const recent = before !== undefined && now - before.at < FORGET_FAILURES_MS ? before.count : 0
    this.#failures.delete(key)
    this.#failures.set(key, { count: recent + 1, at: now })
    if (this.#failures.size <= MOST_KEYS) return
    const [oldest] = this.#failures.keys()
    if (oldest !== undefined) this.#failures.delete(oldest)
  }

  /** Removes one attempt that had a correct password. Earlier attempts still count: they may have been guesses at another account. */
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
