import { localClock } from './local-time.ts'

const DAY_MS = 86_400_000

/** Days are numbered from 1970-01-01, months as 12 × year + month (January = 0). */
export type DayNumber = number

/** Converts between instants and the local days of a zone. The starts of days are those of `startOfLocalDay`. */
export type LocalDays = {
  /** Returns the first instant of a day, ms UTC. A day that the zone skips starts when the next one starts. */
  readonly startOf: (day: DayNumber) => number
  /** Returns the day of an instant: the last one that has started. */
  readonly dayAt: (instant: number) => DayNumber
}

/** @throws RangeError if the runtime does not have the zone. */
export function localDays(zone: string): LocalDays {
  const clock = localClock(zone)
  const startOf = (day: DayNumber) => clock(day * DAY_MS)
  return {
    startOf,
    dayAt: (instant) => {
      // The local day differs from the day of UTC by at most one. A clock that is set back over midnight shows a part of the previous day
      // again, although the new day has started.
      let day = Math.floor(instant / DAY_MS) - 1
      while (startOf(day + 1) <= instant) day++
      return day
    },
  }
}

export function monthOfDay(day: DayNumber): number {
  const date = new Date(day * DAY_MS)
  return 12 * date.getUTCFullYear() + date.getUTCMonth()
}

export function firstDayOfMonth(month: number): DayNumber {
  return Date.UTC(Math.floor(month / 12), month % 12) / DAY_MS
}

/** Returns 1 (Monday) … 7 (Sunday). */
export function weekdayOf(day: DayNumber): number {
  return ((((day + 3) % 7) + 7) % 7) + 1
}
