import type { AuditEntry } from '../model/audit.ts'
import type { CountedCall } from './counted-call.ts'

/** The part of a line of the audit trail that is needed to undo it. */
export type UndoneLine = Pick<AuditEntry, 'action' | 'oldValues'>

const COLUMNS = {
  userId: 'user_id',
  callType: 'call_type',
  status: 'status',
  outcome: 'outcome',
  lossReasonId: 'loss_reason_id',
  callDuration: 'call_duration',
  scheduledAt: 'scheduled_at',
  completedAt: 'completed_at',
  createdAt: 'created_at',
} as const satisfies Record<keyof CountedCall, string>
const FIELDS = Object.entries(COLUMNS) as [keyof CountedCall, string][]

/** Returns the values of a line that `callBefore` reads, so that a stored line contains nothing else of the call. */
export function countedValues(values: UndoneLine['oldValues']): UndoneLine['oldValues'] {
  if (values === null) return null
  return Object.fromEntries(
    FIELDS.flatMap(([, column]) => (Object.hasOwn(values, column) ? [[column, values[column] ?? null]] : [])),
  )
}

/**
 * Returns the call as it was before a line of the audit trail; null: there was no such call. A restored call has the line of an INSERT, so
 * there was no call before it. A line without old values is a handover whose former owner the reader may not see: before it, the call
 * was not theirs.
 * @param after the call after the line; null: there was none.
 */
export function callBefore({ action, oldValues }: UndoneLine, after: CountedCall | null): CountedCall | null {
  if (oldValues === null || action === 'INSERT') return null
  // The line of a deletion has all values except nulls.
  if (action === 'DELETE')
    return Object.fromEntries(FIELDS.map(([field, column]) => [field, oldValues[column] ?? null])) as unknown as CountedCall
  if (after === null) return null
  const changed = FIELDS.filter(([, column]) => Object.hasOwn(oldValues, column))
  if (changed.length === 0) return after
  return { ...after, ...Object.fromEntries(changed.map(([field, column]) => [field, oldValues[column]])) }
}
