/*
 * The wait after wrong passwords is the same on a device and on the server. Both also count attempts for unknown addresses, so that the wait
 * does not reveal which accounts exist.
 */

/** Wrong passwords in a row without a wait, because people mistype. */
const FREE_FAILURES = 2
/** From this many failures on, every wait has the full length. */
const LOCK_AFTER = 10
const LOCK_MS = 15 * 60_000
const FIRST_WAIT_MS = 1_000

/** Time after the last failure at which failures no longer count, ms. */
export const FORGET_FAILURES_MS = 24 * 60 * 60_000

/**
 * Returns the milliseconds from the last wrong password until the next attempt is accepted; 0: no wait. From the third failure on, the wait
 * doubles each time (1 s, 2 s, 4 s, … 64 s). From the tenth on, it is 15 minutes.
 */
export function waitAfterFailures(failures: number): number {
  if (failures <= FREE_FAILURES) return 0
  return failures >= LOCK_AFTER ? LOCK_MS : FIRST_WAIT_MS * 2 ** (failures - FREE_FAILURES - 1)
}
