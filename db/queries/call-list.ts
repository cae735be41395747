import { sql, type SQL } from 'drizzle-orm'
import type { ReadableDb } from '../open.ts'
import { readRow, readRows, selected } from '../prepared.ts'
import { calls } from '../schema.ts'
import type { SqlValue } from '../statements.ts'
import {
  all,
  inPeriod,
  listedIn,
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
import { callsMatching, callsOf, holding, holdingWords, matching, type TextMatch } from './text-match.ts'
import { callsOfWeekHours } from './week-hours.ts'

/**
 * Finds one page of a sorted, filtered list of calls, as rowids in order. The index of each order also holds what filters test, so that even
 * a walk past every call reads no rows. The plan depends on what a bounded walk and the counts show:
 *
 * 1. Walk the order's index and test each entry, for a bounded number of entries. A filter that lets many calls pass fills the page here.
 * 2. Otherwise count the calls that pass a part of the filter (by the agents' index, the reasons' index, the totals of each day). If they are
 *    few, read those, test the rest of the filter, and sort.
 * 3. Otherwise continue the walk without a bound.
 *
 * FTS5 finds matches of a text quickly, but in no useful order: if there are many, the order's index is walked in chunks, and each chunk is
 * intersected with the matches; see `textPage`.
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
  /** The same where an index alone says which of them pass. */
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

type Walk = { readonly index: string; readonly range: readonly SQL[]; readonly tests: readonly SQL[] }

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
    const found = segment === undefined ? [] : walkSegment(db, walk, segment, limit, 0, { chosen, most: limits.firstLook })
    if (found.length === limit) return found
    const few = fewest(db, chosen, limits)
    if (few !== null) return gather(db, query, few)
  }
  return walkSegments(db, query, walk)
}

