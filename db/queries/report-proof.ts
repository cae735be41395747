import { sql, type SQL } from 'drizzle-orm'
import type { AnySQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { CallPage, CallPageRequest, Cursor } from '../../core/contract/calls.ts'
import { must } from '../../core/assert.ts'
import { METRICS, type CallCounts } from '../../core/metrics/metrics.ts'
import {
  PROOF_RULES,
  ruleCounts,
  ruleOfKind,
  type ProofRule,
  type ProofSelection,
  type ProvenKey,
} from '../../core/metrics/proof.ts'
import { CALL_OUTCOMES, CALL_STATUSES } from '../../core/model/call-fields.ts'
import type { TimeRange } from '../../core/time/time-range.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import type { ReadableDb } from '../open.ts'
import { readRow, readRows } from '../prepared.ts'
import { calls } from '../schema.ts'
import { callColumns } from './call-columns.ts'
import { all, among, inPeriod, listedIn, named, ofClient } from './call-filter.ts'
import { countsOfPeriod, type ReportSelection } from './report-counts.ts'

/** The figure and the calls of a proof. `readerId`: only this person's calls; null: everyone's. */
export type ProofOf = ProofSelection & {
  readonly key: ProvenKey
  readonly selection: ReportSelection
  readonly readerId: ReportSelection['userIds']
}

/** The rows of a list that are read. */
export type PlaceInList = Pick<CallPageRequest, 'after' | 'skip' | 'limit'>

const allCalls = (counts: CallCounts) => METRICS.calls.numerator(counts)

/** Returns the counts of the calls that the figure's report counts, and the number of calls by rule without `other_time`, from the totals. */
export function countByRule(
  db: ReadableDb,
  { key, selection, range, period, readerId }: ProofOf,
): { readonly counts: CallCounts; readonly rules: { rule: ProofRule; count: number }[] } {
  const countOf = (over: Partial<ReportSelection>, within: TimeRange) => countsOfPeriod(db, { ...selection, ...over }, within)
  const counts = countOf({}, range)
  const ofPeople = allCalls(countOf({ callTypes: null }, range))
  const ofEveryone = allCalls(countOf({ callTypes: null, userIds: readerId }, range))
  const later = allCalls(
    countOf({ callTypes: null, userIds: readerId }, { from: Math.max(range.to, period.from), to: period.to }),
  )
  const found = new Map([
    ...ruleCounts(key, counts),
    ['future', later],
    ['other_person', ofEveryone - ofPeople],
    ['other_type', ofPeople - allCalls(counts)],
  ] as [ProofRule, number][])
  const rules = PROOF_RULES.map((rule) => ({ rule, count: found.get(rule) ?? 0 }))
  return { counts, rules: rules.filter(({ count }) => count > 0) }
}

const [eventAt, createdAt, userId, callType, status, outcome, duration] = [
  calls.eventAt,
  calls.createdAt,
  calls.userId,
  calls.callType,
  calls.status,
  calls.outcome,
  calls.callDuration,
].map(named) as [SQL, SQL, SQL, SQL, SQL, SQL, SQL]

const except = (column: SQL, list: readonly string[] | null): SQL =>
  list === null ? sql`false` : sql`${column} NOT ${listedIn(list)}`

/** The condition of a rule of kinds: all combinations for which `ruleOfKind` returns the rule. */
function ofKind(key: ProvenKey, rule: ProofRule): SQL {
  const kinds = CALL_STATUSES.flatMap((each) => {
    const outcomes = each === 'completed' ? CALL_OUTCOMES : [null]
    return outcomes.flatMap((result) =>
      [null, 0].flatMap((callDuration) =>
        ruleOfKind(key, { status: each, outcome: result, callDuration }) === rule
          ? [sql`(${status} = ${each} AND ${outcome} IS ${result} AND (${duration} IS NULL) = ${callDuration === null ? 1 : 0})`]
          : [],
      ),
    )
  })
  return kinds.length === 0 ? sql`false` : sql`(${sql.join(kinds, sql` OR `)})`
}

/** The span of event times and the other conditions of a rule. `other_time` has no span. */
function conditionsOf(
  { key, range, period, userIds, callTypes }: ProofOf,
  rule: Exclude<ProofRule, 'other_time'>,
): { readonly span: TimeRange; readonly conditions: readonly SQL[] } {
  if (rule === 'future') return { span: { from: Math.max(range.to, period.from), to: period.to }, conditions: [] }
  if (rule === 'other_person') return { span: range, conditions: [except(userId, userIds)] }
  const people = among(userId, userIds)
  if (rule === 'other_type') return { span: range, conditions: [...people, except(callType, callTypes)] }
  return { span: range, conditions: [...people, ...among(callType, callTypes), ofKind(key, rule)] }
}

/** Returns the FROM of a query for the calls that were created in the period and took place outside it. */
function fromOtherTime({ selection, period, readerId }: ProofOf, { last, later }: PlaceInOrder = FROM_FIRST): SQL {
  const where = [
    sql`${createdAt} >= ${period.from}`,
    sql`${createdAt} < ${Math.min(period.to, last + 1)}`,
    sql`(${eventAt} < ${period.from} OR ${eventAt} >= ${period.to})`,
    ...ofClient(selection),
    ...among(userId, readerId),
    ...later,
  ]
  return sql`FROM calls INDEXED BY calls_by_creation WHERE ${all(where)}`
}

/** Counts the calls that were created in the period and took place outside it. */
export function countOtherTime(db: ReadableDb, proof: ProofOf): number {
  return must(readRow(db, { total: sql<number>`count(*)` }, fromOtherTime(proof)), 'An aggregate has one row').total
}

/** Returns a page of the calls of a rule, latest first. Calls of `other_time` are in the order of their creation. */
export function listByRule(
  db: ReadableDb,
  proof: ProofOf,
  { rule, ...page }: PlaceInList & { readonly rule: ProofRule },
): CallPage {
  if (rule === 'other_time') return orderedPage(db, BY_CREATION, page, (place) => fromOtherTime(proof, place))
  const { span, conditions } = conditionsOf(proof, rule)
  return orderedPage(db, byTime('proof'), page, ({ last, later }) => {
    const period = inPeriod({ from: span.from, to: Math.min(span.to, last + 1) })
    return callsByTime(proof.selection, proof.readerId, [...period, ...conditions, ...later])
  })
}

/** Reads calls in the order of their time, or one person's from the index of people. */
function callsByTime(selection: ReportSelection, readerId: ProofOf['readerId'], conditions: readonly SQL[]): SQL {
  const index = readerId === null ? 'calls_by_time' : 'calls_by_user'
  const reader = readerId?.[0]
  const own = reader === undefined ? [] : [sql`${userId} = ${reader}`]
  return sql`FROM calls INDEXED BY ${sql.identifier(index)} WHERE ${all([...ofClient(selection), ...own, ...conditions])}`
}

type Row = CallPage['rows'][number] & { readonly rowid: number }

/**
 * The order of a list, latest first. The last column is the rowid, so that no two rows are equal. `keyOf` returns the values of the
 * columns.
 */
type Order = {
  readonly list: string
  readonly columns: readonly AnySQLiteColumn[]
  readonly keyOf: (row: Row) => readonly number[]
}

const BY_CREATION: Order = {
  list: 'proof.other',
  columns: [calls.createdAt, calls.eventAt, calls.rowid],
  keyOf: (row) => [row.createdAt, row.eventAt, row.rowid],
}

export const byTime = (list: string): Order => ({
  list,
  columns: [calls.eventAt, calls.rowid],
  keyOf: (row) => [row.eventAt, row.rowid],
})

/**
 * Where a page begins: `later` are the conditions on its rows, and `last` is the greatest value of the first column. The query must also
 * limit its range by `last`, because SQLite uses only one upper bound. Otherwise a later page would read all rows of the pages before it.
 */
export type PlaceInOrder = { readonly last: number; readonly later: readonly SQL[] }
const FROM_FIRST: PlaceInOrder = { last: Infinity, later: [] }

const listed = (parts: readonly (SQL | AnySQLiteColumn)[]) => sql.join([...parts], sql`, `)

/** @throws AppError INVALID for a cursor of another list */
export function placeInOrder({ list, columns }: Order, after: Cursor | null): PlaceInOrder {
  if (after === null) return FROM_FIRST
  const kinds: 'number'[][] = columns.map(() => ['number'])
  const key = decodeCursor(list, after, kinds)
  const [last] = key
  return {
    last: typeof last === 'number' ? last : Infinity,
    later: [sql`(${listed(columns)}) < (${listed(key.map((value) => sql`${value}`))})`],
  }
}

/** Returns a page of a list. @param from returns the query from its FROM to its conditions */
function orderedPage(
  db: ReadableDb,
  order: Order,
  { after, skip, limit }: PlaceInList,
  from: (place: PlaceInOrder) => SQL,
): CallPage {
  const latestFirst = listed(order.columns.map((column) => sql`${column} DESC`))
  // The places are read first, so that skipped rows are read from the index only.
  const places = readRows(
    db,
    { place: calls.rowid },
    sql`${from(placeInOrder(order, after))} ORDER BY ${latestFirst} LIMIT ${limit + 1} OFFSET ${skip}`,
  )
  const found = places.map(({ place }) => place)
  return callsAt(db, order, found, limit)
}

/** Returns the calls at the places of a page. One place more than `limit` shows that there are more pages. */
export function callsAt(db: ReadableDb, { list, keyOf }: Order, places: readonly number[], limit: number): CallPage {
  const found = readRows(
    db,
    { ...callColumns, rowid: calls.rowid },
    sql`FROM (SELECT key AS position, value AS place FROM json_each(${JSON.stringify(places.slice(0, limit))}))
      CROSS JOIN calls ON calls.rowid = place ORDER BY position`,
  )
  const last = places.length > limit ? found.at(-1) : undefined
  const rows = found.map(({ rowid: _rowid, ...call }) => call)
  return { rows, next: last === undefined ? null : encodeCursor(list, keyOf(last)) }
}
