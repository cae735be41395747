import type { LoggedCall } from '../../core/contract/calls.ts'
import type { ProcedureInput } from '../../core/contract/procedures.ts'
import type { CallId, UserId } from '../../core/id.ts'
import type { Call } from '../../core/model/call.ts'
import { isNewlyPlanned } from '../../core/model/do-not-call.ts'
import { may } from '../../core/roles.ts'
import { deleteCall, insertCall, requestRestore } from '../../db/commands/calls.ts'
import type { ReadableDb } from '../../db/open.ts'
import { listAuditOfRecord } from '../../db/queries/audit.ts'
import { callChain } from '../../db/queries/call-chain.ts'
import { countCalls } from '../../db/queries/call-count.ts'
import { deletedCallOwner, getCall, listCalls } from '../../db/queries/calls.ts'
import { referencesThroughAliases } from '../../db/sync/aliases.ts'
import {
  command,
  notFound,
  query,
  requireOn,
  requireReach,
  requireUnchanged,
  type MemberContext,
} from '../declaration/operation.ts'
import { editCall, readable, requireFollowed, requireNewCall, restoreHeldCall } from './call-rules.ts'
import { requireMayCall } from './do-not-call-rules.ts'
import { logCall, redoLog, undoLog } from './log-call.ts'
import { trailReader } from './trail-reader.ts'

/** Returns the user to whose calls the actor is restricted; null: all calls of the client. @throws AppError FORBIDDEN */
export function restriction(context: MemberContext<ReadableDb>): UserId | null {
  return requireReach(context, 'calls.read') === 'all' ? null : context.actor.userId
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
  'calls.chain': query({
    access: 'calls.read',
    reach: 'own',
    thread: 'list',
    run: (context, { id }: ProcedureInput<'calls.chain'>) => {
      const { db, actor, role } = context
      const isVisible = ({ userId }: Call) => may(role, 'calls.read', actor.userId, userId)
      return callChain(db, readable(context, id), isVisible)
    },
  }),
  'calls.create': command({
    access: 'calls.create',
    reach: 'own',
    also: ['calls.reassign'],
    changes: CHANGES,
    run: (context, input: ProcedureInput<'calls.create'>) => {
      const { db, actor, now, newId } = context
      const fields = referencesThroughAliases(db, input)
      requireNewCall(context, fields)
      if (fields.followsCallId !== null) requireFollowed(context, fields.followsCallId)
      requireMayCall(context, fields, input.despiteDoNotCall)
      return insertCall(db, { ...fields, id: newId(), clientId: actor.clientId, createdAt: now })
    },
  }),
  'calls.log': command({
    access: 'calls.create',
    reach: 'own',
    also: ['calls.edit', 'calls.reassign'],
    changes: CHANGES,
    run: (context, input: ProcedureInput<'calls.log'>) => logCall(context, input),
  }),
  'calls.undoLog': command({
    access: 'calls.edit',
    reach: 'own',
    also: ['calls.delete', 'calls.reassign'],
    changes: CHANGES,
    run: (context, logged: LoggedCall) => undoLog(context, logged),
  }),
  'calls.redoLog': command({
    access: 'calls.edit',
    reach: 'own',
    also: ['calls.restore', 'calls.reassign'],
    changes: CHANGES,
    run: (context, logged: LoggedCall) => redoLog(context, logged),
  }),
  'calls.update': command({
    access: 'calls.edit',
    reach: 'own',
    also: ['calls.reassign'],
    changes: CHANGES,
    run: (context, input: ProcedureInput<'calls.update'>) => {
      const call = readable(context, input.id)
      requireUnchanged(call, input.expected)
      const edited = editCall(context, call, input.patch)
      if (isNewlyPlanned(call, edited)) requireMayCall(context, edited, input.despiteDoNotCall)
      return edited
    },
  }),
  'calls.delete': command({
    access: 'calls.delete',
    reach: 'own',
    changes: CHANGES,
    run: (context, { id, expected }: ProcedureInput<'calls.delete'>) => {
      const call = readable(context, id)
      requireOn(context, 'calls.delete', call.userId)
      requireUnchanged(call, expected)
      deleteCall(context.db, id)
      return { id }
    },
  }),
  /** Returns null if this device does not hold the call's last values; the server may hold them. */
  'calls.restoreLocal': command({
    access: 'calls.restore',
    reach: 'own',
    changes: CHANGES,
    run: (context, { id }: { id: CallId }) => restoreHeldCall(context, id),
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
