import {
  CALL_FIELDS,
  CALL_OUTCOMES,
  CALL_STATUSES,
  CALL_TYPES,
  type CallField,
  type CallFieldOf,
} from '../../core/model/call-fields.ts'
import { formatDuration } from './durations.ts'
import { CALL_TYPE_LABELS, OUTCOME_LABELS, STATUS_LABELS } from '../../core/model/call-labels.ts'
import { NONE } from './numbers.ts'

type Choice = { readonly all: readonly string[]; readonly labels: Readonly<Record<string, string>> }

const CHOICES: Readonly<Record<CallFieldOf<'choice'>, Choice>> = {
  callType: { all: CALL_TYPES, labels: CALL_TYPE_LABELS },
  status: { all: CALL_STATUSES, labels: STATUS_LABELS },
  outcome: { all: CALL_OUTCOMES, labels: OUTCOME_LABELS },
}

/** The names and the zone with which values are written for a person. */
export type FieldTextContext = {
  readonly time: (millis: number) => string
  readonly person: (id: string) => string
  readonly lossReason: (id: string) => string
}

/** Returns a value of a call's field as a person reads it. */
export function callFieldText(
  field: CallField,
  value: string | number | null | undefined,
  { time, person, lossReason }: FieldTextContext,
): string {
  if (value === null || value === undefined || value === '') return NONE
  switch (CALL_FIELDS[field].kind) {
    case 'person':
      return person(String(value))
    case 'lossReason':
      return lossReason(String(value))
    case 'choice':
      return choiceText(CHOICES[field as CallFieldOf<'choice'>], String(value))
    case 'duration':
      return typeof value === 'number' ? formatDuration(value) : value
    case 'time':
      return typeof value === 'number' ? time(value) : value
    case 'text':
      return String(value)
  }
}

/** A newer release may have stored a value that this one does not have. */
function choiceText({ all, labels }: Choice, value: string): string {
  return all.includes(value) ? (labels[value] ?? value) : value
}
