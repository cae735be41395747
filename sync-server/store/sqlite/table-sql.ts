import type { ClientId } from '../../../core/id.ts'
import type { SyncRow } from '../../../core/sync/judge.ts'
import { ROW_COLUMNS } from '../../../core/sync/protocol.ts'
import { uniqueKey } from '../../../core/text/unique-key.ts'
import { SYNC_TABLE_NAMES, syncTable, uniqueColumns, type Scalar, type SyncTableName } from '../../../core/sync/tables.ts'

/** The SQL of the synced tables, generated from their description, so that no column is missing. */
export type TableSql = {
  readonly columns: readonly string[]
  /** The column that holds the client. */
  readonly client: string
  readonly selectByIds: string
  readonly insert: string
  readonly update: string
}

const PLACE = ['version', 'base', 'fields', 'changed_by']

function tableSql(name: SyncTableName): TableSql {
  const columns = syncTable(name).columns.map((column) => column.name)
  const client = name === 'clients' ? 'id' : 'client_id'
  const stored = [...PLACE, ...columns]
  const keys = uniqueColumns(name).map(keyColumn)
  const identity = name === 'clients' ? ['id'] : ['id', 'client_id']
  return {
    columns,
    client,
    selectByIds: `SELECT id, ${stored.join(', ')} FROM ${name} WHERE ${client} = ? AND id IN (SELECT value FROM json_each(?))`,
    insert: `INSERT INTO ${name} (${[...stored, ...keys, ...identity].join(', ')}) VALUES (${[...stored, ...keys, ...identity].map(() => '?').join(', ')})`,
    update: `UPDATE ${name} SET ${[...stored, ...keys].map((column) => `${column} = ?`).join(', ')} WHERE id = ?${name === 'clients' ? '' : ' AND client_id = ?'}`,
  }
}

const byName = Object.fromEntries(SYNC_TABLE_NAMES.map((name) => [name, tableSql(name)])) as Record<SyncTableName, TableSql>

export function sqlOf(table: SyncTableName): TableSql {
  return byName[table]
}

/** Returns the values that `insert` and `update` bind: the row, then its identity. */
export function bindRow(table: SyncTableName, clientId: ClientId, id: string, row: SyncRow): (Scalar | undefined)[] {
  const { version, versions, changedBy, values } = row
  const fields = versions.overrides === null ? null : JSON.stringify(versions.overrides)
  const bound: (Scalar | undefined)[] = [version, versions.base, fields, changedBy]
  for (const name of byName[table].columns) bound.push(values[name])
  for (const name of uniqueColumns(table)) bound.push(uniqueKey(String(values[name])))
  bound.push(id)
  if (table !== 'clients') bound.push(clientId)
  return bound
}

/** Reads a row of `selectByIds`. */
export function readRow(table: SyncTableName, raw: readonly Scalar[]): { readonly id: string; readonly row: SyncRow } {
  const [id, version, base, fields, changedBy] = raw as [string, number, number, string | null, string]
  const overrides = fields === null ? null : (JSON.parse(fields) as Record<string, number>)
  const values: Record<string, Scalar> = {}
  const { columns } = byName[table]
  for (let place = 0; place < columns.length; place++) values[columns[place] ?? ''] = raw[place + 5] ?? null
  return { id, row: { values, version, versions: { base, overrides }, changedBy } }
}

const META: Readonly<Record<string, string>> = {
  id: 'id',
  [ROW_COLUMNS.version]: 'version',
  [ROW_COLUMNS.base]: 'base',
  [ROW_COLUMNS.fields]: 'fields',
  [ROW_COLUMNS.by]: 'changed_by',
}

/** Returns the column for a name in the feed. @throws RangeError for an unknown name. */
export function feedColumn(table: SyncTableName, name: string): string {
  const meta = META[name]
  if (meta !== undefined) return meta
  if (!byName[table].columns.includes(name)) throw new RangeError(`${table} has no column ${name}`)
  return name
}

/** Returns the column that holds the key of a unique column. */
export function keyColumn(column: string): string {
  return `${column}_key`
}
