import { t } from '@lingui/core/macro'
import type { useForm } from '@mantine/form'
import type { z } from 'zod'
import { newCallSchema } from '../../../core/model/call.ts'
import type { Call, CallFields, CallOutcome, CallPatch, CallStatus, CallType } from '../../../core/model/call.ts'
import { CALL_OUTCOME_UNIT, CALL_TEXT_FIELDS, type CallFieldOf } from '../../../core/model/call-fields.ts'
import type { LossReasonId, UserId } from '../../../core/id.ts'
import { ruleText } from '../../api/rule-text.ts'
import type { ActionId } from '../../keys/actions.ts'
import { formatDuration, parseDuration } from '../../format/durations.ts'
import { formatDateTime, parseDateTime } from '../../format/times.ts'
import { NO_DESK_VALUES, readNextTime, type DeskValues } from './desk-values.ts'

/**
 * The values of the form as typed, so that a draft also restores a text that is not valid yet. Fields that do not apply to the status keep
 * their text and are left out of the call, so that changing the status by mistake loses nothing.
 */
export type CallFormValues = Record<TextField, string> &
  DeskValues & {
    userId: UserId
    callType: CallType
    status: CallStatus
    outcome: CallOutcome | ''
    lossReasonId: LossReasonId
    duration: string
    scheduledAt: string
    completedAt: string
  }
type TextField = CallFieldOf<'text'>

/** Returns the text fields of a call as form values. A missing one is empty. */
export function textValues(call: Partial<Pick<CallFields, TextField>> = {}): Record<TextField, string> {
  return Object.fromEntries(CALL_TEXT_FIELDS.map((field) => [field, call[field] ?? ''])) as Record<TextField, string>
}

/** The members of the form that its fields use. */
export type CallFormState = Pick<
  ReturnType<typeof useForm<CallFormValues>>,
  'values' | 'getValues' | 'setValues' | 'setFieldValue' | 'clearFieldError' | 'clearErrors' | 'getInputNode'
>

export type CallFormErrors = Partial<Record<keyof CallFormValues, string>>

/** The current instant, the client's zone, and the call that is being edited, if any. */
export type CallFormContext = {
  readonly now: number
  readonly zone: string
  readonly original?: Call | undefined
  /** Whether saving logs a finished call together with its next call. */
  readonly isLog?: boolean
}

/** @param draftId identifies the call among the unfinished ones. */
export function newCallValues(userId: UserId, { now, zone }: CallFormContext, draftId: string): CallFormValues {
  return {
    ...textValues(),
    ...NO_DESK_VALUES,
    draftId,
    userId,
    callType: 'outbound',
    status: 'completed',
    outcome: '',
    lossReasonId: '',
    duration: '',
    scheduledAt: '',
    completedAt: formatDateTime(now, zone),
  }
}

export function callValues(call: Call, zone: string): CallFormValues {
  const time = (millis: number | null) => (millis === null ? '' : formatDateTime(millis, zone))
  return {
    ...textValues(call),
    ...NO_DESK_VALUES,
    userId: call.userId,
    callType: call.callType,
    status: call.status,
    outcome: call.outcome ?? '',
    lossReasonId: call.lossReasonId ?? '',
    duration: call.callDuration === null ? '' : formatDuration(call.callDuration),
    scheduledAt: time(call.scheduledAt),
    completedAt: time(call.completedAt),
  }
}

export const hasOutcome = (values: Pick<CallFormValues, 'status'>) => values.status === 'completed'
export const hasLossReason = (values: Pick<CallFormValues, 'status' | 'outcome'>) =>
  hasOutcome(values) && values.outcome === 'lost'

/** Changes the status and fills in what the new status needs. */
export function withStatus(values: CallFormValues, status: CallStatus, { now, zone }: CallFormContext): CallFormValues {
  const completedAt = status === 'completed' && values.completedAt === '' ? formatDateTime(now, zone) : values.completedAt
  return { ...values, status, completedAt }
}

/**
 * Returns whether the call needs a new date because it is being rescheduled without a next call. An imported call that is already rescheduled
 * may have no date, and can be edited without one.
 */
export function needsNewDate(
  { status }: Pick<CallFormValues, 'status'>,
  { original, isLog = false }: Pick<CallFormContext, 'original' | 'isLog'>,
): boolean {
  return !isLog && status === 'rescheduled' && original?.status !== 'rescheduled'
}

/** The six ways in which a call ends, in the order of their keys. */
export const DISPOSITIONS: readonly {
  readonly action: ActionId
  readonly status: CallStatus
  readonly outcome?: CallOutcome
}[] = [
  { action: 'form.won', status: 'completed', outcome: 'won' },
  { action: 'form.lost', status: 'completed', outcome: 'lost' },
  { action: 'form.undecided', status: 'completed', outcome: 'undecided' },
  { action: 'form.no_show', status: 'no_show' },
  { action: 'form.rescheduled', status: 'rescheduled' },
  { action: 'form.cancelled', status: 'cancelled' },
]

export function withDisposition(values: CallFormValues, index: number, context: CallFormContext): CallFormValues {
  const disposition = DISPOSITIONS[index]
  if (disposition === undefined) return values
  const next = withStatus(values, disposition.status, context)
  return disposition.outcome === undefined ? next : { ...next, outcome: disposition.outcome }
}

