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

/** Returns `YYYY-MM-DD` of a reading. */
export function dateText(reading: number): string {
  return new Date(reading).toISOString().slice(0, 10)
}

/** Returns `YYYY-MM-DD` of the number of a day, counted from 1970-01-01. */
export function dayText(day: number): string {
  return dateText(day * DAY)
}
