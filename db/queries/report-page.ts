import { eq, sql } from 'drizzle-orm'
import { must } from '../../core/assert.ts'
import type { Ageing, ReportBucket } from '../../core/contract/reports.ts'
import type { ClientId, LossReasonId, UserId } from '../../core/id.ts'
import { addCounts } from '../../core/metrics/count-sums.ts'
import { NO_CALLS, NO_REASON, type CallCounts, type LossCount } from '../../core/metrics/metrics.ts'
import { bucketsOf, type BucketSize, type ReportClock } from '../../core/time/report-periods.ts'
import type { TimeRange } from '../../core/time/time-range.ts'
import type { ReadableDb } from '../open.ts'
import { query, readRow, type Named } from '../prepared.ts'
import { calls, lossReasons } from '../schema.ts'
import { named } from './call-filter.ts'
import {
  countsByBucket,
  fromUndecided,
  type CountedPart,
  lossesByReason,
  undecidedByPart,
  type ReportSelection,
} from './report-counts.ts'

const reasonsOfClient = query((orm, { clientId }: Named<{ clientId: ClientId }>) =>
  orm
    .select({ id: lossReasons.id, name: lossReasons.name, isActive: lossReasons.isActive })
    .from(lossReasons)
    .where(eq(lossReasons.clientId, clientId)),
)

/** Adds the counts of people. */
export function total(people: ReadonlyMap<UserId, CallCounts>): CallCounts {
  return [...people.values()].reduce(addCounts, NO_CALLS)
}

/** Counts the lost calls of a period by reason, with the names of the reasons. Reasons without lost calls are left out. */
export function lossCounts(db: ReadableDb, selection: ReportSelection, range: TimeRange): LossCount[] {
  return namedLosses(db, selection.clientId, lossesByReason(db, selection, range))
}

/** Adds the names of the loss reasons to their counts. */
export function namedLosses(db: ReadableDb, clientId: ClientId, losses: ReadonlyMap<LossReasonId | null, number>): LossCount[] {
  const names = new Map(reasonsOfClient.all(db, { clientId }).map((reason) => [reason.id, reason]))
  return [...losses].map(([lossReasonId, count]) => {
    const reason = lossReasonId === null ? undefined : must(names.get(lossReasonId), 'A call’s loss reason exists')
    return { lossReasonId, name: reason?.name ?? NO_REASON, isActive: reason?.isActive ?? true, count }
  })
}

/**
 * Returns the counts of a period by day, week or month.
 * @param known edges that are already counted
 */
export function trend(
  db: ReadableDb,
  selection: ReportSelection,
  range: TimeRange,
  { size, clock, known }: { readonly size: BucketSize; readonly clock: ReportClock; readonly known?: readonly CountedPart[] },
): ReportBucket[] {
  const buckets = bucketsOf(range, size, clock)
  const counts = countsByBucket(db, selection, buckets, size === 'month', known)
  return buckets.map((bucket, index) => ({ ...bucket, counts: counts[index] ?? NO_CALLS }))
}

/**
 * Returns the ages of the undecided calls of a period: nearest-rank quantiles of now − completion.
 * @param count number of undecided calls in the period
 */
export function undecidedAgeing(
  db: ReadableDb,
  selection: ReportSelection,
  range: TimeRange,
  { count, now }: { readonly count: number; readonly now: number },
): Ageing {
  const parts = count === 0 ? [] : undecidedByPart(db, selection, range, true)
  // The rank of an age counts from the latest call.
  const age = (share: number) => {
    const at = undecidedAt(db, selection, parts, count - Math.ceil(share * count))
    return at === undefined ? null : now - at
  }
  return { count, median: age(0.5), p90: age(0.9) }
}

/**
 * Returns the event time of the undecided call with `rank`; the earliest call has rank 0. Uses the totals of months, then of days, so that
 * only the calls of one day are read.
 */
function undecidedAt(
  db: ReadableDb,
  selection: ReportSelection,
  parts: ReturnType<typeof undecidedByPart>,
  rank: number,
): number | undefined {
  const month = partWith(parts, rank)
  if (month === undefined) return undefined
  const day = partWith(undecidedByPart(db, selection, month.part, false), month.rank)
  if (day === undefined) return undefined
  const at = sql<number>`${named(calls.eventAt)}`
  return readRow(db, { at }, sql`${fromUndecided(selection, day.part)} ORDER BY ${at} LIMIT 1 OFFSET ${day.rank}`)?.at
}

/** Returns the part that contains the undecided call with `rank`, and its rank in the part. */
function partWith(parts: ReturnType<typeof undecidedByPart>, rank: number) {
  for (const part of parts) {
    if (rank < part.undecided) return { part, rank }
    rank -= part.undecided
  }
  return undefined
}
