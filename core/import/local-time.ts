import { IANAZone } from 'luxon'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/**
 * Turns readings of a wall clock in `zone` (ms, as if the reading were UTC) into instants (ms UTC). Where clocks are put forward, a
 * reading that never showed counts from the offset before: 02:30 becomes 03:30. Where they are put back, a reading that showed twice is
 * the first of the two. Every local day's offset is looked up once.
 * @throws RangeError where the runtime knows no such zone.
 */
export function localClock(zone: string): (reading: number) => number {
  const iana = IANAZone.create(zone)
  if (!iana.isValid) throw new RangeError(`Not an IANA time zone: ${zone}`)
  const offsetAt = (instant: number) => iana.offset(instant) * MINUTE
  /** By day number; null for a day on or beside which the clocks change. */
  const steadyOffsets = new Map<number, number | null>()

  function steadyOffset(day: number): number | null {
    const known = steadyOffsets.get(day)
    if (known !== undefined) return known
    // Zones lie between −12 h and +14 h, so these instants enclose the whole local day.
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
