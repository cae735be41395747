import { sql, type SQL } from 'drizzle-orm'
import type { ReadableDb } from '../open.ts'
import { readRow, readRows, selected } from '../prepared.ts'
import { calls } from '../schema.ts'
import {
  all,
  inPeriod,
  ofClient,
  ofDetails,
  ofKinds,
  ofTotalled,
  ofUsers,
  tested,
  type CallSource,
  type ScopedFilter,
} from './call-filter.ts'
import type { CallOrder, Key, Segment } from './call-order.ts'
import { countByTotals, dayCounts } from './call-totals.ts'
import { callsOfWeekHours } from './week-hours.ts'

/*
 * The ways to find calls of a filter: a walk of an order's index, or the calls of the narrowest part of the filter. `call-list.ts` chooses between
 * them.
 */

export type CallPageQuery = {
  readonly chosen: ScopedFilter
  readonly order: CallOrder
  readonly after: Key | null
  readonly skip: number
  readonly limit: number
}

/** Numbers of calls at which another plan is used. Measured at a million; tests make them small to meet every plan with few calls. */
export const PLAN_LIMITS = {
  /** Index entries that the first walk looks at. */
  firstLook: 20_000,
  /** Calls that are fetched and sorted rather than walked to. */
  few: 15_000,
  /** The same limit if an index alone decides which calls pass. */
  fewEntries: 120_000,
  /** Matches of a text that are fetched and sorted if a bounded walk meets too few of them, or for a jump among them. */
  fewToJump: 100_000,
  /** Matches of a text whose rowids are read once for all steps of a search. */
  fewToKeep: 4_000,
  /** Matches of parts of words whose texts are read. */
  fewToRead: 8_000,
  /** Index entries of the first chunk for each call that is looked for, and at least. */
  firstChunk: 5,
  leastChunk: 64,
  largestChunk: 128_000,
}
export type PlanLimits = Readonly<typeof PLAN_LIMITS>

export type Walk = { readonly index: string; readonly range: readonly SQL[]; readonly tests: readonly SQL[] }

/** The index to walk for the order, the range of it that the filter leaves, and what has to be tested on the way. */
export function bestWalk({ chosen, order }: Pick<CallPageQuery, 'chosen' | 'order'>): Walk {
  const client = ofClient(chosen)
  const kinds = ofKinds(chosen)
  const users = ofUsers(chosen)
  const period = inPeriod(chosen)
  if (order.by !== 'eventAt') return { index: order.index, range: client, tests: [...period, ...users, ...kinds] }
  if (chosen.userIds?.length === 1) return { index: 'calls_by_user', range: [...client, ...users, ...period], tests: kinds }
  if (chosen.lossReasonIds?.length === 1)
    return {
      index: 'calls_by_loss_reason',
      range: [...client, ...ofTotalled(chosen), ...period],
      tests: [...users, ...ofDetails(chosen)],
    }
  return { index: 'calls_by_time', range: [...client, ...period], tests: [...users, ...kinds] }
}

export function walkSegments(db: ReadableDb, query: CallPageQuery, walk: Walk): number[] {
  const found: number[] = []
  let { skip } = query
  for (const segment of segmentsWithCalls(db, query)) {
    const wanted = query.limit - found.length
    const some = walkSegment(db, walk, segment, wanted, skip, null)
    found.push(...some)
    if (found.length === query.limit) return found
    // If rows were found, the skip ended in this segment. Otherwise the segment's calls are subtracted from it.
    if (skip > 0) skip = some.length > 0 ? 0 : skip - countSegment(db, walk, segment)
  }
  return found
}

/** The segments that are not empty by the totals. A call that was never completed has no duration. */
function segmentsWithCalls(db: ReadableDb, { chosen, order, after }: CallPageQuery): Segment[] {
  const segments = order.segments(after)
  if (segments.length === 1 || ofKinds(chosen).length === 0) return segments
  const { calls: total, timed } = countByTotals(db, chosen)
  return segments.filter((_, position) => (position === 0 ? timed > 0 : total > timed))
}

/** What a filter tests of an entry of an order's index. */
const { rowid, userId, eventAt, callType, status, outcome, lossReasonId, callDuration } = calls
const TESTED = {
  rowid,
  user_id: userId,
  event_at: eventAt,
  call_type: callType,
  status,
  outcome,
  loss_reason_id: lossReasonId,
}
const ENTRY = selected(TESTED)
/** The index of names does not contain durations, so they are read only if they are tested. */
const TIMED_ENTRY = selected({ ...TESTED, call_duration: callDuration })

/** The filter of a walk past at most `most` entries. */
type Bound = { readonly chosen: ScopedFilter; readonly most: number }

