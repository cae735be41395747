import { IANAZone } from 'luxon'
import { dateAloneOf } from '../../core/time/date-alone.ts'

const MINUTE = 60_000
const DAY = 86_400_000

/** The time that a clock in a zone shows, ms as if it were UTC. */
export type LocalReading = {
  readonly reading: number
  /** Clock − UTC, ms. */
  readonly offset: number
  /** A date without a time of day; `reading` is its midnight. */
  readonly isDate: boolean
}

/**
 * Returns a function from instants (ms UTC) to readings of a clock in `zone`.
 * @throws RangeError if the runtime does not have the zone.
 */
export function localReadings(zone: string): (instant: number) => LocalReading {
  const iana = IANAZone.create(zone)
  if (!iana.isValid) throw new RangeError(`Not an IANA time zone: ${zone}`)
  const offsetAt = (instant: number) => iana.offset(instant) * MINUTE
  /** Offsets by day UTC, because looking up an offset is slow; null: the clocks change on the day. */
  const offsets = new Map<number, number | null>()

  function offsetOf(instant: number): number {
    const day = Math.floor(instant / DAY)
    let offset = offsets.get(day)
    if (offset === undefined) {
      const first = offsetAt(day * DAY)
      offset = first === offsetAt(day * DAY + DAY - 1) ? first : null
      offsets.set(day, offset)
    }
    return offset ?? offsetAt(instant)
  }

  return (instant) => {
    const date = dateAloneOf(instant)
    if (date !== null) return { reading: Date.parse(date), offset: 0, isDate: true }
    const offset = offsetOf(instant)
    return { reading: instant + offset, offset, isDate: false }
  }
}

const dates = new Map<number, string>()
const TWO_DIGITS: readonly string[] = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'))

/** Returns `YYYY-MM-DD` for a day number, counted from 1970-01-01. Memoized, because an export formats millions of times. */
export function dayText(day: number): string {
  let text = dates.get(day)
  if (text === undefined) dates.set(day, (text = new Date(day * DAY).toISOString().slice(0, 10)))
  return text
}

/** Returns `YYYY-MM-DD` of a reading. */
export function dateText(reading: number): string {
  return dayText(Math.floor(reading / DAY))
}

/** Returns the date and time of a reading in whole seconds: `YYYY-MM-DD HH:mm:ss`. */
export function secondsText(reading: number, separator: ' ' | 'T' = ' '): string {
  const day = Math.floor(reading / DAY)
  const seconds = Math.floor((reading - day * DAY) / 1_000)
  const [hour, minute, second] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
  return `${dayText(day)}${separator}${TWO_DIGITS[hour]}:${TWO_DIGITS[minute]}:${TWO_DIGITS[second]}`
}

/** Returns the date and time of a reading as ISO 8601 without an offset: `YYYY-MM-DDTHH:mm:ss.SSS`. */
export function exactText(reading: number): string {
  const ms = reading - Math.floor(reading / 1_000) * 1_000
  return `${secondsText(reading, 'T')}.${String(ms).padStart(3, '0')}`
}