/** The index to walk for the order, the range of it that the filter leaves, and what has to be tested on the way. */
function bestWalk({ chosen, order }: CallPageQuery): Walk {
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

function walkSegments(db: ReadableDb, query: CallPageQuery, walk: Walk): number[] {
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

function walkSegment(db: ReadableDb, walk: Walk, segment: Segment, limit: number, skip: number, bound: Bound | null): number[] {
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

/** The part of the filter that the fewest calls pass; null where each lets many pass. */
function fewest(db: ReadableDb, chosen: ScopedFilter, { few, fewEntries }: PlanLimits): CallSource | null {
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

function countUpTo(db: ReadableDb, { from, where }: CallSource, most: number): number {
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

function gather(db: ReadableDb, { chosen, order, after, skip, limit }: CallPageQuery, few: CallSource): number[] {
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

/**
 * Few matches are read and sorted. Many are met soon on a walk of the order. A walk that meets too few within its bound ends, and the part of
 * the filter with few calls or, if there is none, all matches are read. Only if those are too many, the walk continues.
 */
function textPage(db: ReadableDb, query: CallPageQuery, match: TextMatch, limits: PlanLimits): number[] {
  const few = match.holds === null ? limits.few : limits.fewToRead
  const matches = countMatches(db, match, query.skip > 0 ? limits.fewToJump : few)
  if (matches <= few) return gather(db, query, { from: callsMatching(match), where: holding(match) })
  if (query.skip === 0) {
    const found = walkMatches(db, query, match, { ...limits, walked: limits.firstLook })
    if (found !== null) return found
  }
  const narrower = fewest(db, query.chosen, { ...limits, fewEntries: limits.few })
  if (narrower !== null) {
    const candidates = rowids(db, sql`FROM ${narrower.from} WHERE ${all(narrower.where)}`)
    return gather(db, query, { from: callsOf([...matchesAmong(db, match, candidates)]), where: [] })
  }
  if (countMatches(db, match, limits.fewToJump) <= limits.fewToJump)
    return gather(db, query, { from: callsMatching(match), where: holding(match) })
  return walkMatches(db, query, match, { ...limits, walked: Infinity }) ?? []
}

/** Counts the calls that the index finds for a search, up to `most + 1`. Calls to leave out are counted too. */
export function countMatches(db: ReadableDb, match: TextMatch, most: number): number {
  if (match.rowids !== null) return Math.min(match.rowids.length, most + 1)
  return countUpTo(db, { from: sql.identifier(match.index).getSQL(), where: [matching(match)] }, most)
}

/** Returns the search with the rowids that it finds, if those are few. Then the index is searched no more. */
export function withRowids(db: ReadableDb, match: TextMatch, { fewToKeep }: PlanLimits = PLAN_LIMITS): TextMatch {
  const found = entryRowids(db, sql`FROM ${sql.identifier(match.index)} WHERE ${matching(match)} LIMIT ${fewToKeep + 1}`)
  if (found.length > fewToKeep) return match
  const tests = holdingWords(match.holds)
  return {
    ...match,
    holds: null,
    rowids: tests.length === 0 ? found : rowids(db, sql`FROM ${callsOf(found)} WHERE ${all(tests)}`),
  }
}

/**
 * Walks the order's index in growing chunks and intersects each with the matches. Returns null if `walked` entries do not fill the page.
 */
function walkMatches(
  db: ReadableDb,
  query: CallPageQuery,
  match: TextMatch,
  limits: PlanLimits & { readonly walked: number },
): number[] | null {
  const { limit, order } = query
  const walk = bestWalk(query)
  const found: number[] = []
  let { skip } = query
  let size = Math.max(limits.leastChunk, limits.firstChunk * (skip + limit))
  let walked = 0
  for (let [segment, ...rest] = order.segments(query.after); segment !== undefined;) {
    if (walked >= limits.walked) return null
    const where = all([...walk.range, ...walk.tests, ...segment.within])
    const chunk = readRows(
      db,
      { rowid, value: sql<SqlValue>`${order.column}` },
      sql`FROM calls INDEXED BY ${sql.identifier(walk.index)} WHERE ${where} ORDER BY ${segment.order} LIMIT ${size}`,
    )
    const matched = matchesAmong(
      db,
      match,
      chunk.map((entry) => entry.rowid),
    )
    for (const entry of chunk) {
      if (!matched.has(entry.rowid)) continue
      if (skip > 0) skip--
      else if (found.push(entry.rowid) === limit) return found
    }
    const last = chunk.at(-1)
    if (chunk.length === size && last !== undefined) [segment, ...rest] = order.segments(last)
    else [segment, ...rest] = rest
    walked += size
    size = Math.min(size * 4, limits.largestChunk)
  }
  return found
}

/**
 * Returns those of `candidates` that match. FTS5 searches the range of their rowids once. Without the unary plus it would search once for each
 * of them, which takes a thousand times longer. The driver binds numbers as floating point, for which FTS5 would read all matches.
 */
function matchesAmong(db: ReadableDb, match: TextMatch, candidates: readonly number[]): Set<number> {
  if (candidates.length === 0) return new Set()
  let [least, most] = [Infinity, -Infinity]
  for (const candidate of candidates) [least, most] = [Math.min(least, candidate), Math.max(most, candidate)]
  const among = (some: Pick<TextMatch, 'index' | 'query' | 'rowids'>) =>
    some.rowids ??
    entryRowids(
      db,
      sql`FROM ${sql.identifier(some.index)} WHERE ${matching(some)}
        AND rowid BETWEEN CAST(${least} AS INTEGER) AND CAST(${most} AS INTEGER) AND +rowid ${listedIn(candidates)}`,
    )
  const matched = new Set(among(match))
  const found = match.rowids === null ? matched : new Set(candidates.filter((candidate) => matched.has(candidate)))
  for (const other of match.without) for (const left of among(other)) found.delete(left)
  const tests = holdingWords(match.holds)
  return tests.length === 0 ? found : new Set(rowids(db, sql`FROM ${callsOf([...found])} WHERE ${all(tests)}`))
}

/** A page far down a list whose length the totals give; null if they do not. */
function jump(db: ReadableDb, query: CallPageQuery): number[] | null {
  const { chosen, order } = query
  if (chosen.userIds !== null || chosen.weekHours !== null) return null
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
  const { calls: total, timed } = countByTotals(db, chosen)
  const walk = bestWalk(query)
  const segments = order.segments(null)
  const lengths = segments.length === 1 ? [total] : [timed, total - timed]
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

/** Returns the rowids of calls. @param rest the query from its FROM on */
function rowids(db: ReadableDb, rest: SQL): number[] {
  return readRows(db, { rowid }, rest).map((call) => call.rowid)
}

/** Returns the rowids of entries of an index. @param rest as of `rowids`, but without the calls themselves */
function entryRowids(db: ReadableDb, rest: SQL): number[] {
  return readRows(db, { rowid: sql<number>`rowid` }, rest).map((entry) => entry.rowid)
}

function count(db: ReadableDb, rest: SQL): number {
  return readRow(db, { count: sql<number>`count(*)` }, rest)?.count ?? 0
}
