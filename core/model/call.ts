import { z } from 'zod'
import { clientIdSchema, callIdSchema } from '../id.ts'
import { definedOnly, timestampSchema } from './common.ts'
import {
  CALL_COLUMNS,
  CALL_FIELD_NAMES,
  CALL_FIELDS,
  type callOutcomeSchema,
  type callStatusSchema,
  type callTypeSchema,
  isOptional,
  type CallField,
  type OptionalCallField,
} from './call-fields.ts'

export type CallType = z.infer<typeof callTypeSchema>
export type CallStatus = z.infer<typeof callStatusSchema>
export type CallOutcome = z.infer<typeof callOutcomeSchema>

type Schemas = { readonly [F in CallField]: (typeof CALL_FIELDS)[F]['schema'] }
type SchemasOfNew = { readonly [F in CallField]: F extends OptionalCallField ? z.ZodDefault<Schemas[F]> : Schemas[F] }

/** Returns an object with a value for every field. */
function eachField<T>(valueOf: (field: CallField) => T): Record<CallField, T> {
  return Object.fromEntries(CALL_FIELD_NAMES.map((field) => [field, valueOf(field)])) as Record<CallField, T>
}

const schemaOf = (field: CallField): z.ZodType => CALL_FIELDS[field].schema

/** The fields of a call that a person fills in. */
const callFields = z.object(eachField(schemaOf) as unknown as Schemas)

export type CallFields = z.infer<typeof callFields>

/** The optional fields with the value null. */
export const NO_OPTIONAL_FIELDS = Object.fromEntries(
  CALL_FIELD_NAMES.filter(isOptional).map((field) => [field, null]),
) as Readonly<Record<OptionalCallField, null>>

/** Returns the fields that a person fills in, without the rest of the row. */
export function fieldsOf(call: CallFields): CallFields {
  return eachField((field) => call[field]) as CallFields
}

/** A broken rule: the field to which it belongs, and what to do. */
export type CallIssue = { readonly path: CallField; readonly message: string }

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
export const newCallSchema = z
  .object(eachField((field) => (isOptional(field) ? schemaOf(field).default(null) : schemaOf(field))) as unknown as SchemasOfNew)
  .superRefine(refineCall)
export type NewCall = z.infer<typeof newCallSchema>

/** All editable fields of a call, with the rules between them. */
export const callFieldsSchema = callFields.superRefine(refineCall)

/** Some fields of a call. Absent fields are not changed. The rules between fields are checked on the merged row. */
export const callPatchSchema = callFields.partial().transform(definedOnly)
export type CallPatch = z.infer<typeof callPatchSchema>

/** A call as it is stored and read. */
export const callSchema = callFields.extend({
  id: callIdSchema,
  clientId: clientIdSchema,
  /**
   * The call that this one continues: a follow-up, or the next call after a reschedule. It never changes after the creation. That call may be
   * deleted, or belong to another person, so that this device does not hold it.
   */
  followsCallId: callIdSchema.nullable(),
  /**
   * Event time: when the call was completed, else when it is scheduled, else when it was created.
   */
  eventAt: timestampSchema,
  createdAt: timestampSchema,
  updatedAt: timestampSchema,
})
export type Call = z.infer<typeof callSchema>

/** The columns of a call that are read. */
export const CALL_ROW_COLUMNS = {
  id: 'id',
  clientId: 'client_id',
  ...CALL_COLUMNS,
  followsCallId: 'follows_call_id',
  eventAt: 'event_at',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
} as const satisfies Record<keyof Call, string>
