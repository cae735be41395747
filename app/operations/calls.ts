import type { CallFilter, CallPageRequest } from '../../core/contract/calls.ts'
import { AppError } from '../../core/errors.ts'
import type { Id } from '../../core/id.ts'
import { callIssues, type Call, type CallPatch, type NewCall } from '../../core/model/call.ts'
import { may, mayHaveCalls } from '../../core/roles.ts'
import { deleteCall, insertCall, requestRestore, restoreCall, updateCall } from '../../db/commands/calls.ts'
import type { ReadableDb } from '../../db/open.ts'
import { listAuditOfRecord, newestDeletedRow } from '../../db/queries/audit.ts'
import { countCalls, deletedCallOwner, getCall, listCalls } from '../../db/queries/calls.ts'
import { getLossReason } from '../../db/queries/loss-reasons.ts'
import { getPrincipal } from '../../db/queries/users.ts'
import { referencesThroughAliases } from '../../db/sync/aliases.ts'
import { getDeviceState } from '../../db/sync/device-state.ts'
import {
  currentRole,
  forbidden,
  notFound,
  read,
  requireOn,
  requireReach,
  requireUnchanged,
  write,
  type OperationContext,
} from './operation.ts'
import { trailReader } from './trail-reader.ts'

/** The user to whose calls the actor is restricted; null: all calls of the client. */
export function restriction(context: OperationContext<ReadableDb>): Id | null {
  return requireReach(context, 'calls.read') === 'all' ? null : context.actor.userId
}

/** The call, where the actor may read it. A call out of reach answers as one that does not exist. */
function readable(context: OperationContext<ReadableDb>, id: Id): Call {
  const call = getCall(context.db, context.actor.clientId, id)
  if (call === undefined || !may(currentRole(context), 'calls.read', context.actor.userId, call.userId)) throw notFound('call')
  return call
}

function invalid(issues: readonly { path: string; message: string }[]): AppError<'INVALID'> {
  const first = issues[0]?.message ?? 'The call breaks a rule'
  return new AppError('INVALID', `${first}. Nothing was saved.`, { issues: [...issues] })
}

/** @throws AppError INVALID if the person cannot be given a call. */
export function requireNewOwner({ db }: OperationContext<ReadableDb>, userId: Id): void {
  const owner = getPrincipal(db, userId)
  if (owner === undefined) throw invalid([{ path: 'userId', message: 'This person does not exist' }])
  if (!owner.isActive) throw invalid([{ path: 'userId', message: 'This person is deactivated and gets no new calls' }])
  if (!mayHaveCalls(owner.role)) throw invalid([{ path: 'userId', message: 'This person is a viewer and cannot have calls' }])
}

/** @throws AppError INVALID if the loss reason cannot be chosen. */
export function requireNewReason({ db, actor }: OperationContext<ReadableDb>, lossReasonId: Id): void {
  const reason = getLossReason(db, actor.clientId, lossReasonId)
  if (reason === undefined) throw invalid([{ path: 'lossReasonId', message: 'This loss reason does not exist' }])
  if (!reason.isActive) throw invalid([{ path: 'lossReasonId', message: 'This loss reason is retired; choose another' }])
}

/** What the schema alone cannot see: the people and reasons that a call points to exist and may be chosen. */
function requireReferences(context: OperationContext<ReadableDb>, next: NewCall, previous: Call | undefined): void {
  if (next.userId !== previous?.userId) requireNewOwner(context, next.userId)
  if (next.lossReasonId !== null && next.lossReasonId !== previous?.lossReasonId) requireNewReason(context, next.lossReasonId)
}

/** @throws AppError CONFLICT if the call exists. */
function requireDeleted(context: OperationContext<ReadableDb>, id: Id): void {
  const call = getCall(context.db, context.actor.clientId, id)
  if (call === undefined) return
  if (!may(currentRole(context), 'calls.read', context.actor.userId, call.userId)) throw notFound('deleted call')
  throw new AppError('CONFLICT', 'The call is not deleted. Nothing was changed.', {})
}

