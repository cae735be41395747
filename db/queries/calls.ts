import { and, eq, sql } from 'drizzle-orm'
import type { CallFilter, CallPage, CallPageRequest } from '../../core/contract/calls.ts'
import { must } from '../../core/assert.ts'
import type { CallId, ClientId, UserId } from '../../core/id.ts'
import type { Call } from '../../core/model/call.ts'
import { defaultCountry } from '../derive-calls.ts'
import type { ReadableDb } from '../open.ts'
import { query, readRow, readRows, type Named } from '../prepared.ts'
import { calls, clients } from '../schema.ts'
import { snapshot, type SqlValue } from '../statements.ts'
import { deletedRow } from './audit.ts'
import { all, inPeriod, ofClient, ofKinds, ofUsers, scopedFilter, type CallSource, type ScopedFilter } from './call-filter.ts'
import { callColumns } from './call-columns.ts'
import { pageRowids } from './call-list.ts'
import { CallOrder } from './call-order.ts'
import { countByTotals } from './call-totals.ts'
import { callsMatching, holding, matching, matchParts, matchWords, type TextMatch } from './text-match.ts'
import { callsOfWeekHours, weekHoursOf } from './week-hours.ts'

const callById = query((orm, { clientId, id }: Named<{ clientId: ClientId; id: CallId }>) =>
  orm
    .select(callColumns)
    .from(calls)
    .where(and(eq(calls.id, id), eq(calls.clientId, clientId))),
)

const clientCount = query((orm) => orm.select({ clients: sql<number>`count(*)` }).from(clients))

export function getCall(db: ReadableDb, clientId: ClientId, id: CallId): Call | undefined {
  return callById.get(db, { clientId, id })
}

/** Returns the owner of a deleted call; undefined if no such call was deleted. */
export function deletedCallOwner(db: ReadableDb, clientId: ClientId, id: CallId): UserId | undefined {
  const owner = deletedRow(db, clientId, 'calls', id)?.['user_id']
  return typeof owner === 'string' ? owner : undefined
}

/** Returns one page of the calls that pass the filter. @param restrictUserId only that user's own calls; null: everyone's. */
export function listCalls(db: ReadableDb, clientId: ClientId, request: CallPageRequest, restrictUserId: UserId | null): CallPage {
  return snapshot(db, () => page(db, clientId, request, restrictUserId))
}

function page(db: ReadableDb, clientId: ClientId, request: CallPageRequest, restrictUserId: UserId | null): CallPage {
  const order = new CallOrder(request.sort)
  const after = request.after === null ? null : order.decode(request.after)
  const pageOf = (chosen: ScopedFilter) => pageRowids(db, { chosen, order, after, skip: request.skip, limit: request.limit + 1 })
  const found =
    after === null && request.skip === 0
      ? firstOf(searches(db, clientId, request.filter, restrictUserId), pageOf, ({ length }) => length > 0)
      : pageOf(chosenCalls(db, clientId, request.filter, restrictUserId))
  const listed = callsByRowid(db, found.slice(0, request.limit), order)
  const last = listed.at(-1)
  const next =
    found.length > request.limit && last !== undefined ? order.encode({ value: last.sortValue, rowid: last.rowid }) : null
  return { rows: listed.map(({ rowid: _rowid, sortValue: _sortValue, ...call }) => call), next }
}

type ListedCall = Call & { readonly rowid: number; readonly sortValue: SqlValue }

/** Returns the calls of `rowids`, in that order. */
function callsByRowid(db: ReadableDb, rowids: readonly number[], order: CallOrder): ListedCall[] {
  const found: ListedCall[] = readRows(
    db,
    { ...callColumns, rowid: calls.rowid, sortValue: sql<SqlValue>`calls.${order.column}` },
    sql`FROM (SELECT value AS wanted FROM json_each(${JSON.stringify(rowids)})) CROSS JOIN calls ON calls.rowid = wanted`,
  )
  const byRowid = new Map(found.map((call) => [call.rowid, call]))
  return rowids.map((rowid) => must(byRowid.get(rowid), 'A snapshot has the rows that it lists'))
}

