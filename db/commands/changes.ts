import { and, eq, sql } from 'drizzle-orm'
import type { AnySQLiteColumn, SQLiteInsertValue, SQLiteTable, SQLiteUpdateSetSource } from 'drizzle-orm/sqlite-core'
import { must } from '../../core/assert.ts'
import type { WritableDb } from '../open.ts'
import { changeRows, readRow } from '../prepared.ts'
import { currentWrite } from '../write-transaction.ts'

export function insertRow<Table extends SQLiteTable>(db: WritableDb, table: Table, row: SQLiteInsertValue<Table>): void {
  changeRows(db, db.orm.insert(table).values(row))
}

type ClientsTable = SQLiteTable & { readonly id: AnySQLiteColumn; readonly clientId: AnySQLiteColumn }

/**
 * Changes the given fields of one row of the transaction's client; an undefined field keeps its value. Returns false if there is no such row.
 */
export function updateRow<Table extends ClientsTable>(
  db: WritableDb,
  table: Table,
  id: string,
  // oxlint-disable-next-line typescript/no-generated-empty-object-type -- Drizzle's own type of SET
  values: SQLiteUpdateSetSource<Table>,
): boolean {
  const isRow = and(eq(table.id, id), eq(table.clientId, currentWrite(db).clientId))
  if (isEmpty(values)) return readRow(db, { id: table.id }, sql`FROM ${table} WHERE ${isRow}`) !== undefined
  return changeRows(db, db.orm.update(table).set(values).where(isRow)) === 1
}

/** Whether a patch changes no field. */
export function isEmpty(patch: Readonly<Record<string, unknown>>): boolean {
  return Object.values(patch).every((value) => value === undefined)
}

/** Returns the row that a command has just written. */
export function written<T>(found: T | undefined): T {
  return must(found, 'The row that was written can be read')
}
