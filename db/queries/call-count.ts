import { sql } from 'drizzle-orm'
import { must } from '../../core/assert.ts'
import type { CallCount, CallFilter } from '../../core/contract/calls.ts'
import type { ClientId, UserId } from '../../core/id.ts'
import type { ReadableDb } from '../open.ts'
import { readRow } from '../prepared.ts'
import { snapshot } from '../statements.ts'
import { all, inPeriod, ofClient, ofKinds, ofUsers, tested, testsOf, type CallSource, type ScopedFilter } from './call-filter.ts'
import { pageRowids } from './call-list.ts'
import { countMatches } from './call-text-pages.ts'
import { countByTotals } from './call-totals.ts'
import { LATEST_FIRST } from './ranked-calls.ts'
import { callsMatching, holding } from './text-match.ts'
import { isOnlyMatch, searchOf } from './text-search.ts'
import { callsOfWeekHours } from './week-hours.ts'

/** Numbers of calls at which a count ends. Measured at a million: a count takes some tens of milliseconds at most. */
export const COUNT_LIMITS = {
  /** Calls with a text. */
  found: 1_000,
  /** Index entries that are tested without a text. */
  entries: 250_000,
}
export type CountLimits = Readonly<typeof COUNT_LIMITS>

/** Counts the calls that pass the filter, however long it takes. */
export function countAllCalls(db: ReadableDb, clientId: ClientId, filter: CallFilter, restrictUserId: UserId | null): number {
  return snapshot(db, () => {
    const { chosen } = searchOf(db, clientId, filter, restrictUserId)
    return hasTotals(chosen) ? countByTotals(db, chosen).calls : countIn(db, sourceOf(chosen))
  })
}

/** Counts the calls that pass the filter, as far as that takes little time. */
export function countCalls(
  db: ReadableDb,
  clientId: ClientId,
  filter: CallFilter,
  restrictUserId: UserId | null,
  limits: CountLimits = COUNT_LIMITS,
): CallCount {
  return snapshot(db, () => {
    const { chosen } = searchOf(db, clientId, filter, restrictUserId)
    if (chosen.match !== null) return countFound(db, chosen, limits)
    return hasTotals(chosen) ? { total: countByTotals(db, chosen).calls, exact: true } : countEntries(db, chosen, limits)
  })
}

/** Whether the totals count the calls of the filter. */
const hasTotals = ({ match, userIds, weekHours }: ScopedFilter) => match === null && userIds === null && weekHours === null

function countFound(db: ReadableDb, chosen: ScopedFilter, { found }: CountLimits): CallCount {
  const { match } = chosen
  const total =
    match !== null && isOnlyMatch(db, { ...chosen, match })
      ? countMatches(db, match, found)
      : pageRowids(db, { chosen, order: LATEST_FIRST, after: null, skip: 0, limit: found + 1 }).length
  return total > found ? { total: found, exact: false } : { total, exact: true }
}

function countEntries(db: ReadableDb, chosen: ScopedFilter, { entries }: CountLimits): CallCount {
  const { from, range, tests } = entriesOf(chosen)
  const read = sql`SELECT ${all(tests)} AS passes FROM ${from} WHERE ${all(range)} LIMIT ${entries + 1}`
  const fields = { total: sql<number>`coalesce(sum(passes), 0)`, entries: sql<number>`count(*)` }
  const counted = must(readRow(db, fields, sql`FROM (${read})`), 'An aggregate has one row')
  if (counted.entries <= entries) return { total: counted.total, exact: true }
  if (counted.total > 0) return { total: counted.total, exact: false }
  // A count that is not exact has at least one call, so that a list is known to have rows.
  const first = pageRowids(db, { chosen, order: LATEST_FIRST, after: null, skip: 0, limit: 1 })
  return first.length === 0 ? { total: 0, exact: true } : { total: 1, exact: false }
}

/** The entries of an index that contain the calls of a filter without a text, and what is tested of them. */
function entriesOf(chosen: ScopedFilter) {
  const { userIds, weekHours } = chosen
  const index = userIds === null ? 'calls_by_time' : 'calls_by_user'
  if (weekHours !== null) {
    const range = [...ofClient(chosen), ...ofUsers(chosen), ...inPeriod(chosen).map(tested)]
    return { from: callsOfWeekHours(weekHours, index), range, tests: ofKinds(chosen), hasSpans: true } as const
  }
  const from = sql`calls INDEXED BY ${sql.identifier(index)}`
  return { from, range: [...ofClient(chosen), ...ofUsers(chosen), ...inPeriod(chosen)], tests: ofKinds(chosen) } as const
}

/** The calls that pass a filter, in no order. */
export function sourceOf(chosen: ScopedFilter): CallSource {
  const { match } = chosen
  if (match !== null) return { from: callsMatching(match), where: [...ofClient(chosen), ...testsOf(chosen), ...holding(match)] }
  const { range, tests, ...source } = entriesOf(chosen)
  return { ...source, where: [...range, ...tests] }
}

export function countIn(db: ReadableDb, { from, where }: CallSource): number {
  const found = readRow(db, { total: sql<number>`count(*)` }, sql`FROM ${from} WHERE ${all(where)}`)
  return must(found, 'An aggregate has one row').total
}
