import { z } from 'zod'
import { userIdSchema, lossReasonIdSchema } from '../id.ts'
import { optionalText, requiredText, timestampSchema } from './common.ts'

export const CALL_TYPES = ['inbound', 'outbound'] as const
export const CALL_STATUSES = ['scheduled', 'completed', 'no_show', 'rescheduled', 'cancelled'] as const
export const CALL_OUTCOMES = ['won', 'lost', 'undecided'] as const

export const callTypeSchema = z.enum(CALL_TYPES)
export const callStatusSchema = z.enum(CALL_STATUSES)
export const callOutcomeSchema = z.enum(CALL_OUTCOMES)

/** Whole seconds; a day is the longest call anyone logs. */
const callDurationSchema = z.int().min(0, 'A duration cannot be negative').max(86_400, 'A call lasts at most 24 hours')

/** How a value is typed, read and shown. */
type FieldKind = 'person' | 'lossReason' | 'choice' | 'duration' | 'time' | 'text'

type FieldDescription = {
  /** The column in the databases and on the wire. */
  readonly column: string
  /** Type, limits, and whether the field may be null. The device's columns of the first version repeat the limits as CHECKs. */
  readonly schema: z.ZodType<string | number | null>
  readonly kind: FieldKind
  readonly label: string
  /** The table of the row that the value identifies. */
  readonly refersTo?: 'users' | 'loss_reasons'
  /** The fields of an import that fill this one; absent: the field of the same name. */
  readonly importedFrom?: readonly string[]
  /** The option of the command line, without its hyphens, in camelCase. */
  readonly option: string
  readonly optionArgument: string
  readonly optionHelp?: string
}

/**
 * The fields of a call that a person fills in: the one description from which the schemas, the columns, the synced table, the form, the
 * import, the command line and the labels are derived, or against which the compiler checks them. "Add a field" in CONTRIBUTING.md lists
 * what else a new field needs.
 */
export const CALL_FIELDS = {
  userId: {
    column: 'user_id',
    schema: userIdSchema,
    kind: 'person',
    label: 'Agent',
    refersTo: 'users',
    importedFrom: ['agent'],
    option: 'user',
    optionArgument: '<who>',
    optionHelp: 'agent of the call: e-mail address, name or id',
  },
  prospectName: {
    column: 'prospect_name',
    schema: requiredText(200, "The prospect's name"),
    kind: 'text',
    label: 'Prospect name',
    option: 'prospect',
    optionArgument: '<name>',
    optionHelp: 'the prospect’s name',
  },
  prospectEmail: {
    column: 'prospect_email',
    schema: optionalText(254),
    kind: 'text',
    label: 'E-mail',
    option: 'email',
    optionArgument: '<email>',
    optionHelp: 'the prospect’s e-mail address',
  },
  /** As typed. */
  prospectPhone: {
    column: 'prospect_phone',
    schema: optionalText(50),
    kind: 'text',
    label: 'Phone',
    option: 'phone',
    optionArgument: '<number>',
    optionHelp: 'the prospect’s phone number, stored as typed',
  },
  callType: {
    column: 'call_type',
    schema: callTypeSchema,
    kind: 'choice',
    label: 'Type',
    option: 'type',
    optionArgument: '<type>',
  },
  status: {
    column: 'status',
    schema: callStatusSchema,
    kind: 'choice',
    label: 'Status',
    option: 'status',
    optionArgument: '<status>',
  },
  outcome: {
    column: 'outcome',
    schema: callOutcomeSchema.nullable(),
    kind: 'choice',
    label: 'Outcome',
    option: 'outcome',
    optionArgument: '<outcome>',
    optionHelp: 'outcome of a completed call',
  },
  lossReasonId: {
    column: 'loss_reason_id',
    schema: lossReasonIdSchema.nullable(),
    kind: 'lossReason',
    label: 'Loss reason',
    refersTo: 'loss_reasons',
    importedFrom: ['lossReason'],
    option: 'reason',
    optionArgument: '<reason>',
    optionHelp: 'loss reason of a lost call: name or id',
  },
  notes: {
    column: 'notes',
    schema: optionalText(10_000),
    kind: 'text',
    label: 'Notes',
    option: 'notes',
    optionArgument: '<text>',
  },
  callDuration: {
    column: 'call_duration',
    schema: callDurationSchema.nullable(),
    kind: 'duration',
    label: 'Duration',
    option: 'duration',
    optionArgument: '<time>',
    optionHelp: 'seconds, m:ss or h:mm:ss',
  },
  scheduledAt: {
    column: 'scheduled_at',
    schema: timestampSchema.nullable(),
    kind: 'time',
    label: 'Scheduled for',
    importedFrom: ['date', 'dateTime'],
    option: 'scheduledAt',
    optionArgument: '<time>',
    optionHelp: 'ISO 8601; without an offset, in the client’s time zone',
  },
  completedAt: {
    column: 'completed_at',
    schema: timestampSchema.nullable(),
    kind: 'time',
    label: 'Completed at',
    importedFrom: ['date', 'dateTime'],
    option: 'completedAt',
    optionArgument: '<time>',
    optionHelp: 'ISO 8601; without an offset, in the client’s time zone',
  },
} as const satisfies Record<string, FieldDescription>

type Fields = typeof CALL_FIELDS
export type CallField = keyof Fields
export const CALL_FIELD_NAMES = Object.keys(CALL_FIELDS) as readonly CallField[]

export type CallFieldOf<Kind extends FieldKind> = { [F in CallField]: Fields[F]['kind'] extends Kind ? F : never }[CallField]
/** The fields that are null unless someone fills them in. */
export type OptionalCallField = { [F in CallField]: null extends z.output<Fields[F]['schema']> ? F : never }[CallField]

export function isCallField(name: string): name is CallField {
  return Object.hasOwn(CALL_FIELDS, name)
}

export function describeField(field: CallField): FieldDescription {
  return CALL_FIELDS[field]
}

export function isOptional(field: CallField): field is OptionalCallField {
  return describeField(field).schema.safeParse(null).success
}

export const CALL_TEXT_FIELDS = CALL_FIELD_NAMES.filter(
  (field): field is CallFieldOf<'text'> => CALL_FIELDS[field].kind === 'text',
)

export const CALL_FIELD_LABELS = Object.fromEntries(
  CALL_FIELD_NAMES.map((field) => [field, CALL_FIELDS[field].label]),
) as Readonly<Record<CallField, string>>

/** The columns of the fields. */
export const CALL_COLUMNS = Object.fromEntries(CALL_FIELD_NAMES.map((field) => [field, CALL_FIELDS[field].column])) as {
  readonly [F in CallField]: Fields[F]['column']
}

const fieldsByColumn: ReadonlyMap<string, CallField> = new Map(
  CALL_FIELD_NAMES.map((field) => [CALL_FIELDS[field].column, field]),
)

/** The field that a column of `calls` holds; undefined for a column that no person fills in. */
export function fieldOfColumn(column: string): CallField | undefined {
  return fieldsByColumn.get(column)
}

/** The fields that merge as one (S9), because rules join them: a change of one carries all. */
export const CALL_OUTCOME_UNIT = ['status', 'outcome', 'lossReasonId', 'completedAt'] as const satisfies readonly CallField[]

/** Returns all fields: `first` in this order, then the others. A new field is shown last until a place is chosen for it. */
export function fieldsInOrder(...first: readonly CallField[]): readonly CallField[] {
  return [...first, ...CALL_FIELD_NAMES.filter((field) => !first.includes(field))]
}
