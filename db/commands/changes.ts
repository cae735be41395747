import { must } from '../../core/assert.ts'
import type { WritableDb } from '../open.ts'
import { row, run, type SqlValue } from '../statements.ts'
import { currentWrite } from '../write-transaction.ts'

type Values = Readonly<Record<string, SqlValue>>

const quoted = (column: string) => `"${column}"`

/** Inserts one row, given by column. `table` and the columns' names come from code, never from a caller's data. */
export function insertRow(db: WritableDb, table: string, values: Values): void {
  const columns = Object.keys(values)
  run(
    db,
    `INSERT INTO ${table} (${columns.map(quoted).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    ...Object.values(values),
  )
}

/** Changes some columns of one row of the transaction's client. Returns whether there is such a row. */
export function updateRow(db: WritableDb, table: string, id: string, values: Values): boolean {
  const { clientId } = currentWrite(db)
  const client = table === 'clients' ? 'id' : 'client_id'
  const columns = Object.keys(values)
  if (columns.length === 0) return row(db, `SELECT 1 FROM ${table} WHERE id = ? AND ${client} = ?`, id, clientId) !== undefined
  const text = `UPDATE ${table} SET ${columns.map((column) => `${quoted(column)} = ?`).join(', ')} WHERE id = ? AND ${client} = ?`
  return run(db, text, ...Object.values(values), id, clientId) === 1
}

/** The values of `patch` that are given, under their columns' names. */
export function patchedColumns<Key extends string>(
  patch: Readonly<Partial<Record<Key, SqlValue | undefined>>>,
  columns: Readonly<Record<Key, string>>,
): Record<string, SqlValue> {
  const values: Record<string, SqlValue> = {}
  for (const [key, column] of Object.entries<string>(columns)) {
    const value = patch[key as Key]
    if (value !== undefined) values[column] = value
  }
  return values
}

/** For the row that a command has just written. */
export function written<T>(found: T | undefined): T {
  return must(found, 'The row that was written can be read')
}
