import { dateAlone, dateAloneOf } from '../time/date-alone.ts'
import { localDays } from '../time/day-number.ts'
import { localClock, localReading } from '../time/local-time.ts'

const DAY_MS = 86_400_000

/** The numbers of days by which one key moves a call of the agenda. */
export const RESCHEDULE_DAYS = [1, 3, 7] as const

/**
 * Returns the new time of a scheduled call that is moved by some days, with the same time of day in the client's zone. The days count from
 * the later of its day and the current day, so that an overdue call is never moved into the past. A date without a time of day gets no time. A
 * call without a date gets a date without a time.
 * @param scheduledAt ms UTC; null: no date.
 */
export function movedBy(
  days: number,
  scheduledAt: number | null,
  { now, zone }: { readonly now: number; readonly zone: string },
): number {
  const { dayAt } = localDays(zone)
  const today = dayAt(now)
  if (scheduledAt === null || dateAloneOf(scheduledAt) !== null) {
    const day = scheduledAt === null ? today : Math.max(today, dayAt(scheduledAt))
    return dateAlone((day + days) * DAY_MS, zone)
  }
  const reading = localReading(scheduledAt, zone)
  const day = Math.floor(reading / DAY_MS)
  return localClock(zone)((Math.max(day, today) + days) * DAY_MS + (reading - day * DAY_MS))
}
