import { eq, sql, type SQL } from 'drizzle-orm'
import { must } from '../../core/assert.ts'
import type { ClientId, UserId } from '../../core/id.ts'
import { NO_REASON, type CallCounts, type LossCount } from '../../core/metrics/metrics.ts'
import type { CallOutcome, CallStatus } from '../../core/model/call.ts'
import type { TimeRange } from '../../core/time/time-range.ts'
import type { ReadableDb } from '../open.ts'
import { query, readRow, type Named } from '../prepared.ts'
import { localCallTotals } from '../local-schema.ts'
import { calls, lossReasons } from '../schema.ts'
import { snapshot } from '../statements.ts'
import { all, inPeriod, named, ofClient, ofUsers, scopedFilter, type ScopedFilter } from './call-filter.ts'
import { lossesByReason, sums } from './call-totals.ts'

/**
 * Returns every figure of `CallCounts`, over rows that count `one` call each and have `seconds` of talk in `timed` of them. The columns have
 * the same names in the calls and in the totals.
 */
function aggregates(one: SQL, timed: SQL, seconds: SQL) {
  const sum = (condition: SQL, value: SQL) => sql<number>`coalesce(sum(iif(${condition}, ${value}, 0)), 0)`
  // As literals: the text of the statement is the same for every range.
  const withStatus = (status: CallStatus) => sql`${named(calls.status)} = ${sql.raw(`'${status}'`)}`
  const withOutcome = (outcome: CallOutcome) => sql`${named(calls.outcome)} = ${sql.raw(`'${outcome}'`)}`
  return {
    completed: sum(withStatus('completed'), one),
    noShow: sum(withStatus('no_show'), one),
    rescheduled: sum(withStatus('rescheduled'), one),
    cancelled: sum(withStatus('cancelled'), one),
    scheduled: sum(withStatus('scheduled'), one),
    won: sum(withOutcome('won'), one),
    lost: sum(withOutcome('lost'), one),
    undecided: sum(withOutcome('undecided'), one),
    talkSeconds: sum(withStatus('completed'), seconds),
    talkCalls: sum(withStatus('completed'), timed),
  } satisfies Record<keyof CallCounts, SQL<number>>
}

const duration = named(calls.callDuration)
const OF_CALLS = aggregates(sql`1`, sql`${duration} IS NOT NULL`, sql`coalesce(${duration}, 0)`)
const OF_TOTALS = aggregates(named(localCallTotals.calls), named(localCallTotals.timedCalls), named(localCallTotals.timedSeconds))

const reasonsOfClient = query((orm, { clientId }: Named<{ clientId: ClientId }>) =>
  orm
    .select({ id: lossReasons.id, name: lossReasons.name, isActive: lossReasons.isActive })
    .from(lossReasons)
    .where(eq(lossReasons.clientId, clientId)),
)

/** Counts the calls whose event time is in `range`: of some users from their calls, of everyone from the totals. */
export function countsByRange(
  db: ReadableDb,
  clientId: ClientId,
  range: TimeRange,
  userIds: readonly UserId[] | null,
): CallCounts {
  const chosen = { ...scopedFilter(clientId, range, null), userIds }
  if (userIds === null) return snapshot(db, () => sums<CallCounts>(db, chosen, OF_TOTALS, OF_CALLS))
  const where = all([...ofClient(chosen), ...ofUsers(chosen), ...inPeriod(chosen)])
  return must(readRow(db, OF_CALLS, sql`FROM calls INDEXED BY calls_by_user WHERE ${where}`), 'An aggregate has one row')
}

/** Counts the lost calls in `range` by reason, also those without a reason. Reasons without lost calls are left out. */
export function lossCounts(db: ReadableDb, clientId: ClientId, range: TimeRange, userIds: readonly UserId[] | null): LossCount[] {
  return snapshot(db, () => losses(db, { ...scopedFilter(clientId, range, null), userIds }))
}

function losses(db: ReadableDb, chosen: ScopedFilter): LossCount[] {
  const names = new Map(reasonsOfClient.all(db, { clientId: chosen.clientId }).map((reason) => [reason.id, reason]))
  return [...lossesByReason(db, chosen)].map(([lossReasonId, count]) => {
    const reason = lossReasonId === null ? undefined : must(names.get(lossReasonId), 'A call’s loss reason exists')
    return { lossReasonId, name: reason?.name ?? NO_REASON, isActive: reason?.isActive ?? true, count }
  })
}