export function walkSegment(
  db: ReadableDb,
  walk: Walk,
  segment: Segment,
  limit: number,
  skip: number,
  bound: Bound | null,
): number[] {
  const range = [...walk.range, ...segment.within]
  const isBounded = bound !== null && walk.tests.length > 0
  const inner = all(isBounded ? range : [...range, ...walk.tests])
  const from = sql`FROM calls INDEXED BY ${sql.identifier(walk.index)} WHERE ${inner} ORDER BY ${segment.order}`
  const page = sql`LIMIT ${limit} OFFSET ${skip}`
  if (!isBounded) return rowids(db, sql`${from} ${page}`)
  const entry = bound.chosen.hasDuration === null ? ENTRY : TIMED_ENTRY
  return entryRowids(db, sql`FROM (SELECT ${entry} ${from} LIMIT ${bound.most}) WHERE ${all(walk.tests)} ${page}`)
}

function countSegment(db: ReadableDb, walk: Walk, segment: Segment): number {
  const where = all([...walk.range, ...segment.within, ...walk.tests])
  return count(db, sql`FROM calls INDEXED BY ${sql.identifier(walk.index)} WHERE ${where}`)
}

/** The part of the filter that the fewest calls pass; null if every part passes many calls. */
export function fewest(db: ReadableDb, chosen: ScopedFilter, { few, fewEntries }: PlanLimits): CallSource | null {
  const client = ofClient(chosen)
  const period = inPeriod(chosen)
  const counted: { readonly source: CallSource; readonly calls: number }[] = []
  const consider = (index: string, where: readonly SQL[], most: number) =>
    considerSource({ from: sql`calls INDEXED BY ${sql.identifier(index)}`, where }, most)
  const considerSource = (source: CallSource, most: number) => {
    const found = countUpTo(db, source, most)
    if (found <= most) counted.push({ source, calls: found })
  }
  if (chosen.lossReasonIds !== null)
    consider(
      'calls_by_loss_reason',
      [...client, ...ofTotalled({ ...NO_KINDS, lossReasonIds: chosen.lossReasonIds }), ...period],
      few,
    )
  if (chosen.userIds !== null) consider('calls_by_user', [...client, ...ofUsers(chosen), ...period], fewEntries)
  if (chosen.weekHours !== null)
    considerSource({ from: callsOfWeekHours(chosen.weekHours, 'calls_by_time'), where: client, hasSpans: true }, fewEntries)
  const days = ofSomeDays(db, chosen, fewEntries)
  if (days !== null) counted.push(days)
  return counted.toSorted((a, b) => a.calls - b.calls)[0]?.source ?? null
}

const NO_KINDS = { callTypes: null, statuses: null, outcomes: null, lossReasonIds: null, weekHours: null, hasDuration: null }

export function countUpTo(db: ReadableDb, { from, where }: CallSource, most: number): number {
  return count(db, sql`FROM (SELECT 1 FROM ${from} WHERE ${all(where)} LIMIT ${most + 1})`)
}

/** The days with matching calls by the totals, with all calls of those days; null if those are too many. */
function ofSomeDays(db: ReadableDb, chosen: ScopedFilter, most: number): { source: CallSource; calls: number } | null {
  if (inPeriod(chosen).length === 0 && ofKinds(chosen).length === 0) return null
  if (countByTotals(db, chosen).calls > most) return null
  const days = dayCounts(db, chosen).filter((day) => day.calls > 0)
  const walked = new Map(dayCounts(db, { ...chosen, ...NO_KINDS }).map((day) => [day.from, day.calls]))
  const total = days.reduce((sum, { from }) => sum + (walked.get(from) ?? 0), 0)
  if (total > most) return null
  const spans = JSON.stringify(days.map((day) => ({ from: day.from, to: day.to })))
  const from = sql`json_each(${spans}) AS day CROSS JOIN calls INDEXED BY calls_by_time
    ON ${calls.eventAt} >= day.value ->> 'from' AND ${calls.eventAt} < day.value ->> 'to'`
  return { source: { from, where: ofClient(chosen), hasSpans: true }, calls: total }
}

export function gather(db: ReadableDb, { chosen, order, after, skip, limit }: CallPageQuery, few: CallSource): number[] {
  const times = [...inPeriod(chosen), ...(after === null ? [] : [order.after(after)])]
  // SQLite tests in this order, and a condition of the source may run a function on each text.
  const where = [
    ...ofClient(chosen),
    ...(few.hasSpans === true ? times.map(tested) : times),
    ...ofUsers(chosen),
    ...ofKinds(chosen),
    ...few.where,
  ]
  return rowids(db, sql`FROM ${few.from} WHERE ${all(where)} ORDER BY ${order.sorted()} LIMIT ${limit} OFFSET ${skip}`)
}

/** Returns the rowids of calls. @param rest the query from its FROM on */
export function rowids(db: ReadableDb, rest: SQL): number[] {
  return readRows(db, { rowid }, rest).map((call) => call.rowid)
}

/** Returns the rowids of entries of an index. @param rest as of `rowids`, but without the calls themselves */
export function entryRowids(db: ReadableDb, rest: SQL): number[] {
  return readRows(db, { rowid: sql<number>`rowid` }, rest).map((entry) => entry.rowid)
}

function count(db: ReadableDb, rest: SQL): number {
  return readRow(db, { count: sql<number>`count(*)` }, rest)?.count ?? 0
}
