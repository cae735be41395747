import { must } from '../../core/assert.ts'
import type { Id } from '../../core/id.ts'
import { NO_REASON, type CallCounts, type LossCount } from '../../core/metrics/metrics.ts'
import type { TimeRange } from '../../core/time-range.ts'
import type { ReadableDb } from '../open.ts'
import { row, rows, type SqlValue } from '../statements.ts'

/** `userIds` null: everyone's. */
function scope(clientId: Id, range: TimeRange, userIds: readonly Id[] | null): { from: string; values: SqlValue[] } {
  const period = 'event_at >= ? AND event_at < ?'
  if (userIds === null)
    return { from: `calls INDEXED BY calls_by_time WHERE client_id = ? AND ${period}`, values: [clientId, range.from, range.to] }
  return {
    from: `calls INDEXED BY calls_by_user WHERE client_id = ? AND user_id IN (SELECT value FROM json_each(?)) AND ${period}`,
    values: [clientId, JSON.stringify(userIds), range.from, range.to],
  }
}

/** Calls whose event time lies in `range`, counted in one pass over a covering index. */
export function countsByRange(db: ReadableDb, clientId: Id, range: TimeRange, userIds: readonly Id[] | null): CallCounts {
  const { from, values } = scope(clientId, range, userIds)
  const counts = row<CallCounts>(
    db,
    `SELECT
       coalesce(sum(status = 'completed'), 0) AS completed, coalesce(sum(status = 'no_show'), 0) AS noShow,
       coalesce(sum(status = 'rescheduled'), 0) AS rescheduled, coalesce(sum(status = 'cancelled'), 0) AS cancelled,
       coalesce(sum(status = 'scheduled'), 0) AS scheduled, coalesce(sum(outcome = 'won'), 0) AS won,
       coalesce(sum(outcome = 'lost'), 0) AS lost, coalesce(sum(outcome = 'undecided'), 0) AS undecided,
       coalesce(sum(iif(status = 'completed', call_duration, NULL)), 0) AS talkSeconds,
       count(iif(status = 'completed', call_duration, NULL)) AS talkCalls
     FROM ${from}`,
    ...values,
  )
  return must(counts, 'An aggregate has one row')
}

/** Lost calls in `range` by reason, those without a reason included; reasons that lost nothing are left out. */
export function lossCounts(db: ReadableDb, clientId: Id, range: TimeRange, userIds: readonly Id[] | null): LossCount[] {
  const { from, values } = scope(clientId, range, userIds)
  return rows<Omit<LossCount, 'isActive'> & { isActive: 0 | 1 }>(
    db,
    `SELECT n.lossReasonId, coalesce(r.name, '${NO_REASON}') AS name, coalesce(r.is_active, 1) AS isActive, n.count
     FROM (SELECT loss_reason_id AS lossReasonId, count(*) AS count FROM ${from} AND outcome = 'lost' GROUP BY loss_reason_id) AS n
     LEFT JOIN loss_reasons AS r ON r.client_id = ? AND r.id = n.lossReasonId`,
    ...values,
    clientId,
  ).map((found) => ({ ...found, isActive: found.isActive === 1 }))
}
