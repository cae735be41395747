import type { ClientId } from '../core/id.ts'
import type { SyncTableName, Scalar } from '../core/sync/tables.ts'

/** How this device's tables store a synced row. */
export type DeviceTable = {
  /** The column that holds the row's id. */
  readonly key: string
  /** The column that holds the client; null if the id is the client's. */
  readonly client: string | null
  /** The values that the device stores in columns that were not sent. */
  readonly hidden: (id: string) => Readonly<Record<string, Scalar>>
}

/** Reserved by RFC 2606: such an address belongs to no one. */
const UNKNOWN_EMAIL_DOMAIN = 'unknown.invalid'

const NOTHING = {}

export const DEVICE_TABLES: Readonly<Record<SyncTableName, DeviceTable>> = {
  clients: { key: 'id', client: null, hidden: () => NOTHING },
  users: { key: 'id', client: 'client_id', hidden: hiddenUser },
  loss_reasons: { key: 'id', client: 'client_id', hidden: () => NOTHING },
  client_settings: { key: 'key', client: 'client_id', hidden: () => NOTHING },
  do_not_call: { key: 'id', client: 'client_id', hidden: () => NOTHING },
  user_settings: { key: 'id', client: 'client_id', hidden: () => NOTHING },
  calls: { key: 'id', client: 'client_id', hidden: () => NOTHING },
}

/** A colleague of whom this device may hold only the name (S14). The address belongs to no one, and no password matches. */
export function hiddenUser(id: string): Readonly<Record<string, Scalar>> {
  return { email: `${id}@${UNKNOWN_EMAIL_DOMAIN}`, password_hash: null, last_login: null, created_at: 0, updated_at: 0 }
}

/*
 * Statements for rows of any synced table with any of its columns, as a page or an operation names them. They are SQL text, because the
 * table and the columns are known only at run time. A parameter has the name of its column; see `identityOf` for those of the key.
 */

/** The columns that identify a row, with its values. */
export function identityOf(table: SyncTableName, id: string, clientId: ClientId): Readonly<Record<string, string>> {
  const { key, client } = DEVICE_TABLES[table]
  return client === null ? { [key]: id } : { [key]: id, [client]: clientId }
}

function isRow(table: SyncTableName): string {
  const { key, client } = DEVICE_TABLES[table]
  return client === null ? `${key} = :${key}` : `${key} = :${key} AND ${client} = :${client}`
}

export function updateText(table: SyncTableName, columns: readonly string[]): string {
  return `UPDATE ${table} SET ${columns.map((name) => `${name} = :${name}`).join(', ')} WHERE ${isRow(table)}`
}

export function deleteText(table: SyncTableName): string {
  return `DELETE FROM ${table} WHERE ${isRow(table)}`
}

export function selectText(table: SyncTableName, columns: readonly string[]): string {
  return `SELECT ${columns.join(', ')} FROM ${table} WHERE ${isRow(table)}`
}

/** Inserts the rows of the JSON array `:rows`: arrays of the id and the columns. A statement for each row takes longer. */
export function insertRowsText(table: SyncTableName, columns: readonly string[]): string {
  const { key, client } = DEVICE_TABLES[table]
  const names = [...(client === null ? [] : [client]), key, ...columns]
  const values = [...(client === null ? [] : [':clientId']), ...[key, ...columns].map((_, place) => `value ->> ${place}`)]
  return `INSERT INTO ${table} (${names.join(', ')}) SELECT ${values.join(', ')} FROM json_each(:rows)`
}
