import type { ImportField } from '../../core/contract/imports.ts'
import { callIssues, type Call, type CallFields, type CallPatch } from '../../core/model/call.ts'

type Column = { readonly column: string; readonly saidBy: readonly ImportField[] }

const WHEN: readonly ImportField[] = ['date', 'dateTime']

/** Each field of a call: its column, and the fields of a map that make a file speak of it. */
const FIELDS: Readonly<Record<keyof CallFields, Column>> = {
  userId: { column: 'user_id', saidBy: ['agent'] },
  prospectName: { column: 'prospect_name', saidBy: ['prospectName'] },
  prospectEmail: { column: 'prospect_email', saidBy: ['prospectEmail'] },
  prospectPhone: { column: 'prospect_phone', saidBy: ['prospectPhone'] },
  callType: { column: 'call_type', saidBy: ['callType'] },
  status: { column: 'status', saidBy: ['status'] },
  outcome: { column: 'outcome', saidBy: ['outcome'] },
  lossReasonId: { column: 'loss_reason_id', saidBy: ['lossReason'] },
  notes: { column: 'notes', saidBy: ['notes'] },
  callDuration: { column: 'call_duration', saidBy: ['callDuration'] },
  scheduledAt: { column: 'scheduled_at', saidBy: WHEN },
  completedAt: { column: 'completed_at', saidBy: WHEN },
}
const KEYS = Object.keys(FIELDS) as (keyof CallFields)[]

/** Fields that only make sense together. */
const UNIT = ['status', 'outcome', 'lossReasonId', 'completedAt'] as const

/** Fields of `call` that the file states otherwise. */
export function differences(call: Call, stated: CallFields, spoken: readonly ImportField[]): (keyof CallFields)[] {
  return KEYS.filter((key) => {
    if (call[key] === stated[key] || !FIELDS[key].saidBy.some((field) => spoken.includes(field))) return false
    // A file that tells when the call was completed does not say that it had never been scheduled.
    return key !== 'scheduledAt' || stated.status !== 'completed'
  })
}

/** The fields that a patch changes, before and after. */
export function changedFields(
  call: Call,
  patch: CallPatch,
): { readonly field: keyof CallFields; readonly before: string | number | null; readonly after: string | number | null }[] {
  return KEYS.flatMap((field) => {
    const after = patch[field]
    return after === undefined || after === call[field] ? [] : [{ field, before: call[field], after }]
  })
}

/**
 * What is news in a row of a file about a call that exists. Where the file says what the field has held at some time before, the file is
 * old and a person (or a later file) has moved on: the field stays. Only a value that the field never held is applied. This needs no
 * memory besides the audit trail, holds on every device that has the trail, and makes a second import of any file change nothing. Its
 * price: a source that goes back to an earlier value is not followed.
 * @param held every value each column has held.
 * @param sameOwner whether an earlier owner is who the file names; a person stays the same under a new name.
 */
export function newsOf(
  call: Call,
  stated: CallFields,
  differing: readonly (keyof CallFields)[],
  held: ReadonlyMap<string, ReadonlySet<string | number | null>>,
  same: { readonly owner: (id: string) => boolean; readonly lossReason: (id: string) => boolean },
): CallPatch {
  const patch: CallPatch = {}
  const take = (key: keyof CallFields) => Object.assign(patch, { [key]: stated[key] })
  const answers = { userId: same.owner, lossReasonId: same.lossReason }
  for (const key of differing) {
    const values = held.get(FIELDS[key].column) ?? new Set([null])
    const answersTo = key === 'userId' || key === 'lossReasonId' ? answers[key] : undefined
    const wasHeld =
      values.has(stated[key]) ||
      (answersTo !== undefined && [...values].some((value) => typeof value === 'string' && answersTo(value)))
    if (!wasHeld) take(key)
  }
  if (Object.keys(patch).length > 0 && callIssues({ ...call, ...patch }).length > 0) for (const key of UNIT) take(key)
  return patch
}
