import { IANAZone } from 'luxon'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/**
 * Returns a function from readings of a wall clock in `zone` (ms, as if they were UTC) to instants (ms UTC). If clocks are set forward, a
 * skipped reading uses the offset before the change: 02:30 becomes 03:30. If they are set back, a reading that occurs twice is the first
 * instant. The offset of each local day is looked up once.
 * @throws RangeError if the runtime does not have the zone.
 */
export function localClock(zone: string): (reading: number) => number {
  const iana = IANAZone.create(zone)
  if (!iana.isValid) throw new RangeError(`Not an IANA time zone: ${zone}`)
  const offsetAt = (instant: number) => iana.offset(instant) * MINUTE
  /** Offsets by day number; null: the clocks change on the day, or on the day before or after. */
  const steadyOffsets = new Map<number, number | null>()

  function steadyOffset(day: number): number | null {
    const known = steadyOffsets.get(day)
    if (known !== undefined) return known
    // Offsets are between −12 h and +14 h, so these instants enclose the whole local day.
    const [before, within, after] = [
      offsetAt(day * DAY - 15 * HOUR),
      offsetAt(day * DAY + 12 * HOUR),
      offsetAt(day * DAY + 39 * HOUR),
    ]
    const offset = before === within && within === after ? within : null
    steadyOffsets.set(day, offset)
    return offset
  }

  return (reading) => {
    const steady = steadyOffset(Math.floor(reading / DAY))
    if (steady !== null) return reading - steady
    const before = offsetAt(reading - DAY)
    const after = offsetAt(reading + DAY)
    const fits = [reading - before, reading - after].filter((instant) => instant + offsetAt(instant) === reading)
    return fits.length > 0 ? Math.min(...fits) : reading - before
  }
}
