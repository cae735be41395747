/*
 * How long an account is closed after wrong passwords: the same on a device and on the server. Both count attempts on unknown addresses too,
 * so that the wait does not reveal which accounts exist.
 */

/** Wrong passwords in a row without a wait: people mistype. */
const FREE_FAILURES = 2
/** From this many on, every wait has the full length. */
const LOCK_AFTER = 10
const LOCK_MS = 15 * 60_000
const FIRST_WAIT_MS = 1_000

/** Failures whose last one is as long ago as this no longer count, ms. */
export const FORGET_FAILURES_MS = 24 * 60 * 60_000

/**
 * Milliseconds from the last wrong password until the next one is accepted; 0: at once. The wait doubles with every wrong password from the
 * third on (1 s, 2 s, 4 s, … 64 s), and from the tenth it is 15 minutes.
 */
export function waitAfterFailures(failures: number): number {
  if (failures <= FREE_FAILURES) return 0
  return failures >= LOCK_AFTER ? LOCK_MS : FIRST_WAIT_MS * 2 ** (failures - FREE_FAILURES - 1)
}
