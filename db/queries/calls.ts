import { and, eq, sql } from 'drizzle-orm'
import type { CallPage, CallPageRequest, ColumnSort } from '../../core/contract/calls.ts'
import { must } from '../../core/assert.ts'
import type { CallId, ClientId, UserId } from '../../core/id.ts'
import type { Call } from '../../core/model/call.ts'
import type { ReadableDb } from '../open.ts'
import { query, readRows, type Named } from '../prepared.ts'
import { calls } from '../schema.ts'
import { snapshot, type SqlValue } from '../statements.ts'
import { deletedRow } from './audit.ts'
import type { ScopedFilter } from './call-filter.ts'
import { callColumns } from './call-columns.ts'
import { pageRowids } from './call-list.ts'
import { CallOrder, LATEST_FIRST } from './call-order.ts'
import { decodeRanked, encodeRanked, rankedRowids } from './ranked-calls.ts'
import { searchOf, type TextSearch } from './text-search.ts'

const callById = query((orm, { clientId, id }: Named<{ clientId: ClientId; id: CallId }>) =>
  orm
    .select(callColumns)
    .from(calls)
    .where(and(eq(calls.id, id), eq(calls.clientId, clientId))),
)

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
  return snapshot(db, () => {
    const search = searchOf(db, clientId, request.filter, restrictUserId)
    return request.sort.by === 'rank' ? rankedPage(db, search, request) : sortedPage(db, search.chosen, request, request.sort)
  })
}

function sortedPage(db: ReadableDb, chosen: ScopedFilter, request: CallPageRequest, sort: ColumnSort): CallPage {
  const order = new CallOrder(sort)
  const after = request.after === null ? null : order.decode(request.after)
  const found = pageRowids(db, { chosen, order, after, skip: request.skip, limit: request.limit + 1 })
  const listed = callsByRowid(db, found.slice(0, request.limit), order)
  const last = found.length > request.limit ? listed.at(-1) : undefined
  return { rows: listed.map(shown), next: last === undefined ? null : order.encode({ value: last.sortValue, rowid: last.rowid }) }
}

function rankedPage(db: ReadableDb, search: TextSearch, { after, skip, limit }: CallPageRequest): CallPage {
  const place = { after: after === null ? null : decodeRanked(after), skip, limit: limit + 1 }
  const found = rankedRowids(db, search, place)
  const listed = callsByRowid(
    db,
    found.slice(0, limit).map(({ rowid }) => rowid),
    LATEST_FIRST,
  )
  const last = found.length > limit ? listed.at(-1) : undefined
  const tier = found[limit - 1]?.tier ?? 0
  return {
    rows: listed.map(shown),
    next: last === undefined ? null : encodeRanked({ tier, value: last.sortValue, rowid: last.rowid }),
  }
}

const shown = ({ rowid: _rowid, sortValue: _sortValue, ...call }: ListedCall): Call => call

export type ListedCall = Call & { readonly rowid: number; readonly sortValue: SqlValue }

/** Returns the calls of `rowids`, in that order. */
export function callsByRowid(db: ReadableDb, rowids: readonly number[], order: CallOrder): ListedCall[] {
  const found: ListedCall[] = readRows(
    db,
    { ...callColumns, rowid: calls.rowid, sortValue: sql<SqlValue>`calls.${order.column}` },
    sql`FROM (SELECT value AS wanted FROM json_each(${JSON.stringify(rowids)})) CROSS JOIN calls ON calls.rowid = wanted`,
  )
  const byRowid = new Map(found.map((call) => [call.rowid, call]))
  return rowids.map((rowid) => must(byRowid.get(rowid), 'A snapshot has the rows that it lists'))
}
