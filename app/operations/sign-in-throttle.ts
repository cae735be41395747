import { FORGET_FAILURES_MS, waitAfterFailures } from '../../core/password-wait.ts'

/** Failed attempts in a row, and the time since the last one, ms. Less than 0: the stored time is in the future. */
type Attempts = { readonly failures: number; readonly elapsedMs: number }

/** Attempts of an address in the memory of one process, as the input of the operation `signIn.begin`. */
export type OwnAttempts = Attempts & {
  /** Time of the last attempt when this process last read the file; null: the file had no entry. */
  readonly storedAt: number | null
  /** Whether the last attempt is in the file. */
  readonly isSaved: boolean
}

export type BegunAttempt = {
  /** Milliseconds until the next attempt is accepted; 0: this one is accepted and counted. */
  readonly waitMs: number
  /** Includes this attempt, if it is accepted. */
  readonly failures: number
  readonly storedAt: number | null
}

/**
 * Returns the milliseconds until the next attempt is accepted; 0: now.
 *
 * If the stored time is in the future, the clock was ahead at the last attempt or is behind now. The time since the attempt is unknown, so
 * the wait ends. The failures still count: the next wrong password starts the full wait.
 */
export function waitMs({ failures, elapsedMs }: Attempts): number {
  return elapsedMs < 0 ? 0 : Math.max(0, waitAfterFailures(failures) - elapsedMs)
}

/**
 * Returns the attempts that count. If this process made the last attempt, its own measure of time is used, which cannot be set back.
 * Otherwise the wall clock is used.
 *
 * @param stored entry of the file
 * @param now wall clock, ms since the epoch
 */
export function attemptsOf(
  stored: { readonly failures: number; readonly lastAt: number } | undefined,
  own: OwnAttempts | null,
  now: number,
): Attempts {
  const isOwn = own !== null && own.storedAt === (stored?.lastAt ?? null)
  // A sign-in in another process removed the entry.
  if (!isOwn && stored === undefined) return { failures: 0, elapsedMs: 0 }
  const attempts = isOwn
    ? { failures: own.isSaved ? (stored?.failures ?? 0) : own.failures, elapsedMs: own.elapsedMs }
    : {
        failures: Math.max(stored?.failures ?? 0, own?.isSaved === false ? own.failures : 0),
        elapsedMs: now - (stored?.lastAt ?? 0),
      }
  return attempts.elapsedMs >= FORGET_FAILURES_MS ? { failures: 0, elapsedMs: 0 } : attempts
}

export type FailureReason = 'password' | 'deactivated' | 'no_password'
