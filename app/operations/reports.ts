import type { ReportFilter } from '../../core/contract/reports.ts'
import type { ProcedureInput } from '../../core/contract/procedures.ts'
import type { UserId } from '../../core/id.ts'
import { comparedFigures } from '../../core/metrics/change.ts'
import { figures, lossPareto, NO_CALLS } from '../../core/metrics/metrics.ts'
import { scopeOf } from '../../core/sync/scope.ts'
import { bucketSizeFor, comparedRange, elapsed, type ReportClock } from '../../core/time/report-periods.ts'
import type { ReadableDb } from '../../db/open.ts'
import { countsByHour, countsByUser, type ReportSelection } from '../../db/queries/report-counts.ts'
import { lossCounts, total, trend, undecidedAgeing } from '../../db/queries/report-page.ts'
import { getSettings } from '../../db/queries/settings.ts'
import { getPrincipal } from '../../db/queries/users.ts'
import { snapshot } from '../../db/statements.ts'
import { getDeviceState } from '../../db/sync/device-state.ts'
import { forbidden, query, type PermittedContext } from '../declaration/operation.ts'

/** Whether the file holds everyone's calls. The device of an agent holds that agent's only (S14). */
export function holdsAllCalls(db: ReadableDb): boolean {
  const { serverUrl, userId } = getDeviceState(db)
  if (serverUrl === null) return true
  const role = userId === null ? undefined : getPrincipal(db, userId)?.role
  return role !== undefined && scopeOf(role).calls === 'all'
}

type Context = PermittedContext<ReadableDb>

/**
 * Returns the calls that a report counts, and the clock of the client.
 * @throws AppError FORBIDDEN if a person who sees only their own figures gives other people.
 */
export function reportOf({ db, actor, now, reach }: Context, { userIds = [], callTypes = [] }: ReportFilter) {
  const { clientId, userId } = actor
  if (reach === 'own' && userIds.some((id) => id !== userId)) throw forbidden('reports.read')
  const settings = getSettings(db, clientId)
  const clock: ReportClock = { now, zone: settings.time_zone, weekStart: settings.week_start }
  const everyone: ReportSelection = {
    clientId,
    zone: clock.zone,
    userIds: null,
    callTypes: callTypes.length === 0 ? null : callTypes,
  }
  const shown: readonly UserId[] | null = reach === 'own' ? [userId] : userIds.length === 0 ? null : userIds
  return { clock, everyone, selection: { ...everyone, userIds: shown } }
}

/** The figures of the whole team, for a person who sees only their own. */
function teamOf({ db, reach }: Context, everyone: ReportSelection, range: ReportFilter['range']) {
  if (reach === 'all' || !holdsAllCalls(db)) return null
  const counts = total(countsByUser(db, everyone, range))
  return { counts, figures: figures(counts) }
}

export const reportsOperations = {
  'reports.page': query({
    access: 'reports.read',
    reach: 'own',
    thread: 'report',
    run: (context, request: ProcedureInput<'reports.page'>) =>
      snapshot(context.db, () => {
        const { db, now, reach } = context
        const { clock, everyone, selection } = reportOf(context, request)
        const range = elapsed(request.range, now)
        const compared = comparedRange(request.range, request.compare, clock)
        const people = countsByUser(db, selection, range)
        const formerPeople = compared === null ? null : countsByUser(db, selection, compared)
        const counts = total(people)
        const former = formerPeople === null ? null : total(formerPeople)
        const bucketSize = request.bucket === 'auto' ? bucketSizeFor(request.range) : request.bucket
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
          buckets: trend(db, selection, range, bucketSize, clock),
          formerBuckets: compared === null ? [] : trend(db, selection, compared, bucketSize, clock),
          lossReasons: lossPareto(lossCounts(db, selection, range)),
          people: [...new Set([...people.keys(), ...(formerPeople?.keys() ?? [])])].map((userId) => ({
            userId,
            counts: people.get(userId) ?? NO_CALLS,
            former: formerPeople === null ? null : (formerPeople.get(userId) ?? NO_CALLS),
          })),
          undecided: undecidedAgeing(db, selection, range, { count: counts.undecided, now }),
          team: teamOf(context, everyone, range),
        }
      }),
  }),
  'reports.hours': query({
    access: 'reports.read',
    reach: 'own',
    thread: 'report',
    run: (context, request: ProcedureInput<'reports.hours'>) =>
      snapshot(context.db, () => {
        const { selection } = reportOf(context, request)
        const range = elapsed(request.range, context.now)
        return { range, hours: countsByHour(context.db, selection, range) }
      }),
  }),
  'reports.summary': query({
    access: 'reports.read',
    reach: 'own',
    thread: 'report',
    run: (context, request: ProcedureInput<'reports.summary'>) =>
      snapshot(context.db, () => {
        const { db, now, reach } = context
        const { everyone, selection } = reportOf(context, request)
        const range = elapsed(request.range, now)
        const counts = total(countsByUser(db, selection, range))
        return {
          range,
          counts,
          figures: figures(counts),
          lossReasons: lossPareto(lossCounts(db, selection, range)),
          reach,
          team: teamOf(context, everyone, range),
        }
      }),
  }),
}
