import type { ReportFilter } from '../../core/contract/reports.ts'
import type { ProcedureInput } from '../../core/contract/procedures.ts'
import type { UserId } from '../../core/id.ts'
import type { ReportPage, ReportRequest } from '../../core/contract/reports.ts'
import { callsOf } from '../../core/figures/report-parts.ts'
import { comparedFigures } from '../../core/metrics/change.ts'
import { figures, lossPareto, NO_CALLS } from '../../core/metrics/metrics.ts'
import {
  bucketSizeFor,
  comparedRange,
  elapsed,
  fittingSize,
  hasNoBeginning,
  type ReportClock,
} from '../../core/time/report-periods.ts'
import type { ReadableDb } from '../../db/open.ts'
import { countedPeople, countsByHour, countsOfPeriod, type ReportSelection } from '../../db/queries/report-counts.ts'
import { lossCounts, total, trend, undecidedAgeing } from '../../db/queries/report-page.ts'
import { getSettings } from '../../db/queries/settings.ts'
import { snapshot } from '../../db/statements.ts'
import { forbidden, query, type PermittedContext } from '../declaration/operation.ts'
import { reportGoals, reportTargets, teamTargets } from './report-targets.ts'
import { teamReport } from './team-report.ts'

type Context = PermittedContext<ReadableDb>

/**
 * Returns the calls that a report counts, with the time and the zone of the client.
 * @throws AppError FORBIDDEN if a person who sees only their own figures gives other people.
 */
export function reportOf({ db, actor, now, reach }: Context, { userIds = [], callTypes = [] }: ReportFilter) {
  const { clientId, userId } = actor
  if (reach === 'own' && userIds.some((id) => id !== userId)) throw forbidden('reports.read')
  const settings = getSettings(db, clientId)
  // Includes an event at this millisecond, because periods are half-open.
  const clock: ReportClock = { now: now + 1, zone: settings.time_zone, weekStart: settings.week_start }
  const everyone: ReportSelection = {
    clientId,
    zone: clock.zone,
    userIds: null,
    callTypes: callTypes.length === 0 ? null : callTypes,
  }
  // A target is added for each chosen person, so no one may be chosen twice.
  const chosen = [...new Set(userIds)]
  const shown: readonly UserId[] | null = reach === 'own' ? [userId] : chosen.length === 0 ? null : chosen
  return { clock, everyone, selection: { ...everyone, userIds: shown } }
}

/** The team's average, for a person who sees only their own figures. */
function teamOf({ db, actor, now, reach }: Context, { zone, callTypes }: ReportSelection, range: ReportFilter['range']) {
  return reach === 'all' ? null : teamReport(db, { ...actor, now, range, zone, callTypes })
}

/** Returns the report page with all buckets of the period. A period without a beginning has empty buckets before the first call. */
export function wholePage(context: Context, request: ReportRequest): ReportPage {
  return snapshot(context.db, () => {
    const { db, now, reach } = context
    const { clock, everyone, selection } = reportOf(context, request)
    const range = elapsed(request.range, clock.now)
    const compared = comparedRange(request.range, request.compare, clock)
    const { people, edges } = countedPeople(db, selection, range)
    const { people: formerPeople, edges: formerEdges } =
      compared === null ? { people: null, edges: [] } : countedPeople(db, selection, compared)
    const counts = total(people)
    const former = formerPeople === null ? null : total(formerPeople)
    const team = teamOf(context, everyone, range)
    const bucketSize = request.bucket === 'auto' ? bucketSizeFor(request.range) : fittingSize(request.bucket, range)
    const buckets = trend(db, selection, range, { size: bucketSize, clock, known: edges })
    return {
      range,
      compared,
      computedAt: now,
      zone: clock.zone,
      reach,
      counts,
      former,
      figures: comparedFigures(counts, former),
      bucketSize,
      buckets,
      formerBuckets: compared === null ? [] : trend(db, selection, compared, { size: bucketSize, clock, known: formerEdges }),
      lossReasons: lossPareto(lossCounts(db, selection, range)),
      people: [...new Set([...people.keys(), ...(formerPeople?.keys() ?? [])])].map((userId) => ({
        userId,
        counts: people.get(userId) ?? NO_CALLS,
        former: formerPeople === null ? null : (formerPeople.get(userId) ?? NO_CALLS),
      })),
      undecided: undecidedAgeing(db, selection, range, { count: counts.undecided, now }),
      team,
      targets: reportTargets(db, { selection, range: request.range, clock, counts }),
      goals: reportGoals(db, { selection, range: request.range, clock }, buckets),
      teamTargets: reach === 'all' ? [] : teamTargets(db, { selection: everyone, range: request.range, clock }),
    }
  })
}

/** Removes the buckets before the first call from a period without a beginning. Such a period starts in 1970. */
export function fromFirstCall(page: ReportPage): ReportPage {
  if (!hasNoBeginning(page.range)) return page
  const { buckets, goals } = page
  const first = buckets.findIndex(({ counts }) => callsOf(counts) > 0)
  const start = first < 0 ? buckets.length : first
  const kept = goals.slice(start)
  return { ...page, buckets: buckets.slice(start), goals: kept.some((goal) => goal !== null) ? kept : [] }
}

export const reportsOperations = {
  'reports.page': query({
    access: 'reports.read',
    reach: 'own',
    thread: 'report',
    run: (context, request: ProcedureInput<'reports.page'>) => fromFirstCall(wholePage(context, request)),
  }),
  'reports.hours': query({
    access: 'reports.read',
    reach: 'own',
    thread: 'report',
    run: (context, request: ProcedureInput<'reports.hours'>) =>
      snapshot(context.db, () => {
        const { clock, selection } = reportOf(context, request)
        const range = elapsed(request.range, clock.now)
        return { range, hours: countsByHour(context.db, selection, range) }
      }),
  }),
  'reports.summary': query({
    access: 'reports.read',
    reach: 'own',
    thread: 'report',
    run: (context, request: ProcedureInput<'reports.summary'>) =>
      snapshot(context.db, () => {
        const { db, reach } = context
        const { clock, everyone, selection } = reportOf(context, request)
        const range = elapsed(request.range, clock.now)
        const counts = countsOfPeriod(db, selection, range)
        return {
          range,
          counts,
          figures: figures(counts),
          lossReasons: lossPareto(lossCounts(db, selection, range)),
          reach,
          team: teamOf(context, everyone, range),
          targets: reportTargets(db, { selection, range: request.range, clock, counts }),
        }
      }),
  }),
}
