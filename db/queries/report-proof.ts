import { sql, type SQL } from 'drizzle-orm'
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
import { countsByUser, type ReportSelection } from './report-counts.ts'
import { total } from './report-page.ts'

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
  const countOf = (over: Partial<ReportSelection>, within: TimeRange) =>
    total(countsByUser(db, { ...selection, ...over }, within))
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

const [eventAt, createdAt, userId, callType, status, outcome, duration, rowid] = [
  calls.eventAt,
  calls.createdAt,
  calls.userId,
  calls.callType,
  calls.status,
  calls.outcome,
  calls.callDuration,
  calls.rowid,
].map(named) as [SQL, SQL, SQL, SQL, SQL, SQL, SQL, SQL]

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

const createdElsewhen = ({ selection, period, readerId }: ProofOf) => [
  ...ofClient(selection),
  ...among(userId, readerId),
  sql`${createdAt} >= ${period.from}`,
  sql`${createdAt} < ${period.to}`,
  sql`(${eventAt} < ${period.from} OR ${eventAt} >= ${period.to})`,
]

/** Counts the calls that were created in the period and took place outside it. */
export function countOtherTime(db: ReadableDb, proof: ProofOf): number {
  const rest = sql`FROM calls NOT INDEXED WHERE ${all(createdElsewhen(proof))}`
  return must(readRow(db, { total: sql<number>`count(*)` }, rest), 'An aggregate has one row').total
}

/** Returns a page of the calls of a rule, latest first. */
export function listByRule(
  db: ReadableDb,
  proof: ProofOf,
  { rule, ...page }: PlaceInList & { readonly rule: ProofRule },
): CallPage {
  if (rule === 'other_time') {
    const { after, skip, limit } = page
    // In the order of the file, so that a page reads only the rows it needs.
    const place = after === null ? null : (decodeCursor('proof.other', after, [['number']])[0] ?? null)
    const where = [...createdElsewhen(proof), ...(place === null ? [] : [sql`${rowid} < ${place}`])]
    const found = readRows(
      db,
      { ...callColumns, rowid: calls.rowid },
      sql`FROM calls NOT INDEXED WHERE ${all(where)} ORDER BY ${rowid} DESC LIMIT ${limit + 1} OFFSET ${skip}`,
    )
    return pageOf(found, limit, (last) => encodeCursor('proof.other', [last.rowid]))
  }
  const { span, conditions } = conditionsOf(proof, rule)
  const byTime = callsByTime(proof.selection, proof.readerId, [...inPeriod(span), ...conditions])
  return timedPage(db, 'proof', byTime, page)
}

/** Reads calls in the order of their time, or one person's from the index of people. */
function callsByTime(selection: ReportSelection, readerId: ProofOf['readerId'], conditions: readonly SQL[]): SQL {
  const index = readerId === null ? 'calls_by_time' : 'calls_by_user'
  const reader = readerId?.[0]
  const own = reader === undefined ? [] : [sql`${userId} = ${reader}`]
  return sql`FROM calls INDEXED BY ${sql.identifier(index)} WHERE ${all([...ofClient(selection), ...own, ...conditions])}`
}

/** Returns a page of calls, latest first. @param from the query from its FROM to its conditions */
export function timedPage(db: ReadableDb, list: string, from: SQL, { after, skip, limit }: PlaceInList): CallPage {
  const [at = null, row = null] = after === null ? [] : decodeCursor(list, after, [['number'], ['number']])
  const later = after === null ? sql`true` : sql`(calls.event_at, calls.rowid) < (${at}, ${row})`
  const found = readRows(
    db,
    { ...callColumns, rowid: calls.rowid },
    // Finds the places first, so that skipped rows are read from the index only.
    sql`FROM (SELECT calls.rowid AS place ${from} AND ${later} ORDER BY calls.event_at DESC, calls.rowid DESC
      LIMIT ${limit + 1} OFFSET ${skip}) CROSS JOIN calls ON calls.rowid = place`,
  )
  return pageOf(found, limit, (last) => encodeCursor(list, [last.eventAt, last.rowid]))
}

function pageOf<Row extends CallPage['rows'][number] & { readonly rowid: number }>(
  found: readonly Row[],
  limit: number,
  cursorOf: (last: Row) => Cursor,
): CallPage {
  const last = found.length > limit ? found[limit - 1] : undefined
  const rows = found.slice(0, limit).map(({ rowid: _rowid, ...call }) => call)
  return { rows, next: last === undefined ? null : cursorOf(last) }
}
