import type { ReadableDb } from '../open.ts'
import { row, rows, type SqlValue } from '../statements.ts'
import { all, inPeriod, ofClient, ofKinds, ofUsers, values, type CallSelection, type Condition } from './call-filter.ts'
import type { CallOrder, Key, Segment } from './call-order.ts'
import { countByTotals, dayCounts } from './call-totals.ts'

/**
 * Finds one page of a sorted, filtered list of calls, as rowids in order. No single plan is quick for every filter, so it looks first
 * and thinks then:
 *
 * 1. Walk the index that has the order, testing each entry, for a bounded number of entries. A filter that lets many calls pass fills
 *    the page here.
 * 2. Otherwise ask every index that knows a part of the filter how many calls pass it, counting no further than `few`. If some part
 *    leaves few, fetch those, test the rest, and sort.
 * 3. Otherwise walk on without a bound.
 *
 * A text filter begins with step 2: FTS5 tells matches quickly but in no useful order. Where there are many, the order's index is
 * walked in chunks and each chunk is intersected with the matches.
 */
export type CallPageQuery = {
  readonly chosen: CallSelection
  readonly order: CallOrder
  readonly after: Key | null
  readonly skip: number
  readonly limit: number
}

/** Where one plan gives way to another, in calls. Measured at a million; a test makes them small to meet every plan with few calls. */
export const PLAN_LIMITS = {
  /** Entries that the first walk looks at, of an index that holds what is tested. */
  coveredLook: 20_000,
  /** The same where each entry is a row fetched. */
  fetchedLook: 3_000,
  /** Calls that are fetched and sorted rather than walked to. */
  few: 15_000,
  /** The same for a jump within the matches of a text. */
  fewToJump: 100_000,
  firstChunk: 2_000,
  largestChunk: 128_000,
}
export type PlanLimits = Readonly<typeof PLAN_LIMITS>

type Walk = {
  readonly index: string
  readonly range: readonly Condition[]
  readonly tests: readonly Condition[]
  readonly covered: boolean
}

export function pageRowids(db: ReadableDb, query: CallPageQuery, limits: PlanLimits = PLAN_LIMITS): number[] {
  const { chosen, skip, limit, after } = query
  if (chosen.userIds?.length === 0) return []
  if (chosen.match !== null) return textPage(db, query, chosen.match, limits)
  if (skip > 0 && after === null) {
    const jumped = jump(db, query)
    if (jumped !== null) return jumped
  }
  const walk = bestWalk(query)
  if (skip === 0 && walk.tests.length > 0) {
    const [segment] = query.order.segments(after)
    const bound = walk.covered ? limits.coveredLook : limits.fetchedLook
    const found = segment === undefined ? [] : walkSegment(db, walk, segment, limit, 0, bound)
    if (found.length === limit) return found
    const few = fewest(db, chosen, limits.few)
    if (few !== null) return gather(db, query, few)
  }
  return walkSegments(db, query, walk)
}

/** The index to walk for the order, the range of it that the filter leaves, and what has to be tested on the way. */
function bestWalk({ chosen, order }: CallPageQuery): Walk {
  const client = ofClient(chosen)
  const kinds = ofKinds(chosen)
  const users = ofUsers(chosen)
  if (order.by !== 'eventAt')
    return { index: order.index, range: client, tests: [...inPeriod(chosen), ...users, ...kinds], covered: false }
  const period = inPeriod(chosen)
  if (chosen.userIds?.length === 1)
    return { index: 'calls_by_user', range: [...client, ...users, ...period], tests: kinds, covered: true }
  if (chosen.lossReasonIds?.length === 1)
    return { index: 'calls_by_loss_reason', range: [...client, ...kinds, ...period], tests: users, covered: false }
  return { index: 'calls_by_time', range: [...client, ...period], tests: [...users, ...kinds], covered: true }
}

function walkSegments(db: ReadableDb, query: CallPageQuery, walk: Walk): number[] {
  const found: number[] = []
  let { skip } = query
  for (const segment of query.order.segments(query.after)) {
    const wanted = query.limit - found.length
    const some = walkSegment(db, walk, segment, wanted, skip, null)
    found.push(...some)
    if (found.length === query.limit) return found
    // What the skip passed over in this stretch is known only where it ended within it.
    if (skip > 0) skip = some.length > 0 ? 0 : skip - countSegment(db, walk, segment)
  }
  return found
}

