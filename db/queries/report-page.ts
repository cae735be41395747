import { eq, sql } from 'drizzle-orm'
import { must } from '../../core/assert.ts'
import type { Ageing, ReportBucket } from '../../core/contract/reports.ts'
import type { ClientId, UserId } from '../../core/id.ts'
import { NO_CALLS, NO_REASON, type CallCounts, type LossCount } from '../../core/metrics/metrics.ts'
import { bucketsOf, type BucketSize, type ReportClock } from '../../core/time/report-periods.ts'
import type { TimeRange } from '../../core/time/time-range.ts'
import type { ReadableDb } from '../open.ts'
import { query, readRows, type Named } from '../prepared.ts'
import { calls, lossReasons } from '../schema.ts'
import { all, inPeriod, named } from './call-filter.ts'
import { addCounts, countsByBucket, lossesByReason, ofPeople, type ReportSelection } from './report-counts.ts'

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
  const names = new Map(reasonsOfClient.all(db, { clientId: selection.clientId }).map((reason) => [reason.id, reason]))
  return [...lossesByReason(db, selection, range)].map(([lossReasonId, count]) => {
    const reason = lossReasonId === null ? undefined : must(names.get(lossReasonId), 'A call’s loss reason exists')
    return { lossReasonId, name: reason?.name ?? NO_REASON, isActive: reason?.isActive ?? true, count }
  })
}

/** Counts a period by days, weeks or months. */
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

/** Returns the ages of the undecided calls of a period. */
export function undecidedAgeing(db: ReadableDb, selection: ReportSelection, range: TimeRange, now: number): Ageing {
  // As a literal: SQLite uses the partial index only if the query repeats its condition.
  const where = all([...ofPeople(selection), ...inPeriod(range), sql`${named(calls.outcome)} = 'undecided'`])
  const rest = sql`FROM calls INDEXED BY calls_undecided WHERE ${where}`
  const [counted] = readRows(db, { count: sql<number>`count(*)` }, rest)
  const count = must(counted, 'An aggregate has one row').count
  // The nearest rank: the youngest calls are the last ones.
  const age = (share: number) => {
    const skipped = Math.ceil(share * count) - 1
    const latest = sql`${rest} ORDER BY ${named(calls.eventAt)} DESC LIMIT 1 OFFSET ${skipped}`
    const [found] = readRows(db, { at: sql<number>`${named(calls.eventAt)}` }, latest)
    return found === undefined ? null : now - found.at
  }
  return { count, median: count === 0 ? null : age(0.5), p90: count === 0 ? null : age(0.9) }
}
