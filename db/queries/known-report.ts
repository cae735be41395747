import type { Ageing, ReportPage } from '../../core/contract/reports.ts'
import { comparedFigures } from '../../core/metrics/change.ts'
import { addCounts } from '../../core/metrics/count-sums.ts'
import { lossPareto, NO_CALLS, type CallCounts, type HourCounts, type LossCount } from '../../core/metrics/metrics.ts'
import type { ReportEffects } from '../../core/metrics/report-effects.ts'
import type { UserId } from '../../core/id.ts'
import type { ReadableDb } from '../open.ts'
import { undecidedByPart, type ReportSelection } from './report-counts.ts'
import { namedLosses, total } from './report-page.ts'

/** The report and the hours of the week of the present calls, and the effects of undoing all later changes. */
export type KnownParts = {
  readonly page: ReportPage
  readonly hours: readonly HourCounts[]
  readonly effects: ReportEffects
}

function addedTo(people: ReadonlyMap<UserId, CallCounts>, effects: ReadonlyMap<UserId, CallCounts>): Map<UserId, CallCounts> {
  const sums = new Map(people)
  for (const [userId, counts] of effects) sums.set(userId, addCounts(sums.get(userId) ?? NO_CALLS, counts))
  return new Map(
    [...sums].filter(([, { completed, noShow, rescheduled, cancelled, scheduled }]) =>
      [completed, noShow, rescheduled, cancelled, scheduled].some((count) => count !== 0),
    ),
  )
}

/** Returns the report as it was: the present counts with the effects. */
export function knownPage(db: ReadableDb, selection: ReportSelection, { page, effects }: KnownParts): ReportPage {
  const people = addedTo(new Map(page.people.map(({ userId, counts }) => [userId, counts])), effects.people)
  const formerPeople =
    page.former === null
      ? null
      : addedTo(new Map(page.people.map(({ userId, former }) => [userId, former ?? NO_CALLS])), effects.formerPeople)
  const counts = total(people)
  const former = formerPeople === null ? null : total(formerPeople)
  const bucketsWith = (buckets: ReportPage['buckets'], changes: readonly CallCounts[]) =>
    buckets.map((bucket, index) => ({ ...bucket, counts: addCounts(bucket.counts, changes[index] ?? NO_CALLS) }))
  return {
    ...page,
    counts,
    former,
    figures: comparedFigures(counts, former),
    buckets: bucketsWith(page.buckets, effects.buckets),
    formerBuckets: bucketsWith(page.formerBuckets, effects.formerBuckets),
    lossReasons: lossPareto(lossesWith(db, selection, page, effects)),
    people: [...new Set([...people.keys(), ...(formerPeople?.keys() ?? [])])].map((userId) => ({
      userId,
      counts: people.get(userId) ?? NO_CALLS,
      former: formerPeople === null ? null : (formerPeople.get(userId) ?? NO_CALLS),
    })),
    undecided: knownAgeing(db, selection, page, { count: counts.undecided, effects }),
    // Team averages and targets are those of today, so they are not part of an earlier report.
    team: null,
    targets: [],
    goals: [],
    teamTargets: [],
  }
}

/** Returns the hours of the week as they were. */
export function knownHours({ hours, effects }: KnownParts): HourCounts[] {
  return hours.map((hour, index) => {
    const change = effects.hours[index]
    if (change === undefined) return hour
    return {
      calls: hour.calls + change.calls,
      completed: hour.completed + change.completed,
      noShow: hour.noShow + change.noShow,
      rescheduled: hour.rescheduled + change.rescheduled,
      won: hour.won + change.won,
    }
  })
}

function lossesWith(db: ReadableDb, { clientId }: ReportSelection, page: ReportPage, { losses }: ReportEffects): LossCount[] {
  const counts = new Map(page.lossReasons.map(({ lossReasonId, count }) => [lossReasonId, count]))
  for (const [lossReasonId, change] of losses) counts.set(lossReasonId, (counts.get(lossReasonId) ?? 0) + change)
  return namedLosses(db, clientId, new Map([...counts].filter(([, count]) => count > 0)))
}

/** Returns the nearest-rank quantiles of the ages of the calls that were undecided then. */
function knownAgeing(
  db: ReadableDb,
  selection: ReportSelection,
  { range, computedAt, undecided }: ReportPage,
  { count, effects }: { readonly count: number; readonly effects: ReportEffects },
): Ageing {
  const [added, taken] = [sortedTimes(effects.undecidedAdded), sortedTimes(effects.undecidedTaken)]
  if (added.length === 0 && taken.length === 0) return undecided
  /** Returns how many of the calls happened at or before an instant. */
  const countUpTo = (at: number) =>
    undecidedByPart(db, selection, { from: range.from, to: at + 1 }, true).reduce((sum, part) => sum + part.undecided, 0) +
    rankOf(added, at) -
    rankOf(taken, at)
  const age = (share: number) => {
    if (count === 0) return null
    // The oldest call has the greatest age, so the rank is counted from the latest one.
    const rank = count - Math.ceil(share * count) + 1
    let [low, high] = [range.from, range.to - 1]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if (countUpTo(middle) >= rank) high = middle
      else low = middle + 1
    }
    return computedAt - low
  }
  return { count, median: age(0.5), p90: age(0.9) }
}

const sortedTimes = (times: readonly number[]) => Float64Array.from(times).toSorted()

/** Returns the number of times at or before an instant. */
function rankOf(times: Float64Array, at: number): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if ((times[middle] ?? Infinity) <= at) low = middle + 1
    else high = middle
  }
  return low
}