function walkSegment(db: ReadableDb, walk: Walk, segment: Segment, limit: number, skip: number, bound: number | null): number[] {
  const range = [...walk.range, ...segment.within]
  const tests = bound === null ? [] : walk.tests
  const inner = bound === null ? [...range, ...walk.tests] : range
  const from = `FROM calls INDEXED BY ${walk.index} WHERE ${all(inner)} ORDER BY ${segment.order}`
  const text =
    bound === null || tests.length === 0
      ? `SELECT rowid ${from} LIMIT ? OFFSET ?`
      : `SELECT rowid FROM (SELECT rowid, user_id, event_at, call_type, status, outcome, loss_reason_id ${from} LIMIT ${bound})
         WHERE ${all(tests)} LIMIT ? OFFSET ?`
  return rowids(db, text, ...values(inner), ...values(tests), limit, skip)
}

function countSegment(db: ReadableDb, walk: Walk, segment: Segment): number {
  const where = [...walk.range, ...segment.within, ...walk.tests]
  return count(db, `SELECT count(*) AS count FROM calls INDEXED BY ${walk.index} WHERE ${all(where)}`, ...values(where))
}

/** A part of the filter that few calls pass, as a query for the rowids of those. */
type Source = { readonly text: string; readonly values: readonly SqlValue[] }

/** The part of the filter that the fewest calls pass; null where each lets more than `few` pass. */
function fewest(db: ReadableDb, chosen: CallSelection, few: number): Source | null {
  const candidates = [ofSomeUsers(chosen), ofSomeReasons(chosen)].filter((source) => source !== null)
  const counted = candidates.map((source) => ({ source, calls: countUpTo(db, source, few) }))
  const known = countByTotals(db, chosen).calls
  if (known <= few) counted.push({ source: ofSomeDays(db, chosen), calls: known })
  const [best] = counted.toSorted((a, b) => a.calls - b.calls)
  return best !== undefined && best.calls <= few ? best.source : null
}

function countUpTo(db: ReadableDb, source: Source, most: number): number {
  return count(db, `SELECT count(*) AS count FROM (${source.text} LIMIT ${most + 1})`, ...source.values)
}

function among(index: string, conditions: readonly Condition[]): Source {
  return { text: `SELECT rowid AS found FROM calls INDEXED BY ${index} WHERE ${all(conditions)}`, values: values(conditions) }
}

function ofSomeUsers(chosen: CallSelection): Source | null {
  if (chosen.userIds === null) return null
  return among('calls_by_user', [...ofClient(chosen), ...ofUsers(chosen), ...inPeriod(chosen)])
}

function ofSomeReasons(chosen: CallSelection): Source | null {
  if (chosen.lossReasonIds === null) return null
  const { callTypes: _types, statuses: _statuses, outcomes: _outcomes, ...rest } = chosen
  const reasons = ofKinds({ ...rest, callTypes: null, statuses: null, outcomes: null })
  return among('calls_by_loss_reason', [...ofClient(chosen), ...reasons, ...inPeriod(chosen)])
}

/** The totals know on which days there are calls to be found; only those are walked. */
function ofSomeDays(db: ReadableDb, chosen: CallSelection): Source {
  const days = dayCounts(db, chosen).map(({ from, to }) => ({ from, to }))
  const kinds = ofKinds(chosen)
  return {
    text: `SELECT calls.rowid AS found FROM json_each(?) AS day CROSS JOIN calls INDEXED BY calls_by_time
             ON client_id = ? AND event_at >= day.value ->> 'from' AND event_at < day.value ->> 'to'
           WHERE ${all(kinds)}`,
    values: [JSON.stringify(days), chosen.clientId, ...values(kinds)],
  }
}

function gather(db: ReadableDb, { chosen, order, after, skip, limit }: CallPageQuery, few: Source): number[] {
  const tests = [
    ...ofClient(chosen),
    ...inPeriod(chosen),
    ...ofUsers(chosen),
    ...ofKinds(chosen),
    ...(after === null ? [] : [order.after(after)]),
  ]
  // CROSS JOIN keeps the order of the two: few rowids first, then one row each.
  const text = `SELECT calls.rowid FROM (${few.text}) CROSS JOIN calls ON calls.rowid = found
    WHERE ${all(tests)} ORDER BY ${order.sorted('calls.')} LIMIT ? OFFSET ?`
  return rowids(db, text, ...few.values, ...values(tests), limit, skip)
}

function textPage(db: ReadableDb, query: CallPageQuery, match: string, limits: PlanLimits): number[] {
  const matches: Source = { text: 'SELECT rowid AS found FROM calls_text WHERE calls_text MATCH ?', values: [match] }
  const few = query.skip > 0 ? limits.fewToJump : limits.few
  if (countUpTo(db, matches, few) <= few) return gather(db, query, matches)
  const narrower = fewest(db, query.chosen, limits.few)
  if (narrower === null) return walkMatches(db, query, match, limits)
  const both: Source = {
    text: `SELECT found FROM (${narrower.text}) WHERE found IN (SELECT rowid FROM calls_text WHERE calls_text MATCH ?)`,
    values: [...narrower.values, match],
  }
  return gather(db, query, both)
}

