import { and, eq, gt, sql } from 'drizzle-orm'
import { AppError } from '../../core/errors.ts'
import { UNIQUE_COLUMN } from '../../core/sync/same-name.ts'
import { isMergedTable, type MergedTable, type Scalar, type SyncTableName } from '../../core/sync/tables.ts'
import { DEVICE_TABLES, identityOf, selectText, updateText } from '../device-rows.ts'
import type { WritableDb } from '../open.ts'
import { query, type Named } from '../prepared.ts'
import { syncOutbox } from '../sync-schema.ts'
import { row, run } from '../statements.ts'
import { currentWrite } from '../write-transaction.ts'
import { isPending, selectPending } from '../pending.ts'
import { fieldsOfOperation } from './outbox.ts'

const laterEdit = query((orm, { after, table, id, path }: Named<{ after: number; table: string; id: string; path: string }>) =>
  selectPending(orm, { deviceSeq: syncOutbox.deviceSeq }).where(
    and(
      isPending,
      gt(syncOutbox.deviceSeq, after),
      eq(syncOutbox.tableName, table),
      eq(syncOutbox.rowId, id),
      sql`${syncOutbox.fields} -> ${path} IS NOT NULL`,
    ),
  ),
)

/**
 * Renames a row temporarily to free its unique value. Two rows of the server never have the same value, but a row of the device may have it
 * for some time: a row that the server has not judged yet, or one whose own change comes later in the page.
 */
export function stepAside(db: WritableDb, table: MergedTable, id: string): void {
  const column = UNIQUE_COLUMN[table]
  const identity = identityOf(table, id, currentWrite(db).clientId)
  const value = row<Readonly<Record<string, string>>>(db, selectText(table, [column]), identity)?.[column]
  if (value === undefined) return
  const other = column === 'email' ? `${id}@taken.invalid` : `${value.slice(0, 90)} (${id.slice(-6)})`
  run(db, updateText(table, [column]), { ...identity, [column]: other })
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

/** Compares like the table's own index, which would refuse the row. SQL text, because table and column are known only at run time. */
function holderOfValue(db: WritableDb, table: SyncTableName, column: string, value: Scalar, id: string): string | undefined {
  const { client } = DEVICE_TABLES[table]
  if (typeof value !== 'string' || client === null) return undefined
  const text = `SELECT id FROM ${table} WHERE ${client} = :clientId AND ${column} = :value COLLATE NOCASE AND id <> :id`
  return row<{ id: string }>(db, text, { clientId: currentWrite(db).clientId, value, id })?.id
}

/** Gives a renamed row its proposed value after the server accepted it. */
export function takeBack(db: WritableDb, deviceSeq: number, table: string, id: string): void {
  if (!isMergedTable(table)) return
  const column = UNIQUE_COLUMN[table]
  const value = fieldsOfOperation(db, deviceSeq)[column]?.new
  if (typeof value !== 'string') return
  if (laterEdit.get(db, { after: deviceSeq, table, id, path: `$.${column}` }) !== undefined) return
  try {
    const text = `${updateText(table, [column])} AND ${column} <> :${column}`
    run(db, text, { ...identityOf(table, id, currentWrite(db).clientId), [column]: value })
  } catch (error) {
    // Another row of this device has the value; the server's answer about that row has not arrived yet.
    if (!(error instanceof AppError) || error.code !== 'CONFLICT') throw error
  }
}
