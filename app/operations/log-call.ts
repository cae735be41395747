import type { LoggedCall } from '../../core/contract/calls.ts'
import type { ProcedureInput } from '../../core/contract/procedures.ts'
import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import { fieldsOf, NO_OPTIONAL_FIELDS, type Call } from '../../core/model/call.ts'
import { CALL_FIELD_NAMES } from '../../core/model/call-fields.ts'
import { deleteCall, insertCall } from '../../db/commands/calls.ts'
import type { ReadableDb, WritableDb } from '../../db/open.ts'
import { referencesThroughAliases } from '../../db/sync/aliases.ts'
import { requireOn, requireUnchanged, type MemberContext } from '../declaration/operation.ts'
import { requireMayCall } from './do-not-call-rules.ts'
import { editCall, invalid, readable, requireFollowed, requireNewCall, requireNewOwner, restoreHeldCall } from './call-rules.ts'

type LogRequest = ProcedureInput<'calls.log'>
type Context = MemberContext<WritableDb>

/**
 * Logs a finished call in one transaction: creates it, or turns the scheduled call `settles` into it, and creates the next call, which continues
 * it.
 */
export function logCall(context: Context, { call: given, next, settles, expected, despiteDoNotCall }: LogRequest): LoggedCall {
  const { db, actor, now, newId } = context
  const fields = referencesThroughAliases(db, given)
  if (fields.status === 'scheduled') throw invalid([{ path: 'status', ...sentence('rule.still-scheduled') }])
  if (next !== null && next.scheduledAt <= now) throw invalid([{ path: 'next.scheduledAt', ...sentence('rule.next-in-future') }])
  const settled = settles === null ? null : scheduledCall(context, settles, expected)
  const call =
    settled === null
      ? createLogged(context, fields)
      : editCall(context, settled, { ...fieldsOf(fields), scheduledAt: fields.scheduledAt ?? settled.scheduledAt })
  if (next === null) return { call, next: null, settled }
  requireNewOwner(context, call.userId)
  requireMayCall(context, { ...call, ...next, status: 'scheduled' }, despiteDoNotCall)
  const { userId, prospectName, prospectEmail, prospectPhone } = call
  const nextCall = insertCall(db, {
    ...NO_OPTIONAL_FIELDS,
    ...{ userId, prospectName, prospectEmail, prospectPhone },
    ...next,
    status: 'scheduled',
    id: newId(),
    clientId: actor.clientId,
    createdAt: now,
    followsCallId: call.id,
  })
  return { call, next: nextCall, settled }
}

/** @throws AppError NOT_FOUND; CONFLICT if the call is not scheduled, or has other values than `expected`. */
function scheduledCall(context: MemberContext<ReadableDb>, id: Call['id'], expected: LogRequest['expected']): Call {
  const call = readable(context, id)
  if (call.status !== 'scheduled')
    throw new AppError('CONFLICT', sentence('call.not-scheduled'), {
      field: 'status',
    })
  requireUnchanged(call, expected)
  return call
}

function createLogged(context: Context, fields: LogRequest['call']): Call {
  const { db, actor, now, newId } = context
  requireNewCall(context, fields)
  if (fields.followsCallId !== null) requireFollowed(context, fields.followsCallId)
  return insertCall(db, { ...fields, id: newId(), clientId: actor.clientId, createdAt: now })
}

/**
 * Takes a logged call back: deletes the next call, and deletes the call or turns it into the scheduled call again. Changes nothing if one of
 * them was edited since.
 * @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT
 */
export function undoLog(context: Context, logged: LoggedCall): { call: Call | null } {
  requireTogether(logged)
  const { call, next, settled } = logged
  const present = unedited(context, call)
  if (next !== null) deleteUnedited(context, next)
  if (settled === null) {
    deleteUnedited(context, call)
    return { call: null }
  }
  return { call: editCall(context, present, differing(present, settled)) }
}

/**
 * Redoes a logged call that was taken back: the same rows return with their former ids and values.
 * @throws AppError NOT_FOUND, FORBIDDEN; CONFLICT if one of them was not taken back, or was edited since.
 */
export function redoLog(context: Context, logged: LoggedCall): LoggedCall {
  requireTogether(logged)
  const { call, next, settled } = logged
  const again = settled === null ? restored(context, call) : restored(context, call, settled)
  return { call: again, next: next === null ? null : restored(context, next), settled }
}

/** Returns the call with the values of `as`. @param from the scheduled call that it is now; absent: it is deleted. */
function restored(context: Context, as: Call, from?: Call): Call {
  if (from !== undefined) {
    const present = unedited(context, from)
    return editCall(context, present, differing(present, as))
  }
  const call = restoreHeldCall(context, as.id)
  if (call === null) throw new AppError('CONFLICT', sentence('call.values-gone'), {})
  requireSame(context, call, as)
  return call
}

/** @throws AppError INVALID unless the rows fit together as a result of `calls.log` does. */
function requireTogether({ call, next, settled }: LoggedCall): void {
  if (next !== null && next.followsCallId !== call.id) throw invalid([{ path: 'next', ...sentence('rule.next-continues') }])
  if (settled !== null && settled.id !== call.id) throw invalid([{ path: 'settled', ...sentence('rule.settled-call') }])
}

function deleteUnedited(context: Context, call: Call): void {
  const { id, userId } = unedited(context, call)
  requireOn(context, 'calls.delete', userId)
  deleteCall(context.db, id)
}

/** Returns the present row. @throws AppError NOT_FOUND; CONFLICT if it has other values. */
function unedited(context: MemberContext<ReadableDb>, seen: Call): Call {
  const present = readable(context, seen.id)
  requireSame(context, present, seen)
  return present
}

function requireSame({ db }: MemberContext<ReadableDb>, present: Call, seen: Call): void {
  requireUnchanged(present, fieldsOf(referencesThroughAliases(db, seen)))
}

/** Returns the fields of `to` that differ from those of `from`. */
function differing(from: Call, to: Call): Partial<Call> {
  return Object.fromEntries(CALL_FIELD_NAMES.filter((field) => from[field] !== to[field]).map((field) => [field, to[field]]))
}
