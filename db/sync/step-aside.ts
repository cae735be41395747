import { AppError } from '../../core/errors.ts'
import type { Operation } from '../../core/sync/operation.ts'
import { UNIQUE_COLUMN } from '../../core/sync/same-name.ts'
import { isMergedTable, type MergedTable, type Scalar, type SyncTableName } from '../../core/sync/tables.ts'
import type { WritableDb } from '../open.ts'
import { row, run } from '../statements.ts'
import { currentWrite } from '../write-transaction.ts'
import { DEVICE_TABLES } from '../device-rows.ts'

/**
 * Renames a row temporarily to free its unique value. Two rows of the server never have the same value, but a row of the device may have it
 * for some time: a row that the server has not judged yet, or one whose own change comes later in the page.
 */
export function stepAside(db: WritableDb, table: MergedTable, id: string): void {
  const column = UNIQUE_COLUMN[table]
  const held = row<{ value: string }>(db, `SELECT ${column} AS value FROM ${table} WHERE id = ?`, id)
  if (held === undefined) return
  const other = column === 'email' ? `${id}@taken.invalid` : `${held.value.slice(0, 90)} (${id.slice(-6)})`
  run(db, `UPDATE ${table} SET ${column} = ? WHERE id = ?`, other, id)
}

/** Frees `value` for the row `id`, which the caller writes next. */
export function makeRoom(db: WritableDb, table: SyncTableName, column: string, value: Scalar, id: string): void {
  const holder = holderOfValue(db, table, column, value, id)
  if (holder !== undefined && isMergedTable(table)) stepAside(db, table, holder)
}

/** Whether another row than `id` has the value. */
export function isTaken(db: WritableDb, table: SyncTableName, column: string, value: Scalar, id: string): boolean {
  return holderOfValue(db, table, column, value, id) !== undefined
}

/** Compares like the table's own index, which would refuse the row. */
function holderOfValue(db: WritableDb, table: SyncTableName, column: string, value: Scalar, id: string): string | undefined {
  const { client } = DEVICE_TABLES[table]
  if (typeof value !== 'string' || client === null) return undefined
  const sql = `SELECT id FROM ${table} WHERE ${client} = ? AND ${column} = ? COLLATE NOCASE AND id <> ?`
  return row<{ id: string }>(db, sql, currentWrite(db).clientId, value, id)?.id
}

/** Gives a renamed row its proposed value after the server accepted it. */
export function takeBack(db: WritableDb, deviceSeq: number, table: string, id: string): void {
  if (!isMergedTable(table)) return
  const column = UNIQUE_COLUMN[table]
  const sent = row<{ fields: string }>(db, 'SELECT fields FROM sync_outbox WHERE device_seq = ?', deviceSeq)
  const value = sent === undefined ? undefined : (JSON.parse(sent.fields) as Operation['fields'])[column]?.new
  if (typeof value !== 'string' || hasLaterEdit(db, table, id, deviceSeq, column)) return
  try {
    run(db, `UPDATE ${table} SET ${column} = ? WHERE id = ? AND ${column} <> ?`, value, id, value)
  } catch (error) {
    // Another row of this device has the value; the server's answer about that row has not arrived yet.
    if (!(error instanceof AppError) || error.code !== 'CONFLICT') throw error
  }
}

function hasLaterEdit(db: WritableDb, table: MergedTable, id: string, after: number, column: string): boolean {
  const found = row(
    db,
    `SELECT 1 FROM sync_outbox INDEXED BY sync_outbox_pending WHERE state IN ('pending', 'sent') AND device_seq > ? AND table_name = ?
       AND row_id = ? AND fields -> ? IS NOT NULL`,
    after,
    table,
    id,
    `$.${column}`,
  )
  return found !== undefined
}
