import type { UserId } from '../../core/id.ts'
import { callsOf } from '../../core/figures/report-parts.ts'
import { NO_CALLS, type CallCounts } from '../../core/metrics/metrics.ts'
import {
  goalOf,
  monthOf,
  monthParts,
  targetFigures,
  type MonthPart,
  type TargetFigure,
  type TargetsByMonth,
} from '../../core/metrics/targets.ts'
import { isRateTarget, type Month, type Target, type TargetMetric } from '../../core/model/targets.ts'
import { elapsed, hasNoBeginning, type ReportClock } from '../../core/time/report-periods.ts'
import type { TimeRange } from '../../core/time/time-range.ts'
import type { ReadableDb } from '../../db/open.ts'
import type { ReportSelection } from '../../db/queries/report-counts.ts'
import { trend } from '../../db/queries/report-page.ts'
import { listTargets } from '../../db/queries/targets.ts'

type TargetedReport = {
  readonly selection: ReportSelection
  /** The whole period, including the future. */
  readonly range: TimeRange
  readonly clock: ReportClock
  /** The counts of the period until now. */
  readonly counts: CallCounts
}

/**
 * Returns the targets of the people of a report, with the figures and the pace; the team's if the report contains everyone. Targets are for
 * all call types, so a report of some types has none.
 */
export function reportTargets(db: ReadableDb, { selection, range, clock, counts }: TargetedReport): TargetFigure[] {
  const parts = monthParts(range, clock)
  const targets = targetsIn(db, selection, parts)
  if (targets.size === 0) return []
  const [first] = parts
  const byMonth =
    parts.length === 1 && first !== undefined ? new Map([[first.month, counts]]) : countsByMonth(db, { selection, range, clock })
  const figures = targetFigures(
    parts.map((part) => ({ ...part, counts: byMonth.get(part.month) ?? NO_CALLS })),
    targets,
  )
  if (!hasNoBeginning(range)) return figures
  // Months before the first call need no target.
  const start = parts.find(({ month }) => callsOf(byMonth.get(month) ?? NO_CALLS) > 0)
  return figures.map((one) => ({ ...one, missing: one.missing.filter((month) => start !== undefined && month >= start.month) }))
}

/** Returns the target for completed calls of each bucket; empty if no bucket has one. */
export function reportGoals(
  db: ReadableDb,
  { selection, range, clock }: Omit<TargetedReport, 'counts'>,
  buckets: readonly TimeRange[],
): (number | null)[] {
  const targets = targetsIn(db, selection, monthParts(range, clock))
  if (targets.size === 0) return []
  const goals = buckets.map((bucket) => goalOf('completed', monthParts(bucket, clock), targets))
  return goals.some((goal) => goal !== null) ? goals : []
}

function targetsIn(
  db: ReadableDb,
  { clientId, userIds, callTypes }: ReportSelection,
  parts: readonly MonthPart[],
): TargetsByMonth {
  const [first, last] = [parts.at(0), parts.at(-1)]
  if (callTypes !== null || first === undefined || last === undefined) return new Map()
  return targetsOf(listTargets(db, clientId, { from: first.month, to: last.month }), userIds)
}

/** Returns the team's targets for an agent. The team's average is of some days only, so there is no pace. */
export function teamTargets(db: ReadableDb, report: Omit<TargetedReport, 'counts'>): TargetFigure[] {
  const unknown = { actual: null, pace: null }
  return reportTargets(db, { ...report, counts: NO_CALLS }).map((figure) => ({ ...figure, ...unknown }))
}

function countsByMonth(
  db: ReadableDb,
  { selection, range, clock }: Omit<TargetedReport, 'counts'>,
): ReadonlyMap<Month, CallCounts> {
  const buckets = trend(db, selection, elapsed(range, clock.now), { size: 'month', clock })
  return new Map(buckets.map((bucket) => [monthOf(bucket.from, clock.zone), bucket.counts]))
}

/**
 * Returns the targets of the chosen people by month. For several people, numbers of calls add up if each of them has a target; rates have no
 * common target.
 * @param userIds null: the team
 */
function targetsOf(found: readonly Target[], userIds: readonly UserId[] | null): TargetsByMonth {
  const wanted: readonly (UserId | null)[] = userIds ?? [null]
  const byMonth = new Map<Month, Partial<Record<TargetMetric, number>>>()
  for (const [month, ofMonth] of Map.groupBy(found, (target) => target.month)) {
    const values: Partial<Record<TargetMetric, number>> = {}
    for (const [metric, ofMetric] of Map.groupBy(ofMonth, (target) => target.metric)) {
      const byPerson = new Map(ofMetric.map((target) => [target.userId, target.value]))
      const own = wanted.map((id) => byPerson.get(id))
      if (own.some((value) => value === undefined) || (own.length > 1 && isRateTarget(metric))) continue
      values[metric] = own.reduce<number>((total, value) => total + (value ?? 0), 0)
    }
    if (Object.keys(values).length > 0) byMonth.set(month, values)
  }
  return byMonth
}
