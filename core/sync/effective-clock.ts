import { formatHybridTime, parseHybridTime, type HybridTime } from '../hybrid-clock.ts'

/** Below this a difference is the way's delay, not a wrong clock. */
const TOLERANCE_MS = 2_000

/** Server clock − device clock, ms, from one request; 0 where they agree as far as can be told. */
export function clockOffset(sentAt: number, receivedAt: number): number {
  const offset = receivedAt - sentAt
  return Math.abs(offset) < TOLERANCE_MS ? 0 : offset
}

/**
 * When an edit counts as made (S8): the device's reading, corrected by its offset, and never later than its arrival, so
 * that no clock wins by lying about the future. It is also never earlier than the device's own previous edit, so that a
 * correction cannot turn the order of one person's edits around.
 * @param previous the effective clock of the device's last operation, null for its first.
 */
export function effectiveClock(hlc: HybridTime, offset: number, receivedAt: number, previous: HybridTime | null): HybridTime {
  const { millis, counter } = parseHybridTime(hlc)
  const corrected = Math.max(0, Math.min(millis + offset, receivedAt))
  const clock = formatHybridTime(corrected, counter)
  return previous !== null && previous > clock ? previous : clock
}
