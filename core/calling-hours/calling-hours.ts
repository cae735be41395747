import { IANAZone } from 'luxon'
import type { CallingHours } from '../model/calling-hours.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** The reading of a clock: "HH:MM", and the day of the week, 1 = Monday … 7 = Sunday. */
export type LocalClockTime = { readonly time: string; readonly day: number }

/** `partly`: the number may be in several zones, and it is inside the hours in only some of them. */
export type CallingTime = 'inside' | 'partly' | 'outside'

/** The local time of a prospect. */
export type TimeThere = {
  /** In the westernmost zone. */
  readonly earliest: LocalClockTime
  /** In the easternmost zone. The same as `earliest` if all zones have the same time now. */
  readonly latest: LocalClockTime
  /** The city that the only zone is named after; null: several zones. */
  readonly place: string | null
  readonly calling: CallingTime
}

/**
 * Returns the time in the zones of a number; null if no zone is known. It depends on the clock changes of each zone at this instant.
 * @param now ms UTC
 */
export function timeThere(zones: readonly string[], now: number, hours: CallingHours): TimeThere | null {
  const valid = zones.map((zone) => IANAZone.create(zone)).filter(({ isValid }) => isValid)
  const offsets = [...new Set(valid.map((zone) => zone.offset(now)))].toSorted((a, b) => a - b)
  const clocks = offsets.map((offset) => clockAt(now + offset * MINUTE))
  const [earliest, latest] = [clocks[0], clocks.at(-1)]
  if (earliest === undefined || latest === undefined) return null
  const inside = clocks.filter((clock) => isInside(clock, hours)).length
  const calling = inside === clocks.length ? 'inside' : inside === 0 ? 'outside' : 'partly'
  const [only, ...others] = valid
  return { earliest, latest, place: only === undefined || others.length > 0 ? null : placeOf(only.name), calling }
}

/** @param reading of the local clock, ms, as if it were UTC */
function clockAt(reading: number): LocalClockTime {
  const minutes = Math.floor((((reading % DAY) + DAY) % DAY) / MINUTE)
  const two = (value: number) => String(value).padStart(2, '0')
  // 1970-01-01 was a Thursday.
  const day = ((((Math.floor(reading / DAY) + 3) % 7) + 7) % 7) + 1
  return { time: `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`, day }
}

/** Texts of the form "HH:MM" sort by time. */
function isInside({ time, day }: LocalClockTime, { from, to, days }: CallingHours): boolean {
  return days.includes(day) && time >= from && time < to
}

/** "America/North_Dakota/New_Salem": New Salem */
function placeOf(zone: string): string {
  return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ')
}
