import { must } from '../../core/assert.ts'
import type { ClientId, LossReasonId, UserId } from '../../core/id.ts'
import { NO_CALLS, NO_REASON, type CallCounts, type LossCount } from '../../core/metrics/metrics.ts'
import type { TimeRange } from '../../core/time-range.ts'
import type { ReadableDb } from '../open.ts'
import { row, rows, snapshot } from '../statements.ts'
import { all, inPeriod, ofClient, ofUsers, selection, values, type CallSelection } from './call-filter.ts'
import { lossesByReason, sums } from './call-totals.ts'

/** Every figure of `CallCounts`, over rows that count `one` call each and know `seconds` of talk in `timed` of them. */
function aggregates(one: string, timed: string, seconds: string): string {
  const sum = (condition: string, value: string, name: string) => `coalesce(sum(iif(${condition}, ${value}, 0)), 0) AS ${name}`
  return [
    sum(`status = 'completed'`, one, 'completed'),
    sum(`status = 'no_show'`, one, 'noShow'),
    sum(`status = 'rescheduled'`, one, 'rescheduled'),
    sum(`status = 'cancelled'`, one, 'cancelled'),
    sum(`status = 'scheduled'`, one, 'scheduled'),
    sum(`outcome = 'won'`, one, 'won'),
    sum(`outcome = 'lost'`, one, 'lost'),
    sum(`outcome = 'undecided'`, one, 'undecided'),
    sum(`status = 'completed'`, seconds, 'talkSeconds'),
    sum(`status = 'completed'`, timed, 'talkCalls'),
  ].join(', ')
}

const OF_CALLS = aggregates('1', 'call_duration IS NOT NULL', 'coalesce(call_duration, 0)')
const OF_TOTALS = aggregates('calls', 'timed_calls', 'timed_seconds')

/** Calls whose event time lies in `range`, counted; of some users from their calls, of everyone from the totals. */
export function countsByRange(
  db: ReadableDb,
  clientId: ClientId,
  range: TimeRange,
  userIds: readonly UserId[] | null,
): CallCounts {
  if (userIds === null)
    return snapshot(db, () => sums<CallCounts>(db, selection(clientId, range, null), NO_CALLS, OF_TOTALS, OF_CALLS))
  const chosen = { ...selection(clientId, range, null), userIds }
  const where = [...ofClient(chosen), ...ofUsers(chosen), ...inPeriod(chosen)]
  const counts = row<CallCounts>(
    db,
    `SELECT ${OF_CALLS} FROM calls INDEXED BY calls_by_user WHERE ${all(where)}`,
    ...values(where),
  )
  return must(counts, 'An aggregate has one row')
}

/** Lost calls in `range` by reason, those without a reason included; reasons that lost nothing are left out. */
export function lossCounts(db: ReadableDb, clientId: ClientId, range: TimeRange, userIds: readonly UserId[] | null): LossCount[] {
  return snapshot(db, () => losses(db, { ...selection(clientId, range, null), userIds }))
}

function losses(db: ReadableDb, chosen: CallSelection): LossCount[] {
  const names = new Map(
    rows<{ id: LossReasonId; name: string; isActive: 0 | 1 }>(
      db,
      'SELECT id, name, is_active AS isActive FROM loss_reasons WHERE client_id = ?',
      chosen.clientId,
    ).map((reason) => [reason.id, reason]),
  )
  return [...lossesByReason(db, chosen)].map(([lossReasonId, count]) => {
    const reason = lossReasonId === null ? undefined : must(names.get(lossReasonId), 'A call’s loss reason exists')
    return { lossReasonId, name: reason?.name ?? NO_REASON, isActive: reason?.isActive !== 0, count }
  })
}