/** Walks the order's index in growing chunks and keeps what the text index knows of each. */
function walkMatches(db: ReadableDb, query: CallPageQuery, match: string, limits: PlanLimits): number[] {
  const { order, limit } = query
  const walk = bestWalk(query)
  const found: number[] = []
  let { skip } = query
  let size = limits.firstChunk
  for (let [segment, ...rest] = order.segments(query.after); segment !== undefined;) {
    const where = [...walk.range, ...walk.tests, ...segment.within]
    const chunk = rows<{ rowid: number; value: SqlValue }>(
      db,
      `SELECT rowid, ${order.column} AS value FROM calls INDEXED BY ${walk.index} WHERE ${all(where)} ORDER BY ${segment.order} LIMIT ?`,
      ...values(where),
      size,
    )
    const matching = matchesAmong(
      db,
      match,
      chunk.map(({ rowid }) => rowid),
    )
    for (const { rowid } of chunk) {
      if (!matching.has(rowid)) continue
      if (skip > 0) skip--
      else if (found.push(rowid) === limit) return found
    }
    const last = chunk.at(-1)
    if (chunk.length === size && last !== undefined) [segment, ...rest] = order.segments(last)
    else [segment, ...rest] = rest
    size = Math.min(size * 4, limits.largestChunk)
  }
  return found
}

/**
 * Those of `candidates` that match. FTS5 is asked once for the range of rowids in which they lie; the unary plus keeps it from being asked
 * once for each of them, which takes a thousand times longer.
 */
function matchesAmong(db: ReadableDb, match: string, candidates: readonly number[]): Set<number> {
  let [least, most] = [Infinity, -Infinity]
  for (const rowid of candidates) [least, most] = [Math.min(least, rowid), Math.max(most, rowid)]
  if (candidates.length === 0) return new Set()
  return new Set(
    rowids(
      db,
      `SELECT rowid FROM calls_text WHERE calls_text MATCH ? AND rowid BETWEEN ? AND ? AND +rowid IN (SELECT value FROM json_each(?))`,
      match,
      least,
      most,
      JSON.stringify(candidates),
    ),
  )
}

/** A page far down a list whose length the totals know; null where they do not. */
function jump(db: ReadableDb, query: CallPageQuery): number[] | null {
  const { chosen, order } = query
  if (chosen.userIds !== null) return null
  if (order.by === 'eventAt') return jumpByDay(db, query)
  const unfiltered = inPeriod(chosen).length === 0 && ofKinds(chosen).length === 0
  return unfiltered ? jumpFromNearerEnd(db, query) : null
}

/** The totals say on which day the page begins. */
function jumpByDay(db: ReadableDb, query: CallPageQuery): number[] {
  const { chosen, order } = query
  const days = dayCounts(db, chosen)
  if (order.descending) days.reverse()
  let { skip } = query
  let first = 0
  for (; first < days.length && skip >= (days[first]?.calls ?? 0); first++) skip -= days[first]?.calls ?? 0
  const day = days[first]
  if (day === undefined) return []
  const rest = order.descending ? { ...chosen, to: day.to } : { ...chosen, from: day.from }
  const narrowed = { ...query, chosen: rest, skip }
  return walkSegments(db, narrowed, bestWalk(narrowed))
}

/** An index is as quick from its end as from its beginning. */
function jumpFromNearerEnd(db: ReadableDb, query: CallPageQuery): number[] {
  const { chosen, order, limit } = query
  const { calls, timed } = countByTotals(db, chosen)
  const walk = bestWalk(query)
  const segments = order.segments(null)
  const lengths = segments.length === 1 ? [calls] : [timed, calls - timed]
  const found: number[] = []
  let { skip } = query
  for (const [position, segment] of segments.entries()) {
    const length = lengths[position] ?? 0
    const wanted = Math.min(limit - found.length, length - skip)
    if (wanted > 0) {
      const fromEnd = length - skip - wanted
      if (fromEnd < skip) {
        const backwards = { ...segment, order: segment.reversed }
        found.push(...walkSegment(db, walk, backwards, wanted, fromEnd, null).toReversed())
      } else found.push(...walkSegment(db, walk, segment, wanted, skip, null))
    }
    skip = Math.max(0, skip - length)
  }
  return found
}

function rowids(db: ReadableDb, text: string, ...bound: readonly SqlValue[]): number[] {
  return rows<{ rowid: number }>(db, text, ...bound).map(({ rowid }) => rowid)
}

function count(db: ReadableDb, text: string, ...bound: readonly SqlValue[]): number {
  return row<{ count: number }>(db, text, ...bound)?.count ?? 0
}
