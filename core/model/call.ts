import { z } from 'zod'
import { idSchema } from '../id.ts'
import { definedOnly, optionalText, requiredText, timestampSchema } from './common.ts'

export const CALL_TYPES = ['inbound', 'outbound'] as const
export const CALL_STATUSES = ['scheduled', 'completed', 'no_show', 'rescheduled', 'cancelled'] as const
export const CALL_OUTCOMES = ['won', 'lost', 'undecided'] as const

export const callTypeSchema = z.enum(CALL_TYPES)
export const callStatusSchema = z.enum(CALL_STATUSES)
export const callOutcomeSchema = z.enum(CALL_OUTCOMES)
export type CallType = z.infer<typeof callTypeSchema>
export type CallStatus = z.infer<typeof callStatusSchema>
export type CallOutcome = z.infer<typeof callOutcomeSchema>

/** Whole seconds, at most a day. */
export const callDurationSchema = z.int().min(0, 'A duration cannot be negative').max(86_400, 'A call lasts at most 24 hours')

/** The fields of a call that a person fills in. */
const callFields = z.object({
  /** Owner of the call. */
  userId: idSchema,
  prospectName: requiredText(200, "The prospect's name"),
  prospectEmail: optionalText(254),
  /** As typed. */
  prospectPhone: optionalText(50),
  callType: callTypeSchema,
  status: callStatusSchema,
  outcome: callOutcomeSchema.nullable(),
  lossReasonId: idSchema.nullable(),
  notes: optionalText(10_000),
  callDuration: callDurationSchema.nullable(),
  scheduledAt: timestampSchema.nullable(),
  completedAt: timestampSchema.nullable(),
})

export type CallFields = z.infer<typeof callFields>

/** The columns of the table `calls` that a person fills, by field. */
export const CALL_COLUMNS = {
  userId: 'user_id',
  prospectName: 'prospect_name',
  prospectEmail: 'prospect_email',
  prospectPhone: 'prospect_phone',
  callType: 'call_type',
  status: 'status',
  outcome: 'outcome',
  lossReasonId: 'loss_reason_id',
  notes: 'notes',
  callDuration: 'call_duration',
  scheduledAt: 'scheduled_at',
  completedAt: 'completed_at',
} as const satisfies Record<keyof CallFields, string>

/** A broken rule: the field to which it belongs, and what to do. */
export type CallIssue = { readonly path: keyof CallFields; readonly message: string }

/**
 * Checks the rules between the fields of a call. The database has the same rules as CHECK constraints. A form uses them to show mistakes
 * before it saves.
 */
export function callIssues(call: Pick<CallFields, 'status' | 'outcome' | 'lossReasonId' | 'completedAt'>): CallIssue[] {
  const issues: CallIssue[] = []
  const completed = call.status === 'completed'
  if (completed && call.completedAt === null)
    issues.push({ path: 'completedAt', message: 'A completed call needs the time it was completed' })
  if (!completed && call.completedAt !== null)
    issues.push({ path: 'completedAt', message: 'Only a completed call has a completion time' })
  if (completed && call.outcome === null)
    issues.push({ path: 'outcome', message: 'A completed call needs an outcome; choose undecided if it is open' })
  if (!completed && call.outcome !== null) issues.push({ path: 'outcome', message: 'Only a completed call has an outcome' })
  if (call.outcome !== 'lost' && call.lossReasonId !== null)
    issues.push({ path: 'lossReasonId', message: 'Only a lost call has a loss reason' })
  return issues
}

function refineCall(call: CallFields, ctx: z.RefinementCtx) {
  for (const issue of callIssues(call)) ctx.addIssue({ code: 'custom', path: [issue.path], message: issue.message })
}

/** A whole call as a person enters it; optional fields default to null. */
export const newCallSchema = callFields
  .extend({
    prospectEmail: callFields.shape.prospectEmail.default(null),
    prospectPhone: callFields.shape.prospectPhone.default(null),
    outcome: callFields.shape.outcome.default(null),
    lossReasonId: callFields.shape.lossReasonId.default(null),
    notes: callFields.shape.notes.default(null),
    callDuration: callFields.shape.callDuration.default(null),
    scheduledAt: callFields.shape.scheduledAt.default(null),
    completedAt: callFields.shape.completedAt.default(null),
  })
  .superRefine(refineCall)
export type NewCall = z.infer<typeof newCallSchema>

/** All editable fields of a call, with the rules between them. */
export const callFieldsSchema = callFields.superRefine(refineCall)

/** Some fields of a call. Absent fields are not changed. The rules between fields are checked on the merged row. */
export const callPatchSchema = callFields.partial().transform(definedOnly)
export type CallPatch = z.infer<typeof callPatchSchema>

/** A call as it is stored and read. */
export const callSchema = callFields.extend({
  id: idSchema,
  clientId: idSchema,
  /**
   * Event time: when the call was completed, else when it is scheduled, else when it was created.
   */
  eventAt: timestampSchema,
  createdAt: timestampSchema,
  updatedAt: timestampSchema,
})
export type Call = z.infer<typeof callSchema>
