import type { ProcedureInput } from '../../core/contract/procedures.ts'
import { AppError } from '../../core/errors.ts'
import type { CallId, ClientId, LossReasonId, UserId } from '../../core/id.ts'
import { callIssues, type Call, type NewCall } from '../../core/model/call.ts'
import { may, mayHaveCalls } from '../../core/roles.ts'
import { deleteCall, insertCall, requestRestore, restoreCall, updateCall } from '../../db/commands/calls.ts'
import type { ReadableDb } from '../../db/open.ts'
import { listAuditOfRecord, newestDeletedRow } from '../../db/queries/audit.ts'
import { countCalls } from '../../db/queries/call-count.ts'
import { deletedCallOwner, getCall, listCalls } from '../../db/queries/calls.ts'
import { getLossReason } from '../../db/queries/loss-reasons.ts'
import { getPrincipal } from '../../db/queries/users.ts'
import { referencesThroughAliases } from '../../db/sync/aliases.ts'
import { getDeviceState } from '../../db/sync/device-state.ts'
import {
  command,
  forbidden,
  notFound,
  query,
  requireOn,
  requireReach,
  requireUnchanged,
  type MemberContext,
  type OperationContext,
} from '../declaration/operation.ts'
import { trailReader } from './trail-reader.ts'

/** Returns the user to whose calls the actor is restricted; null: all calls of the client. @throws AppError FORBIDDEN */
export function restriction(context: MemberContext<ReadableDb>): UserId | null {
  return requireReach(context, 'calls.read') === 'all' ? null : context.actor.userId
}

/** Returns a call that the actor may read. @throws AppError NOT_FOUND also for a call that the actor may not read. */
function readable({ db, actor, role }: MemberContext<ReadableDb>, id: CallId): Call {
  const call = getCall(db, actor.clientId, id)
  if (call === undefined || !may(role, 'calls.read', actor.userId, call.userId)) throw notFound('call')
  return call
}

function invalid(issues: readonly { path: string; message: string }[]): AppError<'INVALID'> {
  const first = issues[0]?.message ?? 'The call breaks a rule'
  return new AppError('INVALID', `${first}. Nothing was saved.`, { issues: [...issues] })
}

/** @throws AppError INVALID if the person cannot be given a call. */
export function requireNewOwner({ db }: OperationContext<ReadableDb>, userId: UserId): void {
  const owner = getPrincipal(db, userId)
  if (owner === undefined) throw invalid([{ path: 'userId', message: 'This person does not exist' }])
  if (!owner.isActive) throw invalid([{ path: 'userId', message: 'This person is deactivated and gets no new calls' }])
  if (!mayHaveCalls(owner.role)) throw invalid([{ path: 'userId', message: 'This person is a viewer and cannot have calls' }])
}

/** @throws AppError INVALID if the loss reason cannot be chosen. */
export function requireNewReason({ db, actor }: OperationContext<ReadableDb>, lossReasonId: LossReasonId): void {
  const reason = getLossReason(db, actor.clientId, lossReasonId)
  if (reason === undefined) throw invalid([{ path: 'lossReasonId', message: 'This loss reason does not exist' }])
  if (!reason.isActive) throw invalid([{ path: 'lossReasonId', message: 'This loss reason is inactive; choose another' }])
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
  if (!may(role, 'calls.read', actor.userId, call.userId)) throw notFound('deleted call')
  throw new AppError('CONFLICT', 'The call is not deleted. Nothing was changed.', {})
}

/** Returns whether the person and the loss reason of a deleted call are on this device. */
export function holdsReferences(db: ReadableDb, clientId: ClientId, last: Readonly<Record<string, string | number>>): boolean {
  const { user_id: userId, loss_reason_id: lossReasonId } = last
  const holdsReason = typeof lossReasonId !== 'string' || getLossReason(db, clientId, lossReasonId) !== undefined
  return getPrincipal(db, String(userId)) !== undefined && holdsReason
}

