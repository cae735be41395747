import { assert } from '../../core/assert.ts'
import type { CallId, OpId } from '../../core/id.ts'
import { may } from '../../core/roles.ts'
import { editPermission, mayEditRow } from '../../core/sync/judge.ts'
import type { Values } from '../../core/sync/merge.ts'
import { columnOf, isSyncTable, type Scalar, type SyncTableName } from '../../core/sync/tables.ts'
import { requestRestore, restoreCall } from '../../db/commands/calls.ts'
import { holderOf } from '../../db/commands/unique-names.ts'
import type { ReadableDb, WritableDb } from '../../db/open.ts'
import { deletedCallOwner, getCall } from '../../db/queries/calls.ts'
import { insertSyncedRow, removeSyncedRow, updateSyncedRow } from '../../db/sync/edit-again.ts'
import { refusedBases, rejectedToRetry, settleRejection, type Rejected } from '../../db/sync/rejections.ts'
import { forbidden, notFound, requireReach, type MemberContext, type OperationContext } from '../declaration/operation.ts'

/** Requires the permissions of the same edit through a form. */
export function requireEdit(
  context: MemberContext<ReadableDb>,
  table: SyncTableName,
  rowId: string,
  action: Exclude<Rejected['action'], 'RESTORE'>,
  values: Values,
): void {
  const { role } = context
  const { clientId, userId } = context.actor
  if (table !== 'calls') {
    if (!mayEditRow({ role, userId }, table, rowId, action)) throw forbidden(editPermission(table, rowId, action))
    return
  }
  const owner = getCall(context.db, clientId, rowId)?.userId
  if (action !== 'INSERT') {
    if (owner === undefined || !may(role, 'calls.read', userId, owner)) throw notFound('call')
    const permission = action === 'DELETE' ? 'calls.delete' : 'calls.edit'
    if (!may(role, permission, userId, owner)) throw forbidden(permission)
  }
  const next = values['user_id']
  const isGiven = typeof next === 'string' && next !== (owner ?? userId)
  if (isGiven && !may(role, 'calls.reassign', userId, owner ?? next)) throw forbidden('calls.reassign')
}

/** Restores a call again. If the device holds no values of it, it requests them from the server. Does nothing if the call exists. */
function restoreAgain(context: MemberContext<WritableDb>, id: CallId): void {
  const { clientId } = context.actor
  requireReach(context, 'calls.restore')
  if (getCall(context.db, clientId, id) !== undefined) return
  if (deletedCallOwner(context.db, clientId, id) === undefined) requestRestore(context.db, id)
  else restoreCall(context.db, id)
}

/** Returns `values` with references to refused rows replaced by references to the rows that exist instead. */
function pointingTo(existing: ReadonlyMap<string, string>, table: SyncTableName, values: Values): Values {
  const entries = Object.entries(values).map(([name, value]): [string, Scalar] =>
    columnOf(table, name)?.refersTo === undefined ? [name, value] : [name, existing.get(String(value)) ?? value],
  )
  return Object.fromEntries(entries)
}

/** Returns the loss reason that has taken the name of a refused new one. For people only the server decides this. */
function holderOfName(
  { db, actor }: OperationContext<ReadableDb>,
  table: SyncTableName,
  rowId: string,
  values: Values,
): string | undefined {
  const name = values['name']
  if (table !== 'loss_reasons' || typeof name !== 'string') return undefined
  return holderOf(db, table, actor.clientId, name, rowId)
}

/** Makes a refused change again, with the changes that it needs. @throws AppError NOT_FOUND, FORBIDDEN */
export function retryRefused(context: MemberContext<WritableDb>, refusedId: OpId): void {
  const { db, actor } = context
  const together = rejectedToRetry(db, actor.userId, refusedId)
  if (together.length === 0) throw notFound('refused-change')
  const existing = new Map<string, string>()
  for (const { opId, table, rowId, action, values: typed } of together) {
    assert(isSyncTable(table), 'A refused change is of a synced table')
    const values = pointingTo(existing, table, typed)
    if (action === 'RESTORE') restoreAgain(context, rowId)
    else requireEdit(context, table, rowId, action, values)
    const sameNamed = action === 'INSERT' && opId !== refusedId ? holderOfName(context, table, rowId, values) : undefined
    if (sameNamed !== undefined) {
      // A reason with this name exists, so the retried rows refer to it.
      existing.set(rowId, sameNamed)
      settleRejection(db, opId)
      continue
    }
    if (action === 'INSERT') insertSyncedRow(db, table, rowId, values)
    else if (action === 'UPDATE') updateSyncedRow(db, table, rowId, values, refusedBases(db, opId))
    else if (action === 'DELETE') removeSyncedRow(db, table, rowId)
    settleRejection(db, opId)
  }
}
