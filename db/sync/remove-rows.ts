import type { UserId } from '../../core/id.ts'
import { AppError } from '../../core/errors.ts'
import type { Removal } from '../../core/sync/protocol.ts'
import type { WritableDb } from '../open.ts'
import { rows, run } from '../statements.ts'
import { currentWrite } from '../write-transaction.ts'
import { forgetVersion } from './apply-rows.ts'
import { DEVICE_TABLES, hiddenUser } from '../device-rows.ts'
import { forgetCalls, forgetCallsOfOthers, forgetDetailsOfOthers, WAITING_OWNERS } from './forget-calls.ts'
import { pendingOverlays } from './outbox.ts'

type Removed = Pick<Removal, 'table' | 'id' | 'reason'>

/**
 * Deletes rows that the server has deleted, or that this person may no longer see. Of a call that moved away only waiting operations of this
 * person stay (S12, S14, S15).
 */
export function removeRows(db: WritableDb, removals: readonly Removed[]): void {
  // Children first: rows that point to a row are deleted before it.
  for (const removal of removals.toSorted((a, b) => Number(b.table === 'calls') - Number(a.table === 'calls')))
    removeRow(db, removal)
  // In one query, because each search of the outbox reads all of it.
  forgetCalls(
    db,
    removals.filter(({ table, reason }) => table === 'calls' && reason === 'moved').map(({ id }) => id),
  )
}

function removeRow(db: WritableDb, { table, id }: Removed): void {
  const { clientId } = currentWrite(db)
  forgetVersion(db, clientId, table, id)
  // A call that was restored here meanwhile stays until the RESTORE is answered.
  if (pendingOverlays(db, table, [id]).get(id)?.exists === true) return
  if (table === 'calls') run(db, `DELETE FROM calls WHERE ${DEVICE_TABLES[table].key} = ?`, id)
  else deleteUnlessUsed(db, table, id)
}

/** A person or reason that pending calls refer to is removed with the last of those calls; see `sweepUnused`. */
export function deleteUnlessUsed(db: WritableDb, table: Removal['table'], id: string): void {
  try {
    run(db, `DELETE FROM ${table} WHERE ${DEVICE_TABLES[table].key} = ?`, id)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'INVALID') throw error
  }
}

/** Removes people and reasons that the server refused and that no row refers to any more. */
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

/**
 * Deletes what a smaller role no longer covers (S15). Calls whose owner a waiting operation sets are deleted too, because only the server knows
 * whose they are; it sends the person's own calls again.
 */
export function forgetScope(db: WritableDb, what: 'calls_of_others' | 'user_details', ownUserId: UserId): void {
  const { clientId } = currentWrite(db)
  if (what === 'calls_of_others') {
    const others = rows<{ id: string }>(
      db,
      `SELECT id FROM calls WHERE client_id = ? AND (user_id <> ? OR id IN (${WAITING_OWNERS}))`,
      clientId,
      ownUserId,
    )
    removeRows(
      db,
      others.map(({ id }) => ({ table: 'calls', id, reason: 'moved' })),
    )
    forgetCallsOfOthers(db, ownUserId)
  } else {
    for (const { id } of rows<{ id: string }>(db, 'SELECT id FROM users WHERE client_id = ? AND id <> ?', clientId, ownUserId)) {
      const { email, password_hash, last_login, created_at, updated_at } = hiddenUser(id)
      run(
        db,
        'UPDATE users SET email = ?, password_hash = ?, last_login = ?, created_at = ?, updated_at = ? WHERE id = ?',
        ...[email ?? null, password_hash ?? null, last_login ?? null, created_at ?? null, updated_at ?? null, id],
      )
    }
    forgetDetailsOfOthers(db, ownUserId)
  }
}
