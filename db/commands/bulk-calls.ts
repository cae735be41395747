import { assert } from '../../core/assert.ts'
import type { CallId, Id } from '../../core/id.ts'
import type { WritableDb } from '../open.ts'
import { row, run } from '../statements.ts'
import { currentWrite } from '../write-transaction.ts'

/** Columns that a bulk action sets. */
export type BulkColumn = 'user_id' | 'loss_reason_id'

/**
 * Sets one column of many calls in one statement. The triggers write an audit line and an operation for each call.
 * @throws AppError INVALID if the value points to no row or a call breaks a rule. It does not name the call, and nothing is saved.
 */
export function setOnCalls(db: WritableDb, column: BulkColumn, ids: readonly CallId[], value: Id | null): void {
  if (ids.length === 0) return
  const text = `UPDATE calls SET ${column} = ? WHERE client_id = ? AND id IN (SELECT value FROM json_each(?))`
  const changed = run(db, text, value, currentWrite(db).clientId, JSON.stringify(ids))
  assert(changed === ids.length, 'Every call of a bulk action was read in the same transaction')
}

export function deleteCalls(db: WritableDb, ids: readonly CallId[]): void {
  if (ids.length === 0) return
  const text = 'DELETE FROM calls WHERE client_id = ? AND id IN (SELECT value FROM json_each(?))'
  const deleted = run(db, text, currentWrite(db).clientId, JSON.stringify(ids))
  assert(deleted === ids.length, 'Every call of a bulk action was read in the same transaction')
}

/** Returns the rowid of the last line of this device's audit trail; 0: none. */
export function lastLine(db: WritableDb): number {
  return row<{ last: number }>(db, 'SELECT coalesce(max(rowid), 0) AS last FROM audit_logs')?.last ?? 0
}
