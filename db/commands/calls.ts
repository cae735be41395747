import { and, eq } from 'drizzle-orm'
import { DERIVED_FIELDS, deriveCall } from '../../core/model/call-derivation.ts'
import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import { ruleSentence } from '../../core/plain-errors.ts'
import { asValue } from '../../core/messages/text.ts'
import type { CallId, ClientId, LossReasonId, UserId } from '../../core/id.ts'
import { callIssues, fieldsOf, type Call, type CallFields, type NewCall } from '../../core/model/call.ts'
import { CALL_FIELD_NAMES } from '../../core/model/call-fields.ts'
import { defaultCountry, DERIVED_FROM_FIELDS, derivedFromColumns } from '../derive-calls.ts'
import type { WritableDb } from '../open.ts'
import { statement, type Named } from '../prepared.ts'
import { calls as callsTable } from '../schema.ts'
import { getCall } from '../queries/calls.ts'
import { deletedRow } from '../queries/audit.ts'
import { getLossReason } from '../queries/loss-reasons.ts'
import { getUser } from '../queries/users.ts'
import { insertColumns, run, type SqlValue } from '../statements.ts'
import { restoring } from '../write-context.ts'
import { currentWrite } from '../write-transaction.ts'
import { recordEvent } from './events.ts'
import { updateRow, written } from './changes.ts'

export type NewCallRow = NewCall & {
  readonly id: CallId
  readonly clientId: ClientId
  readonly createdAt: number
  /** The call that the new one continues. Default: none. */
  readonly followsCallId?: CallId | null
}
export type CallRowPatch = { readonly [Key in keyof CallFields]?: CallFields[Key] | undefined }

type InsertedCall = Omit<typeof callsTable.$inferSelect, 'rowid' | 'eventAt'>

const INSERTED: readonly (keyof InsertedCall)[] = [
  ...(['id', 'clientId', 'createdAt', 'updatedAt'] as const),
  ...CALL_FIELD_NAMES,
  'followsCallId',
  ...DERIVED_FIELDS,
]

const insertOne = statement((orm, call: Named<InsertedCall>) =>
  orm.insert(callsTable).values(Object.fromEntries(INSERTED.map((field) => [field, call[field]])) as Named<InsertedCall>),
)

/** SQL text: all rows are one JSON parameter. Drizzle binds one parameter for each value. */
const INSERT_MANY = `INSERT INTO calls (${INSERTED.map((field) => callsTable[field].name).join(', ')})
  SELECT ${INSERTED.map((_, position) => `value ->> ${position}`).join(', ')} FROM json_each(:rows) WHERE true`

function insertedCall(call: NewCallRow, updatedAt: number, country: string | null): InsertedCall {
  const { id, clientId, createdAt, followsCallId = null } = call
  return { id, clientId, createdAt, updatedAt, ...fieldsOf(call), followsCallId, ...deriveCall(call, country) }
}

/** @throws AppError CONFLICT where the id exists; INVALID where the call breaks a rule or its person does not exist. */
export function insertCall(db: WritableDb, call: NewCallRow): Call {
  const { now } = currentWrite(db)
  const country = defaultCountry(db, call.clientId)
  naming(db, call.clientId, call, () => insertOne(db, insertedCall(call, now, country)))
  return {
    id: call.id,
    clientId: call.clientId,
    ...fieldsOf(call),
    followsCallId: call.followsCallId ?? null,
    eventAt: call.completedAt ?? call.scheduledAt ?? call.createdAt,
    createdAt: call.createdAt,
    updatedAt: now,
  }
}

/** Rows per statement. SQLite copies the pages that a statement touches, so that it can be undone; fewer statements copy less. */
const ROWS_A_STATEMENT = 500

/**
 * Inserts many calls at half the cost of as many `insertCall`. Each still has its own line in the audit trail.
 * @throws AppError CONFLICT or INVALID if one is refused. The error does not name it; roll the transaction back.
 */
export function insertCalls(db: WritableDb, calls: readonly NewCallRow[]): void {
  const { now, clientId } = currentWrite(db)
  const country = defaultCountry(db, clientId)
  for (let begin = 0; begin < calls.length; begin += ROWS_A_STATEMENT) {
    const some = calls.slice(begin, begin + ROWS_A_STATEMENT)
    const inserted = some.map((call) => insertedCall(call, now, country))
    run(db, INSERT_MANY, { rows: JSON.stringify(inserted.map((row) => INSERTED.map((field) => wellFormed(row[field])))) })
  }
}

