import type { ReadableDb } from '../open.ts'
import { inPeriod, ofKinds } from './call-filter.ts'
import { textPage } from './call-text-pages.ts'
import { countByTotals, dayCounts } from './call-totals.ts'
import {
  bestWalk,
  fewest,
  gather,
  PLAN_LIMITS,
  walkSegment,
  walkSegments,
  type CallPageQuery,
  type PlanLimits,
} from './call-walks.ts'

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
