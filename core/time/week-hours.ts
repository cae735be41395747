import type { TimeRange } from './time-range.ts'
import { LAST_CHANGE, type ZoneOffset } from './zone-offsets.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** The hours of a week, counted from Monday 00:00 of the client's clock. */
export const WEEK_HOURS = 168

/** A part of a period in which the clock of a zone is not changed. */
export type SteadyPart = TimeRange & Pick<ZoneOffset, 'offset' | 'dayOffset'>

/**
 * Returns the parts of a period in which the clock is not changed, earliest first.
 * @param offsets of the zone; the first starts at or before the period.
 */
export function steadyParts(offsets: readonly ZoneOffset[], { from, to }: TimeRange): SteadyPart[] {
  return offsets
    .map(({ startsAt, offset, dayOffset }, index) => ({
      from: Math.max(from, startsAt),
      to: Math.min(to, offsets[index + 1]?.startsAt ?? to),
      offset,
      dayOffset,
    }))
    .filter((part) => part.from < part.to)
}

/** Returns the hour of the week at an instant of a part. 1970-01-01 was a Thursday. */
export function weekHourAt(instant: number, { offset, dayOffset }: Pick<SteadyPart, 'offset' | 'dayOffset'>): number {
  const day = Math.floor((instant + dayOffset) / DAY)
  const hour = Math.floor((instant + offset) / HOUR) % 24
  return ((((day + 3) % 7) + 7) % 7) * 24 + ((hour + 24) % 24)
}

/** The most spans. One call in the year 9999 makes a period of seventy million hours. */
const MOST_SPANS = 100_000

/**
 * Returns the spans of a period that contain all instants of some hours of the week, earliest first. In the hours after a clock was set back
 * over midnight they may contain other hours too, and the rest of a period with too many hours is one span.
 */
export function weekHourSpans(parts: readonly SteadyPart[], slots: readonly number[]): TimeRange[] {
  const wanted = new Set(slots)
  const spans: { from: number; to: number }[] = []
  for (const part of parts)
    for (let from = part.from; from < part.to;) {
      if (from >= LAST_CHANGE || spans.length >= MOST_SPANS) return [...spans, { from, to: parts.at(-1)?.to ?? part.to }]
      const to = Math.min(part.to, (Math.floor((from + part.offset) / HOUR) + 1) * HOUR - part.offset)
      if (wanted.has(weekHourAt(from, part)) || part.offset !== part.dayOffset) {
        const last = spans.at(-1)
        if (last?.to === from) last.to = to
        else spans.push({ from, to })
      }
      from = to
    }
  return spans
}
