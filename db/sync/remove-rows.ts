import { AppError } from '../../core/errors.ts'
import type { Removal } from '../../core/sync/protocol.ts'
import type { WritableDb } from '../open.ts'
import { rows, run } from '../statements.ts'
import { currentWrite } from '../write-transaction.ts'
import { forgetVersion } from './apply-rows.ts'
import { DEVICE_TABLES, hiddenUser } from './device-rows.ts'
import { pendingOverlays } from './outbox.ts'
import { leaveTrail } from './trail.ts'

/**
 * Deletes a row that the server no longer has, or no longer shows to this person. Of one that moved away nothing stays: neither its
 * history nor what this device once sent of it (S14, S15); only what a person typed and the server has not answered waits on.
 */
export function removeRow(db: WritableDb, { table, id, reason }: Pick<Removal, 'table' | 'id' | 'reason'>): void {
  const { clientId } = currentWrite(db)
  forgetVersion(db, clientId, table, id)
  // Restored here meanwhile: that operation is still to be judged.
  if (pendingOverlays(db, table, [id]).get(id)?.exists === true) return
  const { key } = DEVICE_TABLES[table]
  if (table === 'calls') run(db, `DELETE FROM calls WHERE ${key} = ?`, id)
  else deleteUnlessUsed(db, table, id)
  if (table !== 'calls' || reason !== 'moved') return
  run(db, `DELETE FROM audit_logs WHERE record_id = ? AND table_name = 'calls'`, id)
  run(
    db,
    `DELETE FROM sync_outbox WHERE row_id = ? AND table_name = 'calls' AND state NOT IN ('pending', 'sent', 'rejected')`,
    id,
  )
  run(db, `DELETE FROM sync_conflicts WHERE row_id = ? AND table_name = 'calls'`, id)
  run(db, 'DELETE FROM local_drafts WHERE instr(form, ?) > 0', id)
}

/** A person or reason that pending calls still point to goes with the last of them; see `sweepUnused`. */
export function deleteUnlessUsed(db: WritableDb, table: Removal['table'], id: string): void {
  try {
    run(db, `DELETE FROM ${table} WHERE ${DEVICE_TABLES[table].key} = ?`, id)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'INVALID') throw error
  }
}

/** People and reasons that the server refused and that nothing points to any more. */
export function sweepUnused(db: WritableDb): void {
  for (const table of ['loss_reasons', 'users'] as const) {
    const unknown = rows<{ id: string }>(
      db,
      `SELECT id FROM ${table} AS t WHERE NOT EXISTS (SELECT 1 FROM sync_rows WHERE client_id = t.client_id AND table_name = ? AND row_id = t.id)`,
      table,
    ).map(({ id }) => id)
    const waiting = pendingOverlays(db, table, unknown)
    for (const id of unknown) if (!waiting.has(id)) deleteUnlessUsed(db, table, id)
  }
}

/** A role with a smaller scope: what it no longer shows goes (S15). */
export function forgetScope(db: WritableDb, what: 'calls_of_others' | 'user_details', ownUserId: string): void {
  const { clientId } = currentWrite(db)
  leaveTrail(db, false)
  if (what === 'calls_of_others') {
    const others = rows<{ id: string }>(db, 'SELECT id FROM calls WHERE client_id = ? AND user_id <> ?', clientId, ownUserId)
    for (const { id } of others) removeRow(db, { table: 'calls', id, reason: 'moved' })
    // Also the history of calls that were deleted while this person could see them.
    run(
      db,
      `DELETE FROM audit_logs WHERE table_name = 'calls' AND NOT EXISTS (SELECT 1 FROM calls WHERE id = record_id)
         AND action IN ('INSERT', 'UPDATE', 'DELETE') AND user_id IS NOT ?`,
      ownUserId,
    )
  } else {
    for (const { id } of rows<{ id: string }>(db, 'SELECT id FROM users WHERE client_id = ? AND id <> ?', clientId, ownUserId)) {
      const { email, password_hash, last_login, created_at, updated_at } = hiddenUser(id)
      run(
        db,
        'UPDATE users SET email = ?, password_hash = ?, last_login = ?, created_at = ?, updated_at = ? WHERE id = ?',
        ...[email ?? null, password_hash ?? null, last_login ?? null, created_at ?? null, updated_at ?? null, id],
      )
    }
    run(
      db,
      `DELETE FROM audit_logs WHERE table_name = 'users' AND record_id <> ? AND action IN ('INSERT', 'UPDATE', 'DELETE')`,
      ownUserId,
    )
    run(
      db,
      `DELETE FROM sync_outbox WHERE table_name = 'users' AND row_id <> ? AND state NOT IN ('pending', 'sent', 'rejected')`,
      ownUserId,
    )
    run(db, `DELETE FROM sync_conflicts WHERE table_name = 'users' AND row_id <> ?`, ownUserId)
  }
  leaveTrail(db, true)
}