/** Whether the person and the loss reason of a deleted call are on this device. */
export function holdsReferences(db: ReadableDb, clientId: Id, last: Readonly<Record<string, string | number>>): boolean {
  const { user_id: userId, loss_reason_id: lossReasonId } = last
  const holdsReason = typeof lossReasonId !== 'string' || getLossReason(db, clientId, lossReasonId) !== undefined
  return getPrincipal(db, String(userId)) !== undefined && holdsReason
}

export const callOperations = {
  'calls.list': read('list', (context, input: CallPageRequest) =>
    listCalls(context.db, context.actor.clientId, input, restriction(context)),
  ),
  'calls.count': read('report', (context, input: { filter: CallFilter }) => ({
    total: countCalls(context.db, context.actor.clientId, input.filter, restriction(context)),
  })),
  'calls.get': read('list', (context, input: { id: Id }) => readable(context, input.id)),
  'calls.create': write(['calls', 'audit_logs'], (context, input: NewCall) => {
    requireReach(context, 'calls.create')
    const fields = referencesThroughAliases(context.db, input)
    if (!may(currentRole(context), 'calls.create', context.actor.userId, fields.userId))
      requireOn(context, 'calls.reassign', fields.userId)
    requireReferences(context, fields, undefined)
    return insertCall(context.db, { ...fields, id: context.newId(), clientId: context.actor.clientId, createdAt: context.now })
  }),
  'calls.update': write(
    ['calls', 'audit_logs'],
    (context, input: { id: Id; patch: CallPatch; expected?: CallPatch | undefined }) => {
      const call = readable(context, input.id)
      requireOn(context, 'calls.edit', call.userId)
      requireUnchanged(call, input.expected)
      const patch = referencesThroughAliases(context.db, input.patch)
      const next = { ...call, ...patch }
      if (next.userId !== call.userId) requireOn(context, 'calls.reassign', call.userId)
      const issues = callIssues(next)
      if (issues.length > 0) throw invalid(issues)
      requireReferences(context, next, call)
      return updateCall(context.db, input.id, patch)
    },
  ),
  'calls.delete': write(['calls', 'audit_logs'], (context, input: { id: Id }) => {
    const call = readable(context, input.id)
    requireOn(context, 'calls.delete', call.userId)
    deleteCall(context.db, input.id)
    return { id: input.id }
  }),
  /** Returns null if this device does not hold the call's last values; the server may hold them. */
  'calls.restore': write(['calls', 'audit_logs'], (context, input: { id: Id }): Call | null => {
    requireReach(context, 'calls.restore')
    requireDeleted(context, input.id)
    const last = newestDeletedRow(context.db, context.actor.clientId, 'calls', input.id)
    const isConnected = getDeviceState(context.db).serverUrl !== null
    if (last === undefined || (isConnected && !holdsReferences(context.db, context.actor.clientId, last))) {
      if (isConnected) return null
      throw notFound('deleted call')
    }
    const owner = String(last['user_id'])
    if (!may(currentRole(context), 'calls.read', context.actor.userId, owner)) throw notFound('deleted call')
    if (!may(currentRole(context), 'calls.restore', context.actor.userId, owner)) throw forbidden('calls.restore')
    return restoreCall(context.db, input.id)
  }),
  /** The server checks whether the call exists and whether the actor may restore it. */
  'calls.requestRestore': write(['calls', 'audit_logs'], (context, input: { id: Id }) => {
    requireReach(context, 'calls.restore')
    if (getCall(context.db, context.actor.clientId, input.id) === undefined) requestRestore(context.db, input.id)
    return null
  }),
  'calls.history': read('list', (context, input: { id: Id }) => {
    const { clientId, userId } = context.actor
    const owner = getCall(context.db, clientId, input.id)?.userId ?? deletedCallOwner(context.db, clientId, input.id)
    if (owner === undefined || !may(currentRole(context), 'audit.read', userId, owner)) throw notFound('call')
    const { restrict, shown } = trailReader(context)
    return shown(listAuditOfRecord(context.db, clientId, 'calls', input.id, restrict))
  }),
}
