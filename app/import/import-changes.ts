import { IMPORT_SOURCES, type ImportField } from '../../core/contract/imports.ts'
import { callIssues, type Call, type CallFields, type CallPatch } from '../../core/model/call.ts'
import { CALL_COLUMNS, CALL_FIELD_NAMES, CALL_OUTCOME_UNIT } from '../../core/model/call-fields.ts'

/** Returns the fields whose value in the file differs from the value of the call. */
export function differences(call: Call, stated: CallFields, mapped: readonly ImportField[]): (keyof CallFields)[] {
  return CALL_FIELD_NAMES.filter((key) => {
    if (call[key] === stated[key] || !IMPORT_SOURCES[key].some((field) => mapped.includes(field))) return false
    // The completion time of a call in a file does not mean that the call was never scheduled.
    return key !== 'scheduledAt' || stated.status !== 'completed'
  })
}

/** Returns the fields that a patch changes, with their values before and after. */
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
 * Returns the fields of an existing call that a row of a file may update. A value that the field has had before is not applied: the file
 * is old, and a person or a later file has changed the field since. Only a new value is applied. So a second import of the same file
 * changes nothing, on every device that has the audit trail. The price: if the source goes back to an earlier value, the call does not.
 * @param held every value that each column has had.
 * @param same whether the file names an earlier owner or loss reason, which may have a new name since.
 */
export function importChanges(
  call: Call,
  stated: CallFields,
  differing: readonly (keyof CallFields)[],
  held: ReadonlyMap<string, ReadonlySet<string | number | null>>,
  same: { readonly owner: (id: string) => boolean; readonly lossReason: (id: string) => boolean },
): CallPatch {
  const patch: CallPatch = {}
  const apply = (key: keyof CallFields) => Object.assign(patch, { [key]: stated[key] })
  const isSame = { userId: same.owner, lossReasonId: same.lossReason }
  for (const key of differing) {
    const values = held.get(CALL_COLUMNS[key]) ?? new Set([null])
    const isNamed = key === 'userId' || key === 'lossReasonId' ? isSame[key] : undefined
    const wasHeld =
      values.has(stated[key]) ||
      (isNamed !== undefined && [...values].some((value) => typeof value === 'string' && isNamed(value)))
    if (!wasHeld) apply(key)
  }
  if (Object.keys(patch).length > 0 && callIssues({ ...call, ...patch }).length > 0)
    for (const key of CALL_OUTCOME_UNIT) apply(key)
  return patch
}
