import { Option, type Command } from 'commander'
import {
  CALL_OUTCOMES,
  CALL_STATUSES,
  CALL_TYPES,
  type Call,
  type CallFields,
  type CallOutcome,
  type CallPatch,
  type CallStatus,
  type CallType,
} from '../core/model/call.ts'
import { callTimeOf, durationArgument } from './arguments.ts'

/** The fields of a call as options. An empty text clears an optional field. */
export type CallOptions = {
  readonly user?: string
  readonly prospect?: string
  readonly email?: string
  readonly phone?: string
  readonly type?: CallType
  readonly status?: CallStatus
  readonly outcome?: CallOutcome
  readonly reason?: string
  readonly notes?: string
  readonly duration?: number | null
  readonly scheduledAt?: string
  readonly completedAt?: string
}

export function withCallOptions(command: Command): Command {
  return command
    .option('--user <who>', 'agent of the call: e-mail address, name or id')
    .option('--prospect <name>', 'the prospect’s name')
    .option('--email <email>', 'the prospect’s e-mail address')
    .option('--phone <number>', 'the prospect’s phone number, stored as typed')
    .addOption(new Option('--type <type>').choices(CALL_TYPES))
    .addOption(new Option('--status <status>').choices(CALL_STATUSES))
    .addOption(new Option('--outcome <outcome>', 'outcome of a completed call').choices(CALL_OUTCOMES))
    .option('--reason <reason>', 'loss reason of a lost call: name or id')
    .option('--notes <text>')
    .option('--duration <time>', 'seconds, m:ss or h:mm:ss', durationArgument)
    .option('--scheduled-at <time>', 'ISO 8601; without an offset, in the client’s time zone')
    .option('--completed-at <time>', 'ISO 8601; without an offset, in the client’s time zone')
}

/** The ids of the records that the options name. */
export type References = { readonly userId: string | undefined; readonly lossReasonId: string | null | undefined }

/** Returns the fields that the options set; '' clears a field. */
function given(options: CallOptions, { userId, lossReasonId }: References, zone: string): CallPatch {
  const text = (value: string | undefined) => (value?.trim() === '' ? null : value)
  const time = (option: string, value: string | undefined) =>
    value === undefined || value === '' ? text(value) : callTimeOf(option, value, zone)
  const patch: Readonly<Record<keyof CallFields, unknown>> = {
    userId,
    prospectName: options.prospect,
    prospectEmail: text(options.email),
    prospectPhone: text(options.phone),
    callType: options.type,
    status: options.status,
    outcome: options.outcome,
    lossReasonId,
    notes: text(options.notes),
    callDuration: options.duration,
    scheduledAt: time('--scheduled-at', options.scheduledAt),
    completedAt: time('--completed-at', options.completedAt),
  }
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))
}

/** Returns the fields of a new call. Default: completed now, undecided. */
export function newCallOf(
  options: CallOptions,
  references: References & { readonly userId: string },
  zone: string,
  now: number,
): CallFields {
  const patch = given(options, references, zone)
  const planned = typeof patch.scheduledAt === 'number' && patch.outcome === undefined && patch.completedAt === undefined
  const status = patch.status ?? (planned ? 'scheduled' : 'completed')
  const completed = status === 'completed'
  return {
    prospectName: '',
    prospectEmail: null,
    prospectPhone: null,
    callType: 'outbound',
    outcome: completed ? 'undecided' : null,
    lossReasonId: null,
    notes: null,
    callDuration: null,
    scheduledAt: null,
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
