import type { LossReasonId, UserId } from '../../core/id.ts'
import { Option, type Command } from 'commander'
import { NO_OPTIONAL_FIELDS, type Call, type CallFields, type CallPatch } from '../../core/model/call.ts'
import {
  CALL_FIELD_NAMES,
  CALL_FIELDS,
  CALL_OUTCOMES,
  CALL_STATUSES,
  CALL_TYPES,
  describeField,
  isOptional,
  type CallField,
  type CallFieldOf,
} from '../../core/model/call-fields.ts'
import { callTimeOf, durationArgument } from './arguments.ts'

type OptionValue<F extends CallField> =
  F extends CallFieldOf<'choice'> ? NonNullable<CallFields[F]> : F extends CallFieldOf<'duration'> ? number | null : string

/** The fields of a call as options. An empty text clears an optional field. */
export type CallOptions = { readonly [F in CallField as (typeof CALL_FIELDS)[F]['option']]?: OptionValue<F> }

const CHOICES: Readonly<Record<CallFieldOf<'choice'>, readonly string[]>> = {
  callType: CALL_TYPES,
  status: CALL_STATUSES,
  outcome: CALL_OUTCOMES,
}

/** The option of a field as it is typed. */
const flag = (field: CallField) => `--${CALL_FIELDS[field].option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

function optionOf(field: CallField): Option {
  const { kind, optionArgument, optionHelp } = describeField(field)
  const option = new Option(`${flag(field)} ${optionArgument}`, optionHelp)
  if (kind === 'choice') return option.choices(CHOICES[field as CallFieldOf<'choice'>])
  return kind === 'duration' ? option.argParser(durationArgument) : option
}

export function withCallOptions(command: Command): Command {
  for (const field of CALL_FIELD_NAMES) command.addOption(optionOf(field))
  return command
}

/** The ids of the records that the options name. */
export type References = { readonly userId: UserId | undefined; readonly lossReasonId: LossReasonId | null | undefined }

/** Returns the value of a field by its option; undefined: the option is not given. An empty text clears a field that can be empty. */
function readOption(field: CallField, options: CallOptions, references: References, zone: string): unknown {
  const value = options[CALL_FIELDS[field].option]
  switch (CALL_FIELDS[field].kind) {
    case 'person':
      return references.userId
    case 'lossReason':
      return references.lossReasonId
    case 'time':
      return typeof value === 'string' && value !== '' ? callTimeOf(flag(field), value, zone) : cleared(value)
    case 'text':
      return isOptional(field) ? cleared(value) : value
    case 'choice':
    case 'duration':
      return value
  }
}

const cleared = (value: unknown) => (typeof value === 'string' && value.trim() === '' ? null : value)

/** What the options say of the fields. */
function given(options: CallOptions, references: References, zone: string): CallPatch {
  const patch = CALL_FIELD_NAMES.map((field) => [field, readOption(field, options, references, zone)] as const)
  return Object.fromEntries(patch.filter(([, value]) => value !== undefined))
}

/** Returns the fields of a new call. Default: completed now, undecided. */
export function newCallOf(
  options: CallOptions,
  references: References & { readonly userId: UserId },
  zone: string,
  now: number,
): CallFields {
  const patch = given(options, references, zone)
  const planned = typeof patch.scheduledAt === 'number' && patch.outcome === undefined && patch.completedAt === undefined
  const status = patch.status ?? (planned ? 'scheduled' : 'completed')
  const completed = status === 'completed'
  return {
    ...NO_OPTIONAL_FIELDS,
    prospectName: '',
    callType: 'outbound',
    outcome: completed ? 'undecided' : null,
    completedAt: completed ? now : null,
    ...patch,
    userId: references.userId,
    status,
  }
}

/**
 * Returns the changes of an edit. A new status or outcome also changes the fields that contradict it. A call that is no longer completed
 * loses its outcome and completion time. A call that becomes completed is completed now and undecided. A call that is no longer lost loses
 * its loss reason.
 */
export function patchOf(options: CallOptions, references: References, call: Call, zone: string, now: number): CallPatch {
  const patch = given(options, references, zone)
  const status = patch.status ?? call.status
  const outcome = patch.outcome ?? call.outcome
  const implied: CallPatch = {}
  if (patch.status !== undefined && status !== 'completed')
    Object.assign(implied, { outcome: null, lossReasonId: null, completedAt: null })
  if (patch.status === 'completed' && call.status !== 'completed')
    Object.assign(implied, { outcome: 'undecided', completedAt: now })
  if (patch.outcome !== undefined && outcome !== 'lost' && call.lossReasonId !== null) implied.lossReasonId = null
  return { ...implied, ...patch }
}
