import { CALL_FIELDS, fieldsInOrder, type CallField } from '../../core/model/call-fields.ts'
import { spellDuration, spellTime } from '../terminal/output.ts'

/** The fields in the order in which a call is described. */
export const DESCRIBED_FIELDS = fieldsInOrder(
  'userId',
  'prospectName',
  'prospectEmail',
  'prospectPhone',
  'callType',
  'status',
  'outcome',
  'lossReasonId',
  'scheduledAt',
  'completedAt',
  'callDuration',
)

/** Labels that are shorter here than on the screens. */
const LABELS: Partial<Record<CallField, string>> = {
  prospectName: 'Prospect',
  scheduledAt: 'Scheduled',
  completedAt: 'Completed',
}

export function fieldLabel(field: CallField): string {
  return LABELS[field] ?? CALL_FIELDS[field].label
}

/** What turns ids into names. */
export type FieldNames = { readonly user: (id: string) => string; readonly lossReason: (id: string) => string }

/** Returns a value of a call's field as it is printed. */
export function spellField(field: CallField, value: string | number, names: FieldNames, zone: string): string {
  switch (CALL_FIELDS[field].kind) {
    case 'person':
      return names.user(String(value))
    case 'lossReason':
      return names.lossReason(String(value))
    case 'duration':
      return typeof value === 'number' ? spellDuration(value) : value
    case 'time':
      return typeof value === 'number' ? spellTime(value, zone) : value
    case 'choice':
    case 'text':
      return String(value)
  }
}
