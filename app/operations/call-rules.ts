import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import { ruleSentence } from '../../core/plain-errors.ts'
import { asValue, type Sentence } from '../../core/messages/text.ts'
import type { CallId, ClientId, LossReasonId, UserId } from '../../core/id.ts'
import { callIssues, type Call, type CallPatch, type NewCall } from '../../core/model/call.ts'
import { may, mayHaveCalls } from '../../core/roles.ts'
import { restoreCall, updateCall } from '../../db/commands/calls.ts'
import type { ReadableDb, WritableDb } from '../../db/open.ts'
import { newestDeletedRow } from '../../db/queries/audit.ts'
import { getCall } from '../../db/queries/calls.ts'
import { getLossReason } from '../../db/queries/loss-reasons.ts'
import { getPrincipal } from '../../db/queries/users.ts'
import { referencesThroughAliases } from '../../db/sync/aliases.ts'
import { getDeviceState } from '../../db/sync/device-state.ts'
import { forbidden, notFound, requireOn, type MemberContext, type OperationContext } from '../declaration/operation.ts'

/*
 * Checks and steps that several operations on calls share.
 */

/** Returns a call that the actor may read. @throws AppError NOT_FOUND also for a call that the actor may not read. */
export function readable({ db, actor, role }: MemberContext<ReadableDb>, id: CallId): Call {
  const call = getCall(db, actor.clientId, id)
  if (call === undefined || !may(role, 'calls.read', actor.userId, call.userId)) throw notFound('call')
  return call
}

export function invalid(issues: readonly (Sentence & { path: string })[]): AppError<'INVALID'> {
  const [first = sentence('rule.call')] = issues
  return new AppError('INVALID', sentence('rule.unsaved', { rule: asValue(first) }), { issues: [...issues] })
}

/** @throws AppError INVALID if the person cannot be given a call. */
export function requireNewOwner({ db }: OperationContext<ReadableDb>, userId: UserId): void {
  const owner = getPrincipal(db, userId)
  if (owner === undefined) throw invalid([{ path: 'userId', ...sentence('rule.no-person') }])
  if (!owner.isActive) throw invalid([{ path: 'userId', ...sentence('rule.inactive-person') }])
  if (!mayHaveCalls(owner.role)) throw invalid([{ path: 'userId', ...sentence('rule.viewer') }])
}

/** @throws AppError INVALID if the loss reason cannot be chosen. */
export function requireNewReason({ db, actor }: OperationContext<ReadableDb>, lossReasonId: LossReasonId): void {
  const reason = getLossReason(db, actor.clientId, lossReasonId)
  if (reason === undefined) throw invalid([{ path: 'lossReasonId', ...sentence('rule.no-loss-reason') }])
  if (!reason.isActive) throw invalid([{ path: 'lossReasonId', ...sentence('rule.inactive-loss-reason') }])
}

/** Checks that the person and the reason of a call exist and may be chosen. */
function requireReferences(context: OperationContext<ReadableDb>, next: NewCall, previous: Call | undefined): void {
  if (next.userId !== previous?.userId) requireNewOwner(context, next.userId)
  if (next.lossReasonId !== null && next.lossReasonId !== previous?.lossReasonId) requireNewReason(context, next.lossReasonId)
}

/** @throws AppError CONFLICT if the call exists. */
function requireDeleted({ db, actor, role }: MemberContext<ReadableDb>, id: CallId): void {
  const call = getCall(db, actor.clientId, id)
  if (call === undefined) return
  if (!may(role, 'calls.read', actor.userId, call.userId)) throw notFound('deleted-call')
  throw new AppError('CONFLICT', sentence('call.not-deleted'), {})
}

/** Returns whether the person and the loss reason of a deleted call are on this device. */
export function holdsReferences(db: ReadableDb, clientId: ClientId, last: Readonly<Record<string, string | number>>): boolean {
  const { user_id: userId, loss_reason_id: lossReasonId } = last
  const holdsReason = typeof lossReasonId !== 'string' || getLossReason(db, clientId, lossReasonId) !== undefined
  return getPrincipal(db, String(userId)) !== undefined && holdsReason
}

/** @throws AppError FORBIDDEN, INVALID unless the actor may create the call. */
export function requireNewCall(context: MemberContext<ReadableDb>, fields: NewCall): void {
  const { actor, role } = context
  if (!may(role, 'calls.create', actor.userId, fields.userId)) requireOn(context, 'calls.reassign', fields.userId)
  requireReferences(context, fields, undefined)
}

/** @throws AppError INVALID unless the actor may read the call that a new call continues. */
export function requireFollowed({ db, actor, role }: MemberContext<ReadableDb>, id: CallId): void {
  const followed = getCall(db, actor.clientId, id)
  if (followed === undefined || !may(role, 'calls.read', actor.userId, followed.userId))
    throw invalid([{ path: 'followsCallId', ...sentence('rule.no-former-call') }])
}

/** Changes a call that the actor may read. @throws AppError FORBIDDEN, INVALID */
export function editCall(context: MemberContext<WritableDb>, call: Call, given: CallPatch): Call {
  requireOn(context, 'calls.edit', call.userId)
  const patch = referencesThroughAliases(context.db, given)
  const next = { ...call, ...patch }
  if (next.userId !== call.userId) requireOn(context, 'calls.reassign', call.userId)
  const issues = callIssues(next)
  if (issues.length > 0) throw invalid(issues.map(({ path, message }) => ({ path, ...ruleSentence(message) })))
  requireReferences(context, next, call)
  return updateCall(context.db, call.id, patch)
}

/**
 * Restores a deleted call with its last values on this device. Returns null if a connected device does not hold them; the server may.
 * @throws AppError NOT_FOUND, FORBIDDEN; CONFLICT if the call is not deleted.
 */
export function restoreHeldCall(context: MemberContext<WritableDb>, id: CallId): Call | null {
  const { db, actor, role } = context
  requireDeleted(context, id)
  const last = newestDeletedRow(db, actor.clientId, 'calls', id)
  const isConnected = getDeviceState(db).serverUrl !== null
  if (last === undefined || (isConnected && !holdsReferences(db, actor.clientId, last))) {
    if (isConnected) return null
    throw notFound('deleted-call')
  }
  const owner = String(last['user_id'])
  if (!may(role, 'calls.read', actor.userId, owner)) throw notFound('deleted-call')
  if (!may(role, 'calls.restore', actor.userId, owner)) throw forbidden('calls.restore')
  return restoreCall(db, id)
}
