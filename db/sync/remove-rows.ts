import { and, eq, inArray, ne, or } from 'drizzle-orm'
import type { ClientId, UserId } from '../../core/id.ts'
import { AppError } from '../../core/errors.ts'
import type { Removal } from '../../core/sync/protocol.ts'
import type { SyncTableName } from '../../core/sync/tables.ts'
import type { WritableDb } from '../open.ts'
import { rows, run } from '../statements.ts'
import { currentWrite } from '../write-transaction.ts'
import { deleteText, hiddenUser, identityOf, updateText } from '../device-rows.ts'
import { query, type Named } from '../prepared.ts'
import { calls, users } from '../schema.ts'
import { forgetTargetsOfOthers } from './forget-settings.ts'
import { forgetCalls, forgetCallsOfOthers, forgetDetailsOfOthers, waitingOwners } from './forget-calls.ts'
import { pendingOverlays } from './outbox.ts'
import { forgetVersion } from './versions.ts'

const idsOfOthers = query((orm, { clientId, ownUserId }: Named<{ clientId: ClientId; ownUserId: UserId }>) =>
  orm
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.clientId, clientId), ne(users.id, ownUserId))),
)

const callsOfOthers = query((orm, { clientId, ownUserId }: Named<{ clientId: ClientId; ownUserId: UserId }>) =>
  orm
    .select({ id: calls.id })
    .from(calls)
    .where(and(eq(calls.clientId, clientId), or(ne(calls.userId, ownUserId), inArray(calls.id, waitingOwners(orm))))),
)

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
  forgetVersion(db, table, id)
  // A call that was restored here meanwhile stays until the RESTORE is answered.
  if (pendingOverlays(db, table, [id]).get(id)?.exists === true) return
  if (table === 'calls') deleteRow(db, table, id)
  else deleteUnlessUsed(db, table, id)
}

function deleteRow(db: WritableDb, table: SyncTableName, id: string): void {
  run(db, deleteText(table), identityOf(table, id, currentWrite(db).clientId))
}

/** A person or reason that pending calls refer to is removed with the last of those calls; see `sweepUnused`. */
export function deleteUnlessUsed(db: WritableDb, table: Removal['table'], id: string): void {
  try {
    deleteRow(db, table, id)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'INVALID') throw error
  }
}

/** Removes people and reasons that the server refused and that no row refers to any more. */
export function sweepUnused(db: WritableDb): void {
  for (const table of ['loss_reasons', 'users'] as const) {
    // SQL text, because the table is known only at run time.
    const text = `SELECT id FROM ${table} AS t
      WHERE NOT EXISTS (SELECT 1 FROM sync_rows WHERE client_id = t.client_id AND table_name = :table AND row_id = t.id)`
    const unknown = rows<{ id: string }>(db, text, { table }).map(({ id }) => id)
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
    const others = callsOfOthers.all(db, { clientId, ownUserId })
    removeRows(
      db,
      others.map(({ id }) => ({ table: 'calls', id, reason: 'moved' })),
    )
    forgetCallsOfOthers(db, ownUserId)
    forgetTargetsOfOthers(db, ownUserId)
  } else {
    for (const { id } of idsOfOthers.all(db, { clientId, ownUserId })) {
      const hidden = hiddenUser(id)
      run(db, updateText('users', Object.keys(hidden)), { ...hidden, ...identityOf('users', id, clientId) })
    }
    forgetDetailsOfOthers(db, ownUserId)
  }
}
