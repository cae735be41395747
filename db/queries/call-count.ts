import { sql } from 'drizzle-orm'
import { must } from '../../core/assert.ts'
import type { CallCount, CallFilter } from '../../core/contract/calls.ts'
import type { ClientId, UserId } from '../../core/id.ts'
import type { ReadableDb } from '../open.ts'
import { readRow } from '../prepared.ts'
import { snapshot } from '../statements.ts'
import { all, inPeriod, ofClient, ofKinds, ofUsers, tested, testsOf, type CallSource, type ScopedFilter } from './call-filter.ts'
import { pageRowids } from './call-list.ts'
import { LATEST_FIRST } from './call-order.ts'
import { countLatestMatches, countMatches } from './call-text-pages.ts'
import { countByTotals } from './call-totals.ts'
import { countUpTo } from './call-walks.ts'
import { callsMatching, holding, type TextMatch } from './text-match.ts'
import { isOnlyMatch, searchOf } from './text-search.ts'
import { callsOfWeekHours } from './week-hours.ts'

/** Numbers of calls at which a count ends. Measured at a million: a count takes some tens of milliseconds at most. */
export const COUNT_LIMITS = {
  /** Calls with a text. */
  found: 1_000,
  /** Matches of a text that are read one by one, and fewer if their texts are read. */
  few: 8_000,
  fewToRead: 1_000,
  /** Entries of the filter's index among which other matches are counted. */
  latest: 20_000,
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
    const { match } = chosen
    if (match !== null) return countFound(db, { ...chosen, match }, limits)
    return hasTotals(chosen) ? { total: countByTotals(db, chosen).calls, exact: true } : countEntries(db, chosen, limits)
  })
}

/** Whether the totals count the calls of the filter. */
const hasTotals = ({ match, userIds, weekHours }: ScopedFilter) => match === null && userIds === null && weekHours === null

function countFound(db: ReadableDb, chosen: ScopedFilter & { readonly match: TextMatch }, limits: CountLimits): CallCount {
  const { match } = chosen
  const upTo = (total: number) => (total > limits.found ? { total: limits.found, exact: false } : { total, exact: true })
  if (isOnlyMatch(db, chosen)) return upTo(countMatches(db, match, limits.found))
  const few = match.holds === null ? limits.few : limits.fewToRead
  if (countMatches(db, match, few) <= few) return upTo(countUpTo(db, sourceOf(chosen), limits.found))
  const { total, isWhole } = countLatestMatches(db, chosen, match, limits.latest)
  if (isWhole || total > limits.found) return upTo(total)
  return total > 0 ? { total, exact: false } : countFirst(db, chosen)
}

/** A count that is not exact has at least one call, so that a list is known to have rows. */
function countFirst(db: ReadableDb, chosen: ScopedFilter): CallCount {
  const first = pageRowids(db, { chosen, order: LATEST_FIRST, after: null, skip: 0, limit: 1 })
  return first.length === 0 ? { total: 0, exact: true } : { total: 1, exact: false }
}

function countEntries(db: ReadableDb, chosen: ScopedFilter, { entries }: CountLimits): CallCount {
  const { from, range, tests } = entriesOf(chosen)
  const read = sql`SELECT ${all(tests)} AS passes FROM ${from} WHERE ${all(range)} LIMIT ${entries + 1}`
  const fields = { total: sql<number>`coalesce(sum(passes), 0)`, entries: sql<number>`count(*)` }
  const counted = must(readRow(db, fields, sql`FROM (${read})`), 'An aggregate has one row')
  if (counted.entries <= entries) return { total: counted.total, exact: true }
  if (counted.total > 0) return { total: counted.total, exact: false }
  return countFirst(db, chosen)
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
