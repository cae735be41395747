import type { CallFilter, CallPage, CallPageRequest } from '../../core/contract/calls.ts'
import { must } from '../../core/assert.ts'
import type { CallId, ClientId, UserId } from '../../core/id.ts'
import type { Call } from '../../core/model/call.ts'
import { defaultCountry } from '../derive-calls.ts'
import type { ReadableDb } from '../open.ts'
import { row, rows, snapshot, type SqlValue } from '../statements.ts'
import { deletedRow } from './audit.ts'
import {
  all,
  inPeriod,
  ofClient,
  ofKinds,
  ofUsers,
  selection,
  values,
  type CallSelection,
  type Condition,
} from './call-filter.ts'
import { callColumns } from './call-columns.ts'
import { pageRowids } from './call-list.ts'
import { CallOrder } from './call-order.ts'
import { countByTotals } from './call-totals.ts'
import { holding, matching, matchParts, matchWords, type TextMatch } from './text-match.ts'

const CALL = callColumns('calls')

export function getCall(db: ReadableDb, clientId: ClientId, id: CallId): Call | undefined {
  return row<Call>(db, `SELECT ${CALL} FROM calls WHERE id = ? AND client_id = ?`, id, clientId)
}

/** Whose a deleted call was; undefined where no such call was deleted. */
export function deletedCallOwner(db: ReadableDb, clientId: ClientId, id: CallId): UserId | undefined {
  const owner = deletedRow(db, clientId, 'calls', id)?.['user_id']
  return typeof owner === 'string' ? owner : undefined
}

/** One page of the calls that pass the filter. `restrictUserId`: only that user's own. */
export function listCalls(db: ReadableDb, clientId: ClientId, request: CallPageRequest, restrictUserId: UserId | null): CallPage {
  return snapshot(db, () => page(db, clientId, request, restrictUserId))
}

function page(db: ReadableDb, clientId: ClientId, request: CallPageRequest, restrictUserId: UserId | null): CallPage {
  const order = new CallOrder(request.sort)
  const after = request.after === null ? null : order.decode(request.after)
  const pageOf = (chosen: CallSelection) => pageRowids(db, { chosen, order, after, skip: request.skip, limit: request.limit + 1 })
  const found =
    after === null && request.skip === 0
      ? firstOf(searches(db, clientId, request.filter, restrictUserId), pageOf, ({ length }) => length > 0)
      : pageOf(chosenCalls(db, clientId, request.filter, restrictUserId))
  const calls = callsByRowid(db, found.slice(0, request.limit), order)
  const last = calls.at(-1)
  const next =
    found.length > request.limit && last !== undefined ? order.encode({ value: last.sortValue, rowid: last.rowid }) : null
  return { rows: calls.map(({ rowid: _rowid, sortValue: _sortValue, ...call }) => call), next }
}

type ListedCall = Call & { readonly rowid: number; readonly sortValue: SqlValue }

/** The calls of `rowids`, in that order. */
function callsByRowid(db: ReadableDb, rowids: readonly number[], order: CallOrder): ListedCall[] {
  const found = rows<ListedCall>(
    db,
    `SELECT rowid, ${order.column} AS sortValue, ${CALL} FROM (SELECT value AS wanted FROM json_each(?)) CROSS JOIN calls ON calls.rowid = wanted`,
    JSON.stringify(rowids),
  )
  const byRowid = new Map(found.map((call) => [call.rowid, call]))
  return rowids.map((rowid) => must(byRowid.get(rowid), 'A snapshot has the rows that it lists'))
}

/** How many calls pass the filter. */
export function countCalls(db: ReadableDb, clientId: ClientId, filter: CallFilter, restrictUserId: UserId | null): number {
  return snapshot(db, () =>
    firstOf(
      searches(db, clientId, filter, restrictUserId),
      (chosen) => countChosen(db, chosen),
      (count) => count > 0,
    ),
  )
}

function countChosen(db: ReadableDb, chosen: CallSelection): number {
  const { match } = chosen
  if (match === null && chosen.userIds === null) return countByTotals(db, chosen).calls
  // The index has no client; if the file has one client, the index counts alone.
  if (match !== null && !hasTests(chosen) && holding(match).length === 0 && hasOneClient(db))
    return countIn(db, { from: match.index, values: [], where: [matching(match)] })
  return countIn(db, sourceOf(chosen))
}

const testsOf = (chosen: CallSelection) => [...ofUsers(chosen), ...inPeriod(chosen), ...ofKinds(chosen)]
const hasTests = (chosen: CallSelection) => testsOf(chosen).length > 0

/** The calls that pass a selection, in no order: what follows FROM, its values, and the conditions. */
export type CallSource = { readonly from: string; readonly values: readonly SqlValue[]; readonly where: readonly Condition[] }

export function sourceOf(chosen: CallSelection): CallSource {
  const { match, userIds } = chosen
  const where = [...ofClient(chosen), ...testsOf(chosen)]
  if (match === null)
    return { from: `calls INDEXED BY ${userIds === null ? 'calls_by_time' : 'calls_by_user'}`, values: [], where }
  const { text, values: bound } = matching(match)
  const from = `(SELECT rowid AS found FROM ${match.index} WHERE ${text}) CROSS JOIN calls ON calls.rowid = found`
  return { from, values: bound, where: [...where, ...holding(match)] }
}

export function countIn(db: ReadableDb, { from, values: bound, where }: CallSource): number {
  const text = `SELECT count(*) AS total FROM ${from} WHERE ${all(where)}`
  return must(row<{ total: number }>(db, text, ...bound, ...values(where)), 'An aggregate has one row').total
}

/** The selection of a filter, and the one that counts instead if no call passes the first. */
type Searches = readonly [CallSelection, CallSelection?]

/**
 * Returns the filter as selections. A text selects calls with words that begin like its words; if the filter lets no such call pass, calls
 * that contain its words anywhere.
 */
function searches(db: ReadableDb, clientId: ClientId, filter: CallFilter, restrictUserId: UserId | null): Searches {
  const base = selection(clientId, filter, restrictUserId)
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

/** Returns the result of the selection that counts: each one is looked for once. */
function firstOf<T>([first, second]: Searches, find: (chosen: CallSelection) => T, isFound: (result: T) => boolean): T {
  const found = find(first)
  return second === undefined || isFound(found) ? found : find(second)
}

/** Returns the selection of a filter that counts; see `searches`. */
export function chosenCalls(
  db: ReadableDb,
  clientId: ClientId,
  filter: CallFilter,
  restrictUserId: UserId | null,
): CallSelection {
  const [first, second] = searches(db, clientId, filter, restrictUserId)
  return second === undefined || first.match === null || hasCalls(db, first, first.match) ? first : second
}

function hasCalls(db: ReadableDb, chosen: CallSelection, match: TextMatch): boolean {
  const { text, values: bound } = matching(match)
  if (row(db, `SELECT rowid FROM ${match.index} WHERE ${text} LIMIT 1`, ...bound) === undefined) return false
  if (!hasTests(chosen) && hasOneClient(db)) return true
  const order = new CallOrder({ by: 'eventAt', direction: 'desc' })
  return pageRowids(db, { chosen, order, after: null, skip: 0, limit: 1 }).length > 0
}

function hasOneClient(db: ReadableDb): boolean {
  return row<{ clients: number }>(db, 'SELECT count(*) AS clients FROM clients')?.clients === 1
}
