import { IANAZone } from 'luxon'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/**
 * Marks an instant that represents a date without a time of day. Times of people and phone systems do not have this millisecond at one of
 * the hours below.
 */
const MARK = 1
/** Hours UTC for a date without a time. The first fits the zones from UTC−10 to UTC+13:59. */
const HOURS = [10, 12, 9] as const

/**
 * Returns the instant that represents a date without a time of day (docs/decisions/0009-dates-without-a-time.md): 10:00:00.001 UTC of that
 * day. The local date is the same in all zones from UTC−10 (Honolulu) to UTC+13:45 (Chatham), so that a call keeps its date when the
 * client's zone changes. For other zones, another hour is used that is on the same date there.
 * @param day the date as the reading of a clock, ms as if it were UTC. Its time of day is ignored.
 */
export function dateAlone(day: number, zone: string): number {
  const midnight = Math.floor(day / DAY) * DAY
  const iana = IANAZone.create(zone)
  const candidates = HOURS.map((hour) => midnight + hour * HOUR + MARK)
  const fits = (instant: number) => Math.floor((instant + iana.offset(instant) * MINUTE) / DAY) * DAY === midnight
  return candidates.find(fits) ?? midnight + HOURS[0] * HOUR + MARK
}

/** The times of day UTC, ms, at which an instant represents a date without a time. */
export const DATE_ALONE_TIMES: readonly number[] = HOURS.map((hour) => hour * HOUR + MARK)

/** Returns the date (`YYYY-MM-DD`) that an instant represents, the same in every zone; null if the instant has a time of day. */
export function dateAloneOf(instant: number): string | null {
  const within = instant % DAY
  return DATE_ALONE_TIMES.includes(within) ? new Date(instant).toISOString().slice(0, 10) : null
}
