import { IANAZone } from 'luxon'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/**
 * The number of days whose offset is looked up together. With the hours around them they are shorter than seven days, the shortest known
 * time between two changes of a clock.
 */
const CHUNK = 4

/** From readings of a wall clock (ms, as if they were UTC) to instants (ms UTC). */
export type LocalClock = (reading: number) => number

/** One clock for each zone: a look-up of an offset takes 20 µs, and a report needs hundreds. */
const clocks = new Map<string, LocalClock>()

/**
 * Returns the clock of a zone. If clocks are set forward, a skipped reading uses the offset before the change: 02:30 becomes 03:30. If they
 * are set back, a reading that occurs twice gives the first instant.
 * @throws RangeError if the runtime does not have the zone.
 */
export function localClock(zone: string): LocalClock {
  let clock = clocks.get(zone)
  if (clock === undefined) clocks.set(zone, (clock = createClock(zone)))
  return clock
}

/** Returns the reading of a zone's wall clock at an instant, ms as if it were UTC. The opposite of `localClock`. */
export function localReading(instant: number, zone: string): number {
  return instant + IANAZone.create(zone).offset(instant) * MINUTE
}

function createClock(zone: string): LocalClock {
  const iana = IANAZone.create(zone)
  if (!iana.isValid) throw new RangeError(`Not an IANA time zone: ${zone}`)
  const offsetAt = (instant: number) => iana.offset(instant) * MINUTE
  /** Offsets by number of the chunk of days; null: the clocks change in the chunk or near it. */
  const steadyOffsets = new Map<number, number | null>()

  function steadyOffset(chunk: number): number | null {
    const known = steadyOffsets.get(chunk)
    if (known !== undefined) return known
    // Offsets are between −16 h and +15 h, so these instants enclose the whole local days.
    const before = offsetAt(chunk * CHUNK * DAY - 16 * HOUR)
    const after = offsetAt((chunk + 1) * CHUNK * DAY + 16 * HOUR)
    const offset = before === after ? before : null
    steadyOffsets.set(chunk, offset)
    return offset
  }

  return (reading) => {
    const steady = steadyOffset(Math.floor(reading / DAY / CHUNK))
    if (steady !== null) return reading - steady
    const before = offsetAt(reading - DAY)
    const after = offsetAt(reading + DAY)
    if (before === after) return reading - before
    const fits = [reading - before, reading - after].filter((instant) => instant + offsetAt(instant) === reading)
    return fits.length > 0 ? Math.min(...fits) : reading - before
  }
}
