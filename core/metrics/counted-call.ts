import type { Call } from '../model/call.ts'
import type { CallCounts } from './metrics.ts'

/** The fields of a call that decide in which figures it is counted. */
export type CountedCall = Pick<
  Call,
  'userId' | 'callType' | 'status' | 'outcome' | 'lossReasonId' | 'callDuration' | 'scheduledAt' | 'completedAt' | 'createdAt'
>

/** Returns the event time: the completion of a completed call, else the scheduled time, else the creation. */
export function eventTime({ completedAt, scheduledAt, createdAt }: CountedCall): number {
  return completedAt ?? scheduledAt ?? createdAt
}

const STATUS_COUNTS = {
  completed: 'completed',
  no_show: 'noShow',
  rescheduled: 'rescheduled',
  cancelled: 'cancelled',
  scheduled: 'scheduled',
} as const satisfies Record<CountedCall['status'], keyof CallCounts>

/** Adds a call to counts, or subtracts it. Changes `counts` in place, because a report of the past adds up millions of calls. */
export function countCall(counts: CallCounts, call: CountedCall, sign: 1 | -1): void {
  const { status, outcome, callDuration } = call
  counts[STATUS_COUNTS[status]] += sign
  if (outcome !== null) counts[outcome] += sign
  if (status !== 'completed' || callDuration === null) return
  counts.talkCalls += sign
  counts.talkSeconds += sign * callDuration
}
