import { DateTime } from 'luxon'
import { z } from 'zod'
import { localClock } from './local-time.ts'
import { timestampSchema } from '../model/common.ts'

/** A half-open range: `from` is included, `to` is not. Milliseconds since the Unix epoch. */
export const timeRangeSchema = z
  .object({ from: timestampSchema, to: timestampSchema })
  .refine((range) => range.from <= range.to, { message: 'The period ends before it begins', path: ['to'] })
export type TimeRange = z.infer<typeof timeRangeSchema>

export const PERIODS = [
  'today',
  'yesterday',
  'this_week',
  'last_week',
  'this_month',
  'last_month',
  'this_quarter',
  'last_quarter',
  'this_year',
  'last_year',
  'all',
] as const
export type Period = (typeof PERIODS)[number]

const DAY_MS = 86_400_000

/** Returns `date` (`YYYY-MM-DD`) as the reading of a clock at midnight, ms as if it were UTC. @throws RangeError if it is not such a day. */
function readingOf(date: string): number {
  if (!isDay(date)) throw new RangeError(`Not a day (YYYY-MM-DD): ${date}`)
  return midnightOf(date)
}

const midnightOf = (date: string) => Date.parse(`${date}T00:00:00Z`)

/** Whether a text is a day of the calendar, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const reading = /^\d{4}-\d{2}-\d{2}$/.test(text) ? midnightOf(text) : NaN
  return Number.isFinite(reading) && spellDay(reading) === text
}

function spellDay(reading: number): string {
  return new Date(reading).toISOString().slice(0, 10)
}

/**
 * Returns the first instant of the local day `date` (`YYYY-MM-DD`) in `zone`. All boundaries of days and longer periods use this function. It
 * has the rule of imports for times of day: a midnight that occurs twice is the first of the two, and a skipped midnight is the instant of
 * the change. A day that the zone skips starts when the next day starts.
 * @throws RangeError if `date` is not such a day.
 */
export function startOfLocalDay(date: string, zone: string): number {
  return localClock(zone)(readingOf(date))
}

/** Returns the calendar day after `date` (`YYYY-MM-DD`). @throws RangeError if it is not such a day. */
export function nextDay(date: string): string {
  return spellDay(readingOf(date) + DAY_MS)
}

/** The first and the last day that have instants in every zone: from 1970 up to the year 9999. */
const FIRST_DAY = '1970-01-02'
const LAST_DAY = '9999-12-30'

const withInstants = (date: string) => (date < FIRST_DAY ? FIRST_DAY : date > LAST_DAY ? LAST_DAY : date)

/**
 * Returns the instants from the start of one local day to the end of another one. Addresses and saved views may contain any day: one before or
 * after all instants counts as the first or the last one.
 * @throws RangeError if one of them is not a day
 */
export function daysRange(from: string, to: string, zone: string): TimeRange {
  return { from: startOfLocalDay(withInstants(from), zone), to: startOfLocalDay(nextDay(withInstants(to)), zone) }
}

/** Returns the local day of an instant as `YYYY-MM-DD`. */
export function localDay(millis: number, zone: string): string {
  return DateTime.fromMillis(millis, { zone }).toFormat('yyyy-MM-dd')
}

/**
 * Returns a named period as instants in the client's zone. A day can have 23 or 25 hours. `this_…` ends with the current week, month, quarter
 * or year. `all` starts at the epoch and ends with the current day.
 * @param weekStart 1 = Monday … 7 = Sunday.
 */
export function periodRange(period: Period, now: number, zone: string, weekStart: number): TimeRange {
  // Days are counted in UTC, where each has 24 hours. Only the boundaries are converted to the zone.
  const today = DateTime.fromMillis(readingOf(localDay(now, zone)), { zone: 'utc' })
  const start = (day: DateTime) => startOfLocalDay(day.toFormat('yyyy-MM-dd'), zone)
  const span = (from: DateTime, to: DateTime): TimeRange => ({ from: start(from), to: start(to) })
  const week = today.minus({ days: (today.weekday - weekStart + 7) % 7 })
  const [month, quarter, year] = [today.startOf('month'), today.startOf('quarter'), today.startOf('year')]
  switch (period) {
    case 'today':
      return span(today, today.plus({ days: 1 }))
    case 'yesterday':
      return span(today.minus({ days: 1 }), today)
    case 'this_week':
      return span(week, week.plus({ days: 7 }))
    case 'last_week':
      return span(week.minus({ days: 7 }), week)
    case 'this_month':
      return span(month, month.plus({ months: 1 }))
    case 'last_month':
      return span(month.minus({ months: 1 }), month)
    case 'this_quarter':
      return span(quarter, quarter.plus({ quarters: 1 }))
    case 'last_quarter':
      return span(quarter.minus({ quarters: 1 }), quarter)
    case 'this_year':
      return span(year, year.plus({ years: 1 }))
    case 'last_year':
      return span(year.minus({ years: 1 }), year)
    case 'all':
      return { from: 0, to: start(today.plus({ days: 1 })) }
  }
}
