import { sql } from 'drizzle-orm'
import { sqliteTable } from 'drizzle-orm/sqlite-core'
import type { ClientId } from '../../../core/id.ts'
import type { SyncRow } from '../../../core/sync/judge.ts'
import { ROW_COLUMNS } from '../../../core/sync/protocol.ts'
import { SYNC_TABLE_NAMES, syncTable, uniqueColumns, type Scalar, type SyncTableName } from '../../../core/sync/tables.ts'
import { uniqueKey } from '../../../core/text/unique-key.ts'
import { insertOf, statement, type Named, type OrmConnection } from '../../../platform/sqlite/prepared.ts'
import { scalar } from './columns.ts'

/*
 * Statements of the synced tables, made from their description, so that no column is missing.
 */

/** The columns that record the operations that wrote the row. */
const VERSION_COLUMNS = ['version', 'base', 'fields', 'changed_by'] as const

export type StoredRow = Readonly<Record<string, Scalar>>

type SyncedTable = {
  /** The column that holds the client. */
  readonly client: string
  readonly columns: readonly string[]
  /** Rows of a client by ids, as arrays. `readRow` reads them. Values: `clientId`, and `ids` as JSON. */
  readonly selectByIds: string
  readonly insert: (db: OrmConnection, row: StoredRow) => number
  /** Sets all columns of the row with this id and client. */
  readonly update: (db: OrmConnection, row: StoredRow) => number
}

function describe(name: SyncTableName): SyncedTable {
  const columns = syncTable(name).columns.map((column) => column.name)
  const client = name === 'clients' ? 'id' : 'client_id'
  const identity = name === 'clients' ? ['id'] : ['id', 'client_id']
  const changing = [...VERSION_COLUMNS, ...columns, ...uniqueColumns(name).map(keyColumn)]
  const table = sqliteTable(name, Object.fromEntries([...identity, ...changing].map((column) => [column, scalar(column)])))
  return {
    client,
    columns,
    // Text: the columns are known only at run time, and rows are read as arrays.
    selectByIds: `SELECT id, ${[...VERSION_COLUMNS, ...columns].join(', ')} FROM ${name}
      WHERE ${client} = :clientId AND id IN (SELECT value FROM json_each(:ids))`,
    insert: insertOf(table),
    update: statement((orm, named: Named<StoredRow>) => {
      const values = Object.fromEntries(changing.map((column) => [column, sql`${named[column]}`]))
      const isRow = identity.map((column) => sql`${sql.identifier(column)} = ${named[column]}`)
      return orm
        .update(table)
        .set(values)
        .where(sql.join(isRow, sql` AND `))
    }),
  }
}

const TABLES = Object.fromEntries(SYNC_TABLE_NAMES.map((name) => [name, describe(name)])) as Record<SyncTableName, SyncedTable>

export function syncedTable(name: SyncTableName): SyncedTable {
  return TABLES[name]
}

/** Returns the values of all columns of a row. */
export function storedRow(table: SyncTableName, clientId: ClientId, id: string, row: SyncRow): StoredRow {
  const { version, versions, changedBy, values } = row
  const stored: Record<string, Scalar> = { id, version, base: versions.base, changed_by: changedBy }
  if (table !== 'clients') stored['client_id'] = clientId
  stored['fields'] = versions.overrides === null ? null : JSON.stringify(versions.overrides)
  for (const name of TABLES[table].columns) stored[name] = values[name] ?? null
  for (const name of uniqueColumns(table)) stored[keyColumn(name)] = uniqueKey(String(values[name]))
  return stored
}

/** Reads a row of `selectByIds`. */
export function readRow(table: SyncTableName, raw: readonly Scalar[]): { readonly id: string; readonly row: SyncRow } {
  const [id, version, base, fields, changedBy] = raw as [string, number, number, string | null, string]
  const overrides = fields === null ? null : (JSON.parse(fields) as Record<string, number>)
  const values: Record<string, Scalar> = {}
  const { columns } = TABLES[table]
  for (let place = 0; place < columns.length; place++) values[columns[place] ?? ''] = raw[place + 5] ?? null
  return { id, row: { values, version, versions: { base, overrides }, changedBy } }
}

const ROW_COLUMN_NAMES: Readonly<Record<string, string>> = {
  id: 'id',
  [ROW_COLUMNS.version]: 'version',
  [ROW_COLUMNS.base]: 'base',
  [ROW_COLUMNS.fields]: 'fields',
  [ROW_COLUMNS.by]: 'changed_by',
}

/** Returns the column for a name in the feed. @throws RangeError for an unknown name. */
export function feedColumn(table: SyncTableName, name: string): string {
  const common = ROW_COLUMN_NAMES[name]
  if (common !== undefined) return common
  if (!TABLES[table].columns.includes(name)) throw new RangeError(`${table} has no column ${name}`)
  return name
}

/** Returns the column that holds the key of a unique column. */
export function keyColumn(column: string): string {
  return `${column}_key`
}