/** Counts the calls that pass the filter. */
export function countCalls(db: ReadableDb, clientId: ClientId, filter: CallFilter, restrictUserId: UserId | null): number {
  return snapshot(db, () =>
    firstOf(
      searches(db, clientId, filter, restrictUserId),
      (chosen) => countChosen(db, chosen),
      (count) => count > 0,
    ),
  )
}

function countChosen(db: ReadableDb, chosen: ScopedFilter): number {
  const { match } = chosen
  if (match === null && chosen.userIds === null && chosen.weekHours === null) return countByTotals(db, chosen).calls
  // The index has no client; if the file has one client, the index counts alone.
  if (match !== null && !hasTests(chosen) && holding(match).length === 0 && hasOneClient(db))
    return countIn(db, { from: sql.identifier(match.index).getSQL(), where: [matching(match)] })
  return countIn(db, sourceOf(chosen))
}

const testsOf = (chosen: ScopedFilter) => [...ofUsers(chosen), ...inPeriod(chosen), ...ofKinds(chosen)]
const hasTests = (chosen: ScopedFilter) => testsOf(chosen).length > 0

export function sourceOf(chosen: ScopedFilter): CallSource {
  const { match, userIds, weekHours } = chosen
  const where = [...ofClient(chosen), ...testsOf(chosen)]
  if (match !== null) return { from: callsMatching(match), where: [...where, ...holding(match)] }
  const index = userIds === null ? 'calls_by_time' : 'calls_by_user'
  if (weekHours !== null) return { from: callsOfWeekHours(weekHours, index), where }
  return { from: sql`calls INDEXED BY ${sql.identifier(index)}`, where }
}

export function countIn(db: ReadableDb, { from, where }: CallSource): number {
  const found = readRow(db, { total: sql<number>`count(*)` }, sql`FROM ${from} WHERE ${all(where)}`)
  return must(found, 'An aggregate has one row').total
}

/** The search by the beginnings of words, and a second search, used if the first finds no call. */
type Searches = readonly [ScopedFilter, ScopedFilter?]

/**
 * Returns the searches of a filter. A text finds calls with words that begin like its words. If there is no such call, the text finds calls
 * that contain its words anywhere.
 */
function searches(db: ReadableDb, clientId: ClientId, filter: CallFilter, restrictUserId: UserId | null): Searches {
  const base = scopedFilter(clientId, filter, restrictUserId, weekHoursOf(db, clientId, filter))
  if (filter.text === undefined) return [base]
  const country = defaultCountry(db, clientId)
  const words = matchWords(filter.text, country)
  if (words === null) return [base]
  const parts = matchParts(filter.text, country)
  return parts === null
    ? [{ ...base, match: words }]
    : [
        { ...base, match: words },
        { ...base, match: parts },
      ]
}

/** Returns the result of the first search; if it finds nothing, that of the second. */
function firstOf<T>([first, second]: Searches, find: (chosen: ScopedFilter) => T, isFound: (result: T) => boolean): T {
  const found = find(first)
  return second === undefined || isFound(found) ? found : find(second)
}

/** Returns the search whose result is shown; see `searches`. */
export function chosenCalls(db: ReadableDb, clientId: ClientId, filter: CallFilter, restrictUserId: UserId | null): ScopedFilter {
  const [first, second] = searches(db, clientId, filter, restrictUserId)
  return second === undefined || first.match === null || hasCalls(db, first, first.match) ? first : second
}

function hasCalls(db: ReadableDb, chosen: ScopedFilter, match: TextMatch): boolean {
  const matches = sql`FROM ${sql.identifier(match.index)} WHERE ${matching(match)} LIMIT 1`
  if (readRow(db, { rowid: sql<number>`rowid` }, matches) === undefined) return false
  if (!hasTests(chosen) && hasOneClient(db)) return true
  const order = new CallOrder({ by: 'eventAt', direction: 'desc' })
  return pageRowids(db, { chosen, order, after: null, skip: 0, limit: 1 }).length > 0
}

function hasOneClient(db: ReadableDb): boolean {
  return clientCount.get(db)?.clients === 1
}
