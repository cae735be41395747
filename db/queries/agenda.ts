import { sql, type SQL } from 'drizzle-orm'
import type { AgendaPage, AgendaSummary } from '../../core/contract/agenda.ts'
import { MOST_COUNTED } from '../../core/contract/agenda.ts'
import type { Cursor } from '../../core/contract/calls.ts'
import type { Upcoming } from '../../core/agenda/reminders.ts'
import { AGENDA_GROUPS, type AgendaDays, type AgendaGroup } from '../../core/agenda/agenda-groups.ts'
import { must } from '../../core/assert.ts'
import type { ClientId, UserId } from '../../core/id.ts'
import type { Call } from '../../core/model/call.ts'
import { DATE_ALONE_TIMES } from '../../core/time/date-alone.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import type { ReadableDb } from '../open.ts'
import { readRow, readRows } from '../prepared.ts'
import { calls } from '../schema.ts'
import { snapshot } from '../statements.ts'
import { callColumns } from './call-columns.ts'
import { all, ofClient, ofUsers } from './call-filter.ts'

/** Whose scheduled calls. `userIds` null: everyone's. */
export type AgendaOf = { readonly clientId: ClientId; readonly userIds: readonly UserId[] | null }

type Place = { readonly group: number; readonly at: number | null; readonly rowid: number }
type Found = Call & { readonly rowid: number }

const LIST = 'agenda'
const DAY_MS = 86_400_000

const at = sql`calls.scheduled_at`
const isDateAlone = sql`${at} % ${sql.raw(String(DAY_MS))} IN (${sql.raw(DATE_ALONE_TIMES.join(', '))})`
const between = (from: number, to: number): SQL[] => [sql`${at} >= ${from}`, sql`${at} < ${to}`]

/** The calls of a group, as a range of the index and a test within the current day (`agendaGroup`). */
function inGroup(group: AgendaGroup | 'later', { now, today, tomorrow, dayAfter, end }: AgendaDays): SQL[] {
  switch (group) {
    case 'overdue':
      return [sql`${at} < ${now}`, sql`NOT (${at} >= ${today} AND ${isDateAlone})`]
    case 'today':
      return [...between(today, tomorrow), sql`(${at} >= ${now} OR ${isDateAlone})`]
    case 'tomorrow':
      return between(tomorrow, dayAfter)
    case 'week':
      return between(dayAfter, end)
    case 'undated':
      return [sql`${at} IS NULL`]
    case 'later':
      return [sql`${at} >= ${end}`]
  }
}

/** Reads scheduled calls in the order of an index. As a literal: SQLite uses a partial index only if the query repeats its condition. */
function fromScheduled({ clientId, userIds }: AgendaOf, conditions: readonly SQL[]): SQL {
  const index = userIds?.length === 1 ? 'calls_scheduled_by_user' : 'calls_scheduled'
  const where = [...ofClient({ clientId }), ...ofUsers({ userIds }), sql`status = 'scheduled'`, ...conditions]
  return sql`FROM calls INDEXED BY ${sql.identifier(index)} WHERE ${all(where)}`
}

/** Condition that a call comes after a place of its group. Calls without a date have the order of their rowids. */
function after({ at: last, rowid }: Place): SQL {
  return last === null ? sql`calls.rowid > ${rowid}` : sql`(${at}, calls.rowid) > (${last}, ${rowid})`
}

function readGroup(db: ReadableDb, of: AgendaOf, conditions: readonly SQL[], limit: number): Found[] {
  const rest = sql`${fromScheduled(of, conditions)} ORDER BY ${at}, calls.rowid LIMIT ${limit}`
  return readRows(db, { ...callColumns, rowid: calls.rowid }, rest)
}

function countGroup(db: ReadableDb, of: AgendaOf, conditions: readonly SQL[]): number {
  const some = sql`SELECT 1 ${fromScheduled(of, conditions)} LIMIT ${MOST_COUNTED + 1}`
  return must(readRow(db, { count: sql<number>`count(*)` }, sql`FROM (${some})`), 'An aggregate has one row').count
}

function placeOf(cursor: Cursor): Place {
  const [group, last, rowid] = decodeCursor(LIST, cursor, [['number'], ['number', 'null'], ['number']])
  return { group: group as number, at: last as number | null, rowid: rowid as number }
}

/** Returns a page of the agenda. Its cost depends on the length of the page, not on the number of scheduled calls. */
export function listAgenda(
  db: ReadableDb,
  of: AgendaOf,
  days: AgendaDays,
  request: { readonly after: Cursor | null; readonly limit: number },
): AgendaPage {
  return snapshot(db, () => {
    const place = request.after === null ? null : placeOf(request.after)
    const found: (Found & { readonly group: AgendaGroup })[] = []
    for (const [index, group] of AGENDA_GROUPS.entries()) {
      const wanted = request.limit + 1 - found.length
      if (wanted === 0 || index < (place?.group ?? 0)) continue
      const conditions = inGroup(group, days)
      if (place?.group === index) conditions.push(after(place))
      found.push(...readGroup(db, of, conditions, wanted).map((call) => ({ ...call, group })))
    }
    const shown = found.slice(0, request.limit)
    const last = shown.at(-1)
    const isEnd = found.length <= request.limit || last === undefined
    return {
      computedAt: days.now,
      rows: shown.map(({ rowid: _rowid, ...entry }) => entry),
      next: isEnd ? null : encodeCursor(LIST, [AGENDA_GROUPS.indexOf(last.group), last.scheduledAt, last.rowid]),
      summary: place === null ? summaryOf(db, of, days) : null,
    }
  })
}

function summaryOf(db: ReadableDb, of: AgendaOf, days: AgendaDays): AgendaSummary {
  const count = (group: AgendaGroup | 'later') => countGroup(db, of, inGroup(group, days))
  const later = readRow(db, { at: calls.scheduledAt }, sql`${fromScheduled(of, inGroup('later', days))} ORDER BY ${at} LIMIT 1`)
  return {
    counts: {
      overdue: count('overdue'),
      today: count('today'),
      tomorrow: count('tomorrow'),
      week: count('week'),
      undated: count('undated'),
      later: count('later'),
    },
    nextLater: later?.at ?? null,
  }
}

/** Returns the calls of a person that are scheduled for a time of day from an instant on, earliest first. */
export function listUpcoming(
  db: ReadableDb,
  clientId: ClientId,
  userId: UserId,
  { from, limit }: { readonly from: number; readonly limit: number },
): Upcoming[] {
  const upcoming = fromScheduled({ clientId, userIds: [userId] }, [sql`${at} >= ${from}`, sql`NOT ${isDateAlone}`])
  return readRows(
    db,
    { id: calls.id, prospectName: calls.prospectName, at: sql<number>`${at}` },
    sql`${upcoming} ORDER BY ${at}, calls.rowid LIMIT ${limit}`,
  )
}
