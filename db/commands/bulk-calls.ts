import { and, eq, sql } from 'drizzle-orm'
import { assert } from '../../core/assert.ts'
import type { CallId, ClientId, Id } from '../../core/id.ts'
import { isAmong, updateOf } from '../../platform/sqlite/prepared.ts'
import type { WritableDb } from '../open.ts'
import { query, statement, type Named } from '../prepared.ts'
import { auditLogs, calls } from '../schema.ts'
import { currentWrite } from '../write-transaction.ts'

/** Columns that a bulk action sets. */
export type BulkColumn = 'user_id' | 'loss_reason_id'

/** The ids are one JSON parameter: one statement for any number of calls. */
type Listed = { readonly clientId: ClientId; readonly ids: string }

const isListed = ({ clientId, ids }: Named<Listed>) => and(eq(calls.clientId, clientId), isAmong(calls.id, ids))

const listed = (db: WritableDb, ids: readonly CallId[]): Listed => ({
  clientId: currentWrite(db).clientId,
  ids: JSON.stringify(ids),
})

type Setter = Listed & { readonly value: Id | null }

const SETTERS = {
  user_id: statement((orm, setter: Named<Setter>) =>
    updateOf(orm, calls, { userId: sql`${setter.value}` }).where(isListed(setter)),
  ),
  loss_reason_id: statement((orm, setter: Named<Setter>) =>
    updateOf(orm, calls, { lossReasonId: sql`${setter.value}` }).where(isListed(setter)),
  ),
}

const deleteListed = statement((orm, chosen: Named<Listed>) => orm.delete(calls).where(isListed(chosen)))

/**
 * Sets one column of many calls in one statement. The triggers write an audit line and an operation for each call.
 * @throws AppError INVALID if the value points to no row or a call breaks a rule. It does not name the call, and nothing is saved.
 */
export function setOnCalls(db: WritableDb, column: BulkColumn, ids: readonly CallId[], value: Id | null): void {
  if (ids.length === 0) return
  const changed = SETTERS[column](db, { ...listed(db, ids), value })
  assert(changed === ids.length, 'Every call of a bulk action was read in the same transaction')
}

export function deleteCalls(db: WritableDb, ids: readonly CallId[]): void {
  if (ids.length === 0) return
  const deleted = deleteListed(db, listed(db, ids))
  assert(deleted === ids.length, 'Every call of a bulk action was read in the same transaction')
}

const newestLine = query((orm) => orm.select({ last: sql<number | null>`max(${auditLogs.rowid})` }).from(auditLogs))

/** Returns the rowid of the last line of this device's audit trail; 0: none. */
export function lastLine(db: WritableDb): number {
  return newestLine.get(db)?.last ?? 0
}
