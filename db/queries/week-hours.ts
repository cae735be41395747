import { sql, type SQL } from 'drizzle-orm'
import type { CallFilter } from '../../core/contract/calls.ts'
import type { ClientId } from '../../core/id.ts'
import { steadyParts, WEEK_HOURS, weekHourSpans, type SteadyPart } from '../../core/time/week-hours.ts'
import { zoneOffsets } from '../../core/time/zone-offsets.ts'
import { DAY_MS } from '../derived.ts'
import type { ReadableDb } from '../open.ts'
import { readRow } from '../prepared.ts'
import { calls } from '../schema.ts'
import { getSettings } from './settings.ts'

const event = sql`${sql.identifier(calls.eventAt.name)}`

/** Hours of the week as a filter of calls, with the clock of the client's zone over the period that contains calls. */
export type WeekHours = { readonly slots: readonly number[]; readonly parts: readonly SteadyPart[] }

/** Returns the hour of the week of a call, 0…167. The added day keeps the dividends positive, because SQLite divides towards 0. */
export function weekHourOf({ offset, dayOffset }: Pick<SteadyPart, 'offset' | 'dayOffset'>): SQL<number> {
  const day = sql`((${event} + ${dayOffset} + 86400000) / 86400000 - 1)`
  return sql<number>`((${day} + 10) % 7) * 24 + (${event} + ${offset} + 86400000) / 3600000 % 24`
}

/** Returns the parts of a period in which the clock of a zone is not changed. */
export function partsOfPeriod(zone: string, { from, to }: { readonly from: number; readonly to: number }): SteadyPart[] {
  // Starts two days earlier, to include a day that begins before a clock change.
  return steadyParts(zoneOffsets(zone, from - 2 * DAY_MS, to), { from, to })
}

/** Returns the hours of the week of a filter; null if it has none. */
export function weekHoursOf(db: ReadableDb, clientId: ClientId, filter: CallFilter): WeekHours | null {
  const slots = [...new Set(filter.weekHours)]
  if (slots.length === 0 || slots.length === WEEK_HOURS) return null
  const ofClient = sql`FROM calls INDEXED BY calls_by_time WHERE ${sql.identifier('client_id')} = ${clientId}`
  // SQLite finds an end of an index only if a query reads one end alone.
  const first = readRow(db, { at: sql<number | null>`min(${event})` }, ofClient)?.at ?? 0
  const last = readRow(db, { at: sql<number | null>`max(${event})` }, ofClient)?.at ?? 0
  const range = { from: Math.max(first, filter.from ?? first), to: Math.min(last + 1, filter.to ?? last + 1) }
  return { slots, parts: range.from < range.to ? partsOfPeriod(getSettings(db, clientId).time_zone, range) : [] }
}

/** The condition that a call is in one of the hours. */
export function inWeekHours({ slots, parts }: WeekHours): SQL {
  if (parts.length === 0) return sql`false`
  const slot = parts.map((part) => sql`WHEN ${event} < ${part.to} THEN ${weekHourOf(part)}`)
  return sql`CASE ${sql.join(slot, sql` `)} END IN (SELECT value FROM json_each(${JSON.stringify(slots)}))`
}

/** The spans of the hours, each followed by its calls in an index that ends with the event time. */
export function callsOfWeekHours({ slots, parts }: WeekHours, index: 'calls_by_time' | 'calls_by_user'): SQL {
  const spans = JSON.stringify(weekHourSpans(parts, slots))
  return sql`(SELECT value ->> 'from' AS span_from, value ->> 'to' AS span_to FROM json_each(${spans}))
    CROSS JOIN calls INDEXED BY ${sql.identifier(index)} ON ${event} >= span_from AND ${event} < span_to`
}
