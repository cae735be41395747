import {
  CALL_FIELDS,
  CALL_OUTCOMES,
  CALL_STATUSES,
  CALL_TYPES,
  type CallField,
  type CallFieldOf,
} from '../../core/model/call-fields.ts'
import { formatDuration } from './durations.ts'
import { callTypeLabel, outcomeLabel, statusLabel } from './labels.ts'
import { NONE } from './numbers.ts'

/** A newer release may have stored a value that this one does not have. */
const choiceText =
  <K extends string>(all: readonly K[], label: (key: K) => string) =>
  (value: string): string => {
    const known = all.find((key) => key === value)
    return known === undefined ? value : label(known)
  }

const CHOICES: Readonly<Record<CallFieldOf<'choice'>, (value: string) => string>> = {
  callType: choiceText(CALL_TYPES, callTypeLabel),
  status: choiceText(CALL_STATUSES, statusLabel),
  outcome: choiceText(CALL_OUTCOMES, outcomeLabel),
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
      return CHOICES[field as CallFieldOf<'choice'>](String(value))
    case 'duration':
      return typeof value === 'number' ? formatDuration(value) : value
    case 'time':
      return typeof value === 'number' ? time(value) : value
    case 'text':
      return String(value)
  }
}
