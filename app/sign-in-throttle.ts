/** Wrong passwords in a row that cost nothing: people mistype. */
const FREE_FAILURES = 2
/** From this many on, the account waits the full time after each further try. */
const LOCK_AFTER = 10
const LOCK_MS = 15 * 60_000
const FIRST_DELAY_MS = 1_000
/** Failures older than this are forgotten. */
const FORGET_AFTER_MS = 24 * 60 * 60_000

/**
 * From when on the next try is heard, ms since the epoch; null: at once. The wait doubles with every wrong password from the third on
 * (1 s, 2 s, 4 s, … 64 s), and from the tenth it is 15 minutes.
 */
export function retryAt(failures: number, lastAt: number): number | null {
  if (failures <= FREE_FAILURES) return null
  if (failures >= LOCK_AFTER) return lastAt + LOCK_MS
  return lastAt + FIRST_DELAY_MS * 2 ** (failures - FREE_FAILURES - 1)
}

/** Whether failures counted at `lastAt` still matter at `now`. */
export function stillCounts(lastAt: number, now: number): boolean {
  return now - lastAt < FORGET_AFTER_MS
}
