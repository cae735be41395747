import { formatHybridTime, parseHybridTime, type HybridTime } from '../hybrid-clock.ts'

/** A smaller difference counts as the network's delay, not as a wrong clock; ms. */
const TOLERANCE_MS = 2_000

/** Returns server clock − device clock, ms, from one request; 0 if the difference is too small to measure. */
export function clockOffset(sentAt: number, receivedAt: number): number {
  const offset = receivedAt - sentAt
  return Math.abs(offset) < TOLERANCE_MS ? 0 : offset
}

/**
 * Returns the time at which an edit counts as made (S8): the device's clock at the edit, corrected by its offset. It is never later than the
 * arrival, so that a clock in the future has no advantage. It is never earlier than the device's previous edit, so that a correction cannot
 * reverse the order of one device's edits.
 *
 * Only the counter of the hybrid clock is used. After the wall clock was set back, the hybrid clock's milliseconds are ahead of it, and the
 * offset, which is measured on the wall clock, would increase the error.
 * @param previous the effective clock of the device's last operation, null for its first.
 */
export function effectiveClock(
  edit: { readonly hlc: HybridTime; readonly wallTime: number },
  offset: number,
  receivedAt: number,
  previous: HybridTime | null,
): HybridTime {
  const corrected = Math.max(0, Math.min(edit.wallTime + offset, receivedAt))
  const clock = formatHybridTime(corrected, parseHybridTime(edit.hlc).counter)
  return previous !== null && previous > clock ? previous : clock
}
