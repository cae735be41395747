import { DateTime } from 'luxon'
import { z } from 'zod'
import { timestampSchema } from './model/common.ts'

/** Half-open: `from` is in it, `to` is not. Milliseconds since the Unix epoch. */
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
  'this_year',
  'all',
] as const
export type Period = (typeof PERIODS)[number]

/** The first instant of the local day `date` (`YYYY-MM-DD`) in `zone`. @throws RangeError on anything that is no such day. */
export function startOfLocalDay(date: string, zone: string): number {
  const day = DateTime.fromFormat(date, 'yyyy-MM-dd', { zone })
  if (!day.isValid) throw new RangeError(`Not a day (YYYY-MM-DD): ${date}`)
  return day.startOf('day').toMillis()
}

/** The local day of an instant, as `YYYY-MM-DD`. */
export function localDay(millis: number, zone: string): string {
  return DateTime.fromMillis(millis, { zone }).toFormat('yyyy-MM-dd')
}

/** @param weekStart 1 = Monday … 7 = Sunday. */
function startOfWeek(day: DateTime, weekStart: number): DateTime {
  return day.startOf('day').minus({ days: (day.weekday - weekStart + 7) % 7 })
}

/**
 * A named period as instants, built in the client's zone, so that a day may last 23 or 25 hours. `this_…` runs to the end of the
 * running day, week, month, quarter or year; `all` begins at the epoch and ends with the running day.
 */
export function periodRange(period: Period, now: number, zone: string, weekStart: number): TimeRange {
  const today = DateTime.fromMillis(now, { zone }).startOf('day')
  const span = (from: DateTime, to: DateTime): TimeRange => ({ from: from.toMillis(), to: to.toMillis() })
  const week = startOfWeek(today, weekStart)
  const month = today.startOf('month')
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
      return span(today.startOf('quarter'), today.startOf('quarter').plus({ quarters: 1 }))
    case 'this_year':
      return span(today.startOf('year'), today.startOf('year').plus({ years: 1 }))
    case 'all':
      return { from: 0, to: today.plus({ days: 1 }).toMillis() }
  }
}
