import { IMPORT_SOURCES, type ImportField } from '../../core/contract/imports.ts'
import { callIssues, type Call, type CallFields, type CallPatch } from '../../core/model/call.ts'
import { CALL_COLUMNS, CALL_FIELD_NAMES, CALL_OUTCOME_UNIT } from '../../core/model/call-fields.ts'

/** Fields of `call` that the file states otherwise. */
export function differences(call: Call, stated: CallFields, spoken: readonly ImportField[]): (keyof CallFields)[] {
  return CALL_FIELD_NAMES.filter((key) => {
    if (call[key] === stated[key] || !IMPORT_SOURCES[key].some((field) => spoken.includes(field))) return false
    // A file that tells when the call was completed does not say that it had never been scheduled.
    return key !== 'scheduledAt' || stated.status !== 'completed'
  })
}

/** The fields that a patch changes, before and after. */
export function changedFields(
  call: Call,
  patch: CallPatch,
): { readonly field: keyof CallFields; readonly before: string | number | null; readonly after: string | number | null }[] {
  return CALL_FIELD_NAMES.flatMap((field) => {
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
export function importChanges(
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
    const values = held.get(CALL_COLUMNS[key]) ?? new Set([null])
    const answersTo = key === 'userId' || key === 'lossReasonId' ? answers[key] : undefined
    const wasHeld =
      values.has(stated[key]) ||
      (answersTo !== undefined && [...values].some((value) => typeof value === 'string' && answersTo(value)))
    if (!wasHeld) take(key)
  }
  if (Object.keys(patch).length > 0 && callIssues({ ...call, ...patch }).length > 0)
    for (const key of CALL_OUTCOME_UNIT) take(key)
  return patch
}