/** A half of a surrogate pair cannot be written as UTF-8; bound as a parameter it becomes U+FFFD, and so it does here. */
function wellFormed(value: SqlValue): SqlValue {
  return typeof value === 'string' ? value.toWellFormed() : value
}

/**
 * Changes the given fields; what is absent stays.
 * @throws AppError NOT_FOUND; INVALID where the merged call breaks a rule or its person does not exist.
 */
export function updateCall(db: WritableDb, id: CallId, patch: CallRowPatch): Call {
  const { clientId } = currentWrite(db)
  const before = getCall(db, clientId, id)
  if (before === undefined) throw notFound()
  const given = Object.fromEntries(
    CALL_FIELD_NAMES.filter((field) => patch[field] !== undefined).map((field) => [field, patch[field]]),
  ) as Partial<CallFields>
  const next = { ...before, ...given }
  const issues = callIssues(next)
  if (issues.length > 0) {
    const broken = issues.map(({ path, message }) => ({ path, ...ruleSentence(message) }))
    const [first = sentence('rule.call')] = broken
    throw new AppError('INVALID', sentence('rule.unsaved', { rule: asValue(first) }), { issues: broken })
  }
  const changesTexts = DERIVED_FROM_FIELDS.some((field) => next[field] !== before[field])
  const derived = changesTexts ? deriveCall(next, defaultCountry(db, clientId)) : {}
  naming(db, clientId, next, () => updateRow(db, callsTable, id, { ...given, ...derived }))
  return written(getCall(db, clientId, id))
}

const deleteById = statement((orm, { clientId, id }: Named<{ clientId: ClientId; id: CallId }>) =>
  orm.delete(callsTable).where(and(eq(callsTable.id, id), eq(callsTable.clientId, clientId))),
)

/** @throws AppError NOT_FOUND */
export function deleteCall(db: WritableDb, id: CallId): void {
  if (deleteById(db, { clientId: currentWrite(db).clientId, id }) === 0) throw notFound()
}

/**
 * Restores a deleted call with its last values in this device's audit trail. On a connected device these values are shown until the answer
 * arrives: the operation is a RESTORE, and the server restores the values that it accepted last (S11).
 * @throws AppError NOT_FOUND where no such call was deleted; CONFLICT where it exists; INVALID where a row that it refers to is gone.
 */
export function restoreCall(db: WritableDb, id: CallId): Call {
  const { clientId, now } = currentWrite(db)
  const values = deletedRow(db, clientId, 'calls', id)
  if (values === undefined) throw new AppError('NOT_FOUND', sentence('gone.deleted-call'))
  const references = { userId: text(values['user_id']), lossReasonId: text(values['loss_reason_id']) }
  const derived = derivedFromColumns(values, defaultCountry(db, clientId))
  restoring(db, id, () =>
    naming(db, clientId, references, () => insertColumns(db, 'calls', { ...values, updated_at: now, ...derived })),
  )
  return written(getCall(db, clientId, id))
}

/** Requests from the server a deleted call of which this device holds no values. The server's answer contains the row. */
export function requestRestore(db: WritableDb, id: CallId): void {
  recordEvent(db, { tableName: 'calls', recordId: id, action: 'RESTORE', newValues: {} })
}

const text = (value: SqlValue | undefined) => (typeof value === 'string' ? value : null)

function notFound(): AppError<'NOT_FOUND'> {
  return new AppError('NOT_FOUND', sentence('gone.call'))
}

/** SQLite does not name the foreign key that failed. This checks only after a failure, so a successful write costs nothing more. */
function naming(
  db: WritableDb,
  clientId: ClientId,
  call: { readonly userId: UserId | null; readonly lossReasonId: LossReasonId | null },
  write: () => void,
): void {
  try {
    write()
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'INVALID') throw error
    const { userId, lossReasonId } = call
    const issues = [
      ...(userId !== null && getUser(db, clientId, userId) === undefined
        ? [{ path: 'userId', ...sentence('rule.no-person') }]
        : []),
      ...(lossReasonId !== null && getLossReason(db, clientId, lossReasonId) === undefined
        ? [{ path: 'lossReasonId', ...sentence('rule.no-loss-reason') }]
        : []),
    ]
    const [first] = issues
    if (first === undefined) throw error
    throw new AppError('INVALID', sentence('rule.unsaved', { rule: first.text }), { issues }, error)
  }
}
