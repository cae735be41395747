import { formatHybridTime, parseHybridTime, type HybridTime } from '../hybrid-clock.ts'

/** Below this a difference is the way's delay, not a wrong clock. */
const TOLERANCE_MS = 2_000

/** Server clock − device clock, ms, from one request; 0 if the difference is too small to measure. */
export function clockOffset(sentAt: number, receivedAt: number): number {
  const offset = receivedAt - sentAt
  return Math.abs(offset) < TOLERANCE_MS ? 0 : offset
}

/**
 * When an edit counts as made (S8): the device's clock at the edit, corrected by its offset, and never later than its
 * arrival, so that no clock wins by lying about the future. It is also never earlier than the device's own previous edit,
 * so that a correction cannot turn the order of one person's edits around.
 *
 * Of the hybrid reading only the counter is used. After the clock was set back its milliseconds run ahead of the clock,
 * and the offset, measured on the clock, would push them further.
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
