import { IANAZone } from 'luxon'
import { must } from '../assert.ts'

const SECOND = 1_000
const DAY = 86_400_000
/** Clocks do not change twice within this many days. The closest known changes are seven days apart (Boa Vista, October 2000). */
const STEP = 5
/** Changes of clocks after this instant are unknown, so the offset of the last known one is used. */
export const LAST_CHANGE = Date.UTC(2100, 0, 1)

/** The offset of a zone from an instant on, until the next one starts. */
export type ZoneOffset = {
  /** ms UTC. */
  readonly startsAt: number
  /** Clock − UTC, ms. */
  readonly offset: number
  /**
   * `floor((instant + dayOffset) / 86,400,000)` is the number of the local day, counted from 1970-01-01. It differs from `offset` only in the
   * hour after a clock was set back over midnight: the day has started, although the clock shows the previous day again.
   */
  readonly dayOffset: number
}

/**
 * Returns the offsets of a zone from `from` on, earliest first; the first starts at `from`. The days that they give are those of
 * `startOfLocalDay`.
 * @param from ms UTC; changes of the clock from `to` and from `LAST_CHANGE` on are left out.
 * @throws RangeError if the runtime does not have the zone.
 */
export function zoneOffsets(zone: string, from: number, to: number): ZoneOffset[] {
  if (!IANAZone.isValidZone(zone)) throw new RangeError(`Not an IANA time zone: ${zone}`)
  const offsetOf = offsetsOfClock(zone)
  let before = offsetOf(from)
  const offsets: ZoneOffset[] = [{ startsAt: from, offset: before, dayOffset: before }]
  for (let start = from; start < Math.min(to, LAST_CHANGE); start += STEP * DAY) {
    const after = offsetOf(start + STEP * DAY)
    if (before === after) continue
    // The change is at `high`: it is in (low, high] until both meet.
    let [low, high] = [start, start + STEP * DAY]
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (offsetOf(middle) === before) low = middle
      else high = middle
    }
    offsets.push(...changeAt(high, before, after))
    before = after
  }
  return offsets
}

/** An offset has seconds if a zone used its local mean time, for example Monrovia until 1972. */
const OFFSET = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/

/**
 * Returns a function that returns clock − UTC at an instant, ms. It is called thousands of times for one zone. The runtime formats an
 * offset in a fifth of the time that a whole date takes.
 */
function offsetsOfClock(zone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hour: 'numeric', timeZoneName: 'longOffset' })
  return (instant) => {
    const written = must(OFFSET.exec(format.format(instant)), 'The runtime writes the offset')
    const [, sign, hours = '0', minutes = '0', seconds = '0'] = written
    const size = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)
    return (sign === '-' ? -size : size) * SECOND
  }
}

function changeAt(at: number, before: number, after: number): ZoneOffset[] {
  const day = Math.floor((at - 1 + before) / DAY)
  const restart = day * DAY - after
  if (restart <= at) return [{ startsAt: at, offset: after, dayOffset: after }]
  return [
    { startsAt: at, offset: after, dayOffset: before },
    { startsAt: restart, offset: after, dayOffset: after },
  ]
}

/** Returns the offset at an instant. Before the first offset, it is the first. */
export function offsetAt(offsets: readonly ZoneOffset[], instant: number): ZoneOffset | undefined {
  let [low, high] = [0, offsets.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((offsets[middle]?.startsAt ?? Infinity) <= instant) low = middle
    else high = middle - 1
  }
  return offsets[low]
}
