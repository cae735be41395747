import { eq, sql } from 'drizzle-orm'
import { must } from '../../core/assert.ts'
import type { Ageing, ReportBucket } from '../../core/contract/reports.ts'
import type { ClientId, LossReasonId, UserId } from '../../core/id.ts'
import { addCounts } from '../../core/metrics/count-sums.ts'
import { NO_CALLS, NO_REASON, type CallCounts, type LossCount } from '../../core/metrics/metrics.ts'
import { bucketsOf, type BucketSize, type ReportClock } from '../../core/time/report-periods.ts'
import type { TimeRange } from '../../core/time/time-range.ts'
import type { ReadableDb } from '../open.ts'
import { query, readRows, type Named } from '../prepared.ts'
import { calls, lossReasons } from '../schema.ts'
import { all, inPeriod, named } from './call-filter.ts'
import { countsByBucket, countsByPart, lossesByReason, ofPeople, type ReportSelection } from './report-counts.ts'

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

/** Returns the counts of a period by day, week or month. */
export function trend(
  db: ReadableDb,
  selection: ReportSelection,
  range: TimeRange,
  size: BucketSize,
  clock: ReportClock,
): ReportBucket[] {
  const buckets = bucketsOf(range, size, clock)
  const counts = countsByBucket(db, selection, buckets, size === 'month')
  return buckets.map((bucket, index) => ({ ...bucket, counts: counts[index] ?? NO_CALLS }))
}

/**
 * Returns the event time of the undecided call with `rank` (from 0, the earliest is the first). Follows the totals from months to days, so
 * that only the calls of one day are read.
 */
function undecidedAt(db: ReadableDb, selection: ReportSelection, range: TimeRange, rank: number): number | undefined {
  for (const usesMonths of [true, false]) {
    const parts = countsByPart(db, selection, range, usesMonths)
    const part = parts.find(({ undecided }) => {
      if (rank < undecided) return true
      rank -= undecided
      return false
    })
    if (part === undefined) return undefined
    range = { from: part.from, to: part.to }
  }
  // As a literal: SQLite uses the partial index only if the query repeats its condition.
  const where = all([...ofPeople(selection), ...inPeriod(range), sql`${named(calls.outcome)} = 'undecided'`])
  const at = sql<number>`${named(calls.eventAt)}`
  const [found] = readRows(
    db,
    { at },
    sql`FROM calls INDEXED BY calls_undecided WHERE ${where} ORDER BY ${at} LIMIT 1 OFFSET ${rank}`,
  )
  return found?.at
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
  // The rank of an age counts from the latest call.
  const age = (share: number) => {
    const at = count === 0 ? undefined : undecidedAt(db, selection, range, count - Math.ceil(share * count))
    return at === undefined ? null : now - at
  }
  return { count, median: age(0.5), p90: age(0.9) }
}
