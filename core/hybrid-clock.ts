import type { Clock } from './id.ts'

/**
 * A reading of a hybrid logical clock: 12 hex digits of milliseconds since the Unix epoch, then 4 hex digits of a counter. Readings compare
 * as text. (Kulkarni et al., "Logical Physical Clocks", 2014.)
 */
export type HybridTime = string

const MAX_COUNTER = 0xffff
/** The form of a `HybridTime`. */
export const HYBRID_TIME = /^[0-9a-f]{16}$/

export function formatHybridTime(millis: number, counter: number): HybridTime {
  return millis.toString(16).padStart(12, '0') + counter.toString(16).padStart(4, '0')
}

/** @throws RangeError if `time` is not 16 lower-case hex digits. */
export function parseHybridTime(time: HybridTime): { readonly millis: number; readonly counter: number } {
  if (!HYBRID_TIME.test(time)) throw new RangeError(`Not a hybrid time: ${time}`)
  return { millis: parseInt(time.slice(0, 12), 16), counter: parseInt(time.slice(12), 16) }
}

/**
 * Returns the reading after `last` (null: none yet) for an event that happens now. It is later than `last` even if the wall clock stops or
 * is set back. If the counter is full, the milliseconds increase by one.
 */
export function nextHybridTime(last: HybridTime | null, clock: Clock): HybridTime {
  const now = clock()
  if (last === null) return formatHybridTime(now, 0)
  const { millis, counter } = parseHybridTime(last)
  if (now > millis) return formatHybridTime(now, 0)
  if (counter < MAX_COUNTER) return formatHybridTime(millis, counter + 1)
  return formatHybridTime(millis + 1, 0)
}