const CHANGES = ['calls', 'audit_logs']

export const callsOperations = {
  'calls.list': query({
    access: 'calls.read',
    reach: 'own',
    thread: 'list',
    run: (context, request: ProcedureInput<'calls.list'>) =>
      listCalls(context.db, context.actor.clientId, request, restriction(context)),
  }),
  'calls.count': query({
    access: 'calls.read',
    reach: 'own',
    thread: 'report',
    run: (context, { filter }: ProcedureInput<'calls.count'>) =>
      countCalls(context.db, context.actor.clientId, filter, restriction(context)),
  }),
  'calls.get': query({
    access: 'calls.read',
    reach: 'own',
    thread: 'list',
    run: (context, { id }: ProcedureInput<'calls.get'>) => readable(context, id),
  }),
  'calls.create': command({
    access: 'calls.create',
    reach: 'own',
    also: ['calls.reassign'],
    changes: CHANGES,
    run: (context, input: ProcedureInput<'calls.create'>) => {
      const { db, actor, role, now, newId } = context
      const fields = referencesThroughAliases(db, input)
      if (!may(role, 'calls.create', actor.userId, fields.userId)) requireOn(context, 'calls.reassign', fields.userId)
      requireReferences(context, fields, undefined)
      return insertCall(db, { ...fields, id: newId(), clientId: actor.clientId, createdAt: now })
    },
  }),
  'calls.update': command({
    access: 'calls.edit',
    reach: 'own',
    also: ['calls.reassign'],
    changes: CHANGES,
    run: (context, input: ProcedureInput<'calls.update'>) => {
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
  }),
  'calls.delete': command({
    access: 'calls.delete',
    reach: 'own',
    changes: CHANGES,
    run: (context, { id }: ProcedureInput<'calls.delete'>) => {
      const call = readable(context, id)
      requireOn(context, 'calls.delete', call.userId)
      deleteCall(context.db, id)
      return { id }
    },
  }),
  /** Returns null if this device does not hold the call's last values; the server may hold them. */
  'calls.restoreLocal': command({
    access: 'calls.restore',
    reach: 'own',
    changes: CHANGES,
    run: (context, { id }: { id: CallId }): Call | null => {
      const { db, actor, role } = context
      requireDeleted(context, id)
      const last = newestDeletedRow(db, actor.clientId, 'calls', id)
      const isConnected = getDeviceState(db).serverUrl !== null
      if (last === undefined || (isConnected && !holdsReferences(db, actor.clientId, last))) {
        if (isConnected) return null
        throw notFound('deleted call')
      }
      const owner = String(last['user_id'])
      if (!may(role, 'calls.read', actor.userId, owner)) throw notFound('deleted call')
      if (!may(role, 'calls.restore', actor.userId, owner)) throw forbidden('calls.restore')
      return restoreCall(db, id)
    },
  }),
  /** The server checks whether the call exists and whether the actor may restore it. */
  'calls.requestRestore': command({
    access: 'calls.restore',
    reach: 'own',
    changes: CHANGES,
    run: ({ db, actor }, { id }: { id: CallId }) => {
      if (getCall(db, actor.clientId, id) === undefined) requestRestore(db, id)
      return null
    },
  }),
  /** The call's lines that this device recorded. */
  'calls.historyLocal': query({
    access: 'audit.read',
    reach: 'own',
    thread: 'list',
    run: (context, { id }: { id: CallId }) => {
      const { db, actor, role } = context
      const owner = getCall(db, actor.clientId, id)?.userId ?? deletedCallOwner(db, actor.clientId, id)
      if (owner === undefined || !may(role, 'audit.read', actor.userId, owner)) throw notFound('call')
      const { restrict, shown } = trailReader(context)
      return shown(listAuditOfRecord(db, actor.clientId, 'calls', id, restrict))
    },
  }),
}
