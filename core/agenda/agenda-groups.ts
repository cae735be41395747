import { dateAloneOf } from '../time/date-alone.ts'
import { localDays, weekdayOf } from '../time/day-number.ts'
import type { ReportClock } from '../time/report-periods.ts'

/**
 * The groups of the agenda, in the order in which they are shown. A scheduled call is overdue from its time on, until another status settles
 * it; the passing of time alone never removes it. A call for a date without a time of day is overdue when that day is over.
 */
export const AGENDA_GROUPS = ['overdue', 'today', 'tomorrow', 'week', 'undated'] as const
export type AgendaGroup = (typeof AGENDA_GROUPS)[number]

/** The instants that divide the agenda, ms UTC. */
export type AgendaDays = {
  readonly now: number
  /** The start of the current day. */
  readonly today: number
  readonly tomorrow: number
  readonly dayAfter: number
  /** The end of the week, or of tomorrow if that is later. Calls from here on are later than the agenda shows. */
  readonly end: number
}

/** Returns the days of the agenda in the client's zone. @throws RangeError if the runtime does not have the zone. */
export function agendaDays({ now, zone, weekStart }: ReportClock): AgendaDays {
  const { dayAt, startOf } = localDays(zone)
  const day = dayAt(now)
  const nextWeek = day + 7 - ((weekdayOf(day) - weekStart + 7) % 7)
  return {
    now,
    today: startOf(day),
    tomorrow: startOf(day + 1),
    dayAfter: startOf(day + 2),
    end: startOf(Math.max(nextWeek, day + 2)),
  }
}

/** Returns the group of a scheduled call. @param scheduledAt ms UTC; null: no date. */
export function agendaGroup(
  scheduledAt: number | null,
  { now, today, tomorrow, dayAfter, end }: AgendaDays,
): AgendaGroup | 'later' {
  if (scheduledAt === null) return 'undated'
  if (scheduledAt < now) return scheduledAt >= today && dateAloneOf(scheduledAt) !== null ? 'today' : 'overdue'
  if (scheduledAt < tomorrow) return 'today'
  if (scheduledAt < dayAfter) return 'tomorrow'
  return scheduledAt < end ? 'week' : 'later'
}