const FIELD_OF: Partial<Record<keyof CallFields, keyof CallFormValues>> = { callDuration: 'duration' }

/** Returns the field of the form for a field of the call. */
export function formField(path: string): keyof CallFormValues {
  return (FIELD_OF[path as keyof CallFields] ?? path) as keyof CallFormValues
}

function issueText(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_big' && issue.origin === 'string') {
    const most = String(issue.maximum)
    return t`At most ${most} characters`
  }
  if (issue.code === 'too_big') return t`A call lasts at most 24 hours`
  if (issue.path[0] === 'userId') return t`Choose an agent`
  if (issue.path[0] === 'lossReasonId' && issue.code !== 'custom') return t`Choose a reason from the list`
  return ruleText(issue.message)
}

/** Returns the call of the typed values and the time of the next call (null: there is none), or the errors by field. */
export function readCall(
  values: CallFormValues,
  context: CallFormContext,
): { call: CallFields | null; nextAt: number | null; errors: CallFormErrors } {
  const { now, zone, original, isLog = false } = context
  const errors: CallFormErrors = {}
  const was = original && callValues(original, zone)

  /** Returns the original value for an unchanged text, because it may be more precise than its text. */
  function read<T>(
    field: 'duration' | 'scheduledAt' | 'completedAt',
    exact: T | undefined,
    parse: (text: string) => T | null | undefined,
    message: string,
  ) {
    if (exact !== undefined && was?.[field] === values[field]) return exact
    const value = parse(values[field])
    if (value === undefined) errors[field] = message
    return value ?? null
  }
  const time = (text: string) => parseDateTime(text, now, zone)
  const callDuration = hasOutcome(values)
    ? read('duration', original?.callDuration, parseDuration, t`Enter a duration, for example 4:05 or 245 (seconds)`)
    : // Only a completed call has a duration. An imported one of another status keeps it until its status changes.
      original?.status === values.status
      ? original.callDuration
      : null
  const scheduledAt = read('scheduledAt', original?.scheduledAt, time, t`Enter a date, for example tomorrow 10:30`)
  if (needsNewDate(values, context) && errors.scheduledAt === undefined) {
    if (scheduledAt === null) errors.scheduledAt = t`Enter the new date, for example tomorrow 10:30`
    else if (scheduledAt === original?.scheduledAt) errors.scheduledAt = t`This is the old date. Enter the new one`
  }
  const next = isLog ? readNextTime(values, now, zone) : { at: null, problem: null }
  if (next.problem !== null) errors.nextAt = next.problem
  const completedAt = hasOutcome(values)
    ? read('completedAt', original?.completedAt, time, t`Enter a date, for example yesterday 10:30`)
    : null

  const parsed = newCallSchema.safeParse({
    ...values,
    outcome: hasOutcome(values) && values.outcome !== '' ? values.outcome : null,
    lossReasonId: hasLossReason(values) && values.lossReasonId !== '' ? values.lossReasonId : null,
    callDuration,
    scheduledAt,
    completedAt,
  })
  for (const issue of parsed.error?.issues ?? []) errors[formField(String(issue.path[0]))] ??= issueText(issue)
  const isRight = parsed.success && Object.keys(errors).length === 0
  return { call: isRight ? parsed.data : null, nextAt: isRight ? next.at : null, errors }
}

const isOutcomeField = (key: string) => CALL_OUTCOME_UNIT.some((field) => field === key)

/** Returns the values of `call` in the fields of `patch`. Status and outcome are one unit: if one changes, all four are included. */
export function heldValues(call: CallFields, patch: CallPatch): CallPatch {
  const isOutcomeChanged = CALL_OUTCOME_UNIT.some((key) => key in patch)
  const keys = (Object.keys(call) as (keyof CallFields)[]).filter(
    (key) => key in patch || (isOutcomeChanged && isOutcomeField(key)),
  )
  return Object.fromEntries(keys.map((key) => [key, call[key]]))
}

/** Returns only the fields that differ, so that changes that someone else made meanwhile are kept. */
export function patchOf(original: CallFields, call: CallFields): CallPatch {
  const changed = (Object.keys(call) as (keyof CallFields)[]).filter((key) => call[key] !== original[key])
  return Object.fromEntries(changed.map((key) => [key, call[key]]))
}

/**
 * Returns the values that differ from the initial values of the form of an existing call. A draft of all values would later undo changes
 * that others have made since. Status and outcome are one unit.
 */
export function typedValues(values: CallFormValues, pristine: CallFormValues): Partial<CallFormValues> {
  const differs = (key: keyof CallFormValues) => values[key] !== pristine[key]
  const isOutcomeTyped = CALL_OUTCOME_UNIT.some(differs)
  const typed = (Object.keys(values) as (keyof CallFormValues)[]).filter(
    (key) => differs(key) || (isOutcomeTyped && isOutcomeField(key)),
  )
  return Object.fromEntries(typed.map((key) => [key, values[key]]))
}

export function sameValues(a: CallFormValues, b: CallFormValues): boolean {
  return (Object.keys(a) as (keyof CallFormValues)[]).every((key) => a[key] === b[key])
}
