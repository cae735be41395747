import { is } from 'drizzle-orm'
import { Column } from 'drizzle-orm/column'
import { getTableConfig, type SQLiteTable } from 'drizzle-orm/sqlite-core'
import { SQL, StringChunk } from 'drizzle-orm/sql'
import { AUDIT_SOURCE, NEW_AUDIT_ID } from './audit-id.ts'
import { REFUSAL } from './refusal.ts'
import { DERIVED_COLUMNS } from '../core/model/call-derivation.ts'
import { DATA_ACTIONS } from '../core/model/audit.ts'
import { columnOf, syncTable, unitOf, versionKey, type SyncTableName } from '../core/sync/tables.ts'
import { DEVICE_TABLES } from './device-rows.ts'
import { calls, clients, clientSettings, doNotCall, lossReasons, users, userSettings } from './schema.ts'

/**
 * Triggers write the audit row and the outbox row of every change, in the statement that makes it, for every writer (S2). No statement
 * avoids them:
 *
 * - No row in `local_write_context`, or one of another client: RAISE(ABORT), before anything else.
 * - INSERT OR REPLACE fires no delete trigger unless `recursive_triggers` is on, so a BEFORE trigger refuses any insert or update
 *   with an existing key or unique value. Thus nothing can be replaced.
 * - The outer statement's conflict clause also applies to the triggers' own inserts, and OR IGNORE would drop an audit row that
 *   broke a constraint. After each insert `changes()` must have the expected value, or the statement is aborted.
 * - `changes()` is also 0 if a temporary trigger suppressed the row by RAISE(IGNORE).
 * - Foreign keys never cascade. The truncate optimisation of DELETE is off for a table with triggers.
 *
 * A change of the schema itself is not covered: it needs no statement on the tables, and no trigger runs.
 */
type AuditedTable = {
  readonly table: SQLiteTable
  /** Columns that never change once the row exists. */
  readonly fixed: readonly string[]
  /** Columns whose change is neither audited nor synced. */
  readonly silent: readonly string[]
}

const AUDITED: Readonly<Record<SyncTableName, AuditedTable>> = {
  clients: { table: clients, fixed: ['id'], silent: ['updated_at'] },
  users: { table: users, fixed: ['id', 'client_id'], silent: ['updated_at', 'last_login'] },
  loss_reasons: { table: lossReasons, fixed: ['id', 'client_id'], silent: ['updated_at'] },
  calls: {
    table: calls,
    fixed: ['rowid', 'id', 'client_id'],
    silent: ['rowid', 'updated_at', ...Object.values(DERIVED_COLUMNS)],
  },
  client_settings: { table: clientSettings, fixed: ['client_id', 'key'], silent: [] },
  do_not_call: { table: doNotCall, fixed: ['client_id', 'id', 'contact_hash', 'reason', 'created_at'], silent: [] },
  user_settings: { table: userSettings, fixed: ['client_id', 'id', 'user_id', 'key'], silent: [] },
}

const quoted = (name: string) => `"${name}"`
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`
const refuse = (rule: string) => `RAISE(ABORT, ${literal(`${REFUSAL}: ${rule}`)})`

type KeyPart = { readonly column: string; readonly collation: string }

/** Returns the unique keys of a table, each as its columns with their collations. A key that contains another key is omitted, because a row cannot violate it alone. */
function uniqueKeys(table: SQLiteTable): KeyPart[][] {
  const config = getTableConfig(table)
  const plain = (column: Column): KeyPart => ({ column: column.name, collation: '' })
  const keys = [
    ...config.columns.filter((column) => column.primary).map((column) => [plain(column)]),
    ...config.primaryKeys.map((key) => key.columns.map(plain)),
    ...config.indexes.filter((index) => index.config.unique).map((index) => index.config.columns.map(keyPart)),
  ]
  const contains = (key: KeyPart[], other: KeyPart[]) =>
    key !== other && other.every((part) => key.some((own) => own.column === part.column && own.collation === part.collation))
  return keys.filter((key) => !keys.some((other) => contains(key, other)))
}

function keyPart(part: unknown): KeyPart {
  if (is(part, SQL)) {
    const column = part.queryChunks.find((chunk) => is(chunk, Column))
    const text = part.queryChunks.flatMap((chunk) => (is(chunk, StringChunk) ? chunk.value : [])).join('')
    if (column !== undefined && is(column, Column)) return { column: column.name, collation: text }
  }
  if (is(part, Column)) return { column: part.name, collation: '' }
  throw new TypeError('An index part that is neither a column nor a collated column')
}

type DataColumn = { readonly name: string; readonly notNull: boolean; readonly isNumber: boolean }

function dataColumns(table: SQLiteTable): DataColumn[] {
  return getTableConfig(table)
    .columns.filter((column) => column.generated === undefined)
    .map(({ name, notNull, columnType }) => ({ name, notNull, isNumber: columnType !== 'SQLiteText' }))
}

/*
 * JSON is concatenated as text: the columns and their types are known here, STRICT tables enforce them, and json_quote escapes
 * every text. It costs half of json_object, which would also need json_patch to omit nulls. concat() skips null arguments.
 */

/**
 * A value as JSON. The text result of a JSON function has a subtype, also in NEW, and json_quote would embed it instead of quoting it.
 * Any operator removes the subtype.
 */
function quote(value: string, isNumber: boolean): string {
  return isNumber ? `json_quote(${value})` : `json_quote(${value} || '')`
}

/** `{"a":1}` of the columns that are not null. The first column must never be null. */
function presentValues(columns: readonly DataColumn[], row: 'NEW' | 'OLD', open = '', close = ''): string {
  const part = ({ name, notNull, isNumber }: DataColumn, position: number) => {
    const value = `${row}.${quoted(name)}`
    const json = isNumber ? value : notNull ? quote(value, false) : `iif(${value} IS NOT NULL, ${quote(value, false)})`
    return `${literal(`${position === 0 ? '{' : ','}"${name}":${open}`)} || ${json}${close === '' ? '' : ` || ${literal(close)}`}`
  }
  return `concat(${columns.map(part).join(', ')}, '}')`
}

const differing = (columns: readonly string[]) =>
  columns.map((column) => `OLD.${quoted(column)} IS NOT NEW.${quoted(column)}`).join(' OR ')

/**
 * `{"a":1}` of the columns that differ between OLD and NEW, with an explicit null for a cleared field.
 * @param together the columns that are written if any of them differs, including `column`.
 */
function changedValues(
  columns: readonly DataColumn[],
  json: (name: string, isNumber: boolean) => string,
  together: (column: string) => readonly string[] = (column) => [column],
): string {
  const part = ({ name, isNumber }: DataColumn) =>
    `iif(${differing(together(name))}, ${literal(`,"${name}":`)} || ${json(name, isNumber)})`
  return `'{' || substr(concat(${columns.map(part).join(', ')}), 2) || '}'`
}

function writeAudit(table: string, record: string, action: string, oldValues: string, newValues: string): string[] {
  return [
    `INSERT INTO audit_logs (id, client_id, user_id, table_name, record_id, action, old_values, new_values, ip_address, user_agent, created_at)
  SELECT ${NEW_AUDIT_ID}, c.client_id, c.user_id, ${literal(table)}, ${record}, ${literal(action)},
    ${oldValues},
    ${newValues},
    c.ip_address, c.user_agent, c.now
  FROM ${AUDIT_SOURCE};`,
    `SELECT ${refuse('the audit row was not written')} WHERE changes() <> 1;`,
  ]
}

/** @param action, fields SQL; `c` is the write context. */
function writeOutbox(table: string, record: string, action: string, fields: string): string[] {
  return [
    `INSERT INTO sync_outbox (op_id, client_id, tx_id, schema_version, table_name, row_id, action, base_version, fields, hlc, wall_time, user_id)
  SELECT a.id, c.client_id, c.tx_id, c.schema_version, ${literal(table)}, ${record}, ${action},
    coalesce(b.version, 0),
    ${fields},
    c.hlc, c.now, c.user_id
  FROM local_write_context AS c CROSS JOIN audit_logs AS a
    LEFT JOIN sync_rows AS b ON b.client_id = c.client_id AND b.table_name = ${literal(table)} AND b.row_id = ${record}
  WHERE c.sync <> 0 AND a.rowid = last_insert_rowid();`,
    `SELECT ${refuse('the outbox row was not written')} WHERE changes() <> (SELECT sync <> 0 FROM local_write_context);`,
  ]
}

/** Rows from the server write no lines; see `begin` in write-transaction.ts. */
const LEAVES_TRAIL = `(SELECT trail FROM local_write_context) = 1`

function trigger(name: string, on: string, body: readonly string[], when?: string): string {
  const lines = body.flatMap((statement) => statement.split('\n')).map((line) => `  ${line}`)
  return `CREATE TRIGGER ${name} ${on}${when === undefined ? '' : `\nWHEN ${when}`} BEGIN\n${lines.join('\n')}\nEND;`
}

/** The triggers of one audited table. */
function auditTriggers(name: SyncTableName): string[] {
  const audited = AUDITED[name]
  // The record is the audit trail's `record_id` and the outbox's `row_id`.
  const { key: recordColumn, client: clientColumn } = DEVICE_TABLES[name]
  const columns = dataColumns(audited.table)
  const synced = columns.filter((column) => !audited.silent.includes(column.name))
  // A column that only its owner may receive is synced, but never written to the audit trail, which others may read.
  const shown = synced.filter((column) => columnOf(name, column.name)?.audience !== 'self')
  const stampsUpdate = columns.some((column) => column.name === 'updated_at')
  const at = (row: 'NEW' | 'OLD', column: string) => `${row}.${quoted(column)}`
  const record = (row: 'NEW' | 'OLD') => at(row, recordColumn)
  const noActor = (row: 'NEW' | 'OLD') =>
    `NOT EXISTS (SELECT 1 FROM local_write_context WHERE client_id = ${at(row, clientColumn ?? recordColumn)})`
  const itself = (row: 'NEW' | 'OLD') => audited.fixed.map((column) => `${quoted(column)} = ${at(row, column)}`).join(' AND ')
  const keys = uniqueKeys(audited.table)
  const met = (key: KeyPart[], and = '') =>
    `EXISTS (SELECT 1 FROM ${name} WHERE ${key.map(({ column, collation }) => `${quoted(column)} = ${at('NEW', column)}${collation}`).join(' AND ')}${and})`
  const keyName = (key: KeyPart[]) => key.map(({ column }) => column).join(', ')

  /** A row from the server (sync = 0) has its own time. */
  const foreignStamp = `EXISTS (SELECT 1 FROM local_write_context WHERE sync <> 0 AND now <> NEW.updated_at)`
  const guardStamp = (when: string) =>
    stampsUpdate ? [`WHEN ${when}${foreignStamp} THEN ${refuse('updated_at is set by the database')}`] : []

  const guardInsert = [
    `WHEN ${noActor('NEW')} THEN ${refuse('no actor')}`,
    ...keys.map((key) => `WHEN ${met(key)} THEN ${refuse(`exists ${name}.${keyName(key)}`)}`),
    ...guardStamp(''),
  ]
  const movable = keys.filter((key) => key.some(({ column }) => !audited.fixed.includes(column)))
  const guardUpdate = [
    `WHEN ${noActor('OLD')} THEN ${refuse('no actor')}`,
    `WHEN ${differing(audited.fixed)} THEN ${refuse(`fixed ${name}.${audited.fixed.join(', ')}`)}`,
    ...movable.map((key) => {
      const changing = key.map(({ column }) => column).filter((column) => !audited.fixed.includes(column))
      const another = ` AND NOT (${itself('OLD')})`
      return `WHEN (${differing(changing)}) AND ${met(key, another)} THEN ${refuse(`exists ${name}.${keyName(key)}`)}`
    }),
    ...guardStamp(`${differing(['updated_at'])} AND `),
  ]
  // A restored row is in the audit trail as an INSERT with its values. Its operation is a RESTORE without values, because the server restores the
  // values that it accepted last (S11).
  const unlessRestored = (restored: string, inserted: string) =>
    syncTable(name).deletable ? `iif(c.restores IS ${record('NEW')}, ${restored}, ${inserted})` : inserted
  const select = (cases: readonly string[]) => [`SELECT CASE\n  ${cases.join('\n  ')}\nEND;`]
  const withBase = (column: string, isNumber: boolean) =>
    `concat('{"new":', ${quote(at('NEW', column), isNumber)}, ',"base":', coalesce(b.fields ->> ${literal(`$.${versionKey(name, column)}`)}, b.base, 0), '}')`
  const stamp = (when: string) =>
    `UPDATE ${name} SET updated_at = (SELECT now FROM local_write_context) WHERE ${itself('NEW')} AND ${when};`

  return [
    trigger(`${name}_guard_insert`, `BEFORE INSERT ON ${name}`, select(guardInsert)),
    trigger(
      `${name}_audit_insert`,
      `AFTER INSERT ON ${name}`,
      [
        ...writeAudit(name, record('NEW'), 'INSERT', 'NULL', presentValues(shown, 'NEW')),
        ...writeOutbox(
          name,
          record('NEW'),
          unlessRestored(`'RESTORE'`, `'INSERT'`),
          unlessRestored(`'{}'`, presentValues(synced, 'NEW', '{"new":', '}')),
        ),
      ],
      LEAVES_TRAIL,
    ),
    trigger(`${name}_guard_update`, `BEFORE UPDATE ON ${name}`, select(guardUpdate)),
    trigger(
      `${name}_audit_update`,
      `AFTER UPDATE OF ${synced.map((column) => quoted(column.name)).join(', ')} ON ${name}`,
      [
        ...writeAudit(
          name,
          record('NEW'),
          'UPDATE',
          changedValues(shown, (column, isNumber) => quote(at('OLD', column), isNumber)),
          changedValues(shown, (column, isNumber) => quote(at('NEW', column), isNumber)),
        ),
        ...writeOutbox(
          name,
          record('NEW'),
          `'UPDATE'`,
          changedValues(synced, withBase, (column) => unitOf(name, column)),
        ),
        ...(stampsUpdate ? [stamp('updated_at <> (SELECT now FROM local_write_context WHERE sync <> 0)')] : []),
      ],
      `${LEAVES_TRAIL} AND (${differing(synced.map((column) => column.name))})`,
    ),
    trigger(`${name}_guard_delete`, `BEFORE DELETE ON ${name}`, [`SELECT ${refuse('no actor')} WHERE ${noActor('OLD')};`]),
    trigger(
      `${name}_audit_delete`,
      `AFTER DELETE ON ${name}`,
      [
        ...writeAudit(name, record('OLD'), 'DELETE', presentValues(shown, 'OLD'), 'NULL'),
        ...writeOutbox(name, record('OLD'), `'DELETE'`, `'{}'`),
      ],
      LEAVES_TRAIL,
    ),
  ]
}

/** `SYNC_REJECTED` reports the server's own verdict, so it is not sent to the server. */
const EVENT = [...DATA_ACTIONS, 'SYNC_REJECTED'].map((action) => `NEW.action <> '${action}'`).join(' AND ')
const EVENT_FIELDS = `(SELECT coalesce(json_group_object(key, json_object('new', value)), '{}') FROM json_each(coalesce(NEW.new_values, '{}')))`

const trailTriggers: readonly string[] = [
  trigger(`audit_logs_guard_insert`, `BEFORE INSERT ON audit_logs`, [
    `SELECT CASE
  WHEN NOT EXISTS (SELECT 1 FROM local_write_context WHERE client_id = NEW.client_id) THEN ${refuse('no actor')}
  WHEN EXISTS (SELECT 1 FROM audit_logs WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM audit_logs WHERE rowid = NEW.rowid) THEN ${refuse('exists audit_logs.id')}
END;`,
  ]),
  trigger(
    `audit_logs_event`,
    `AFTER INSERT ON audit_logs`,
    [
      `INSERT INTO sync_outbox (op_id, client_id, tx_id, schema_version, table_name, row_id, action, base_version, fields, hlc, wall_time, user_id)
  SELECT NEW.id, c.client_id, c.tx_id, c.schema_version, NEW.table_name, NEW.record_id, NEW.action, 0,
    ${EVENT_FIELDS},
    c.hlc, c.now, c.user_id
  FROM local_write_context AS c WHERE c.sync <> 0;`,
      `SELECT ${refuse('the outbox row was not written')} WHERE changes() <> (SELECT sync <> 0 FROM local_write_context);`,
    ],
    EVENT,
  ),
  trigger(`audit_logs_no_update`, `BEFORE UPDATE ON audit_logs`, [`SELECT ${refuse('the audit trail is append-only')};`]),
  // A call that leaves this person’s scope is removed with its history (S14, S15), and so are the settings of other people when a workspace is
  // published. Only the server's data may remove them.
  trigger(
    `audit_logs_no_delete`,
    `BEFORE DELETE ON audit_logs`,
    [`SELECT ${refuse('the audit trail is append-only')};`],
    `(OLD.table_name <> 'users' AND OLD.table_name <> 'calls' AND OLD.table_name <> 'user_settings')
  OR NOT EXISTS (SELECT 1 FROM local_write_context WHERE sync = 0)`,
  ),
]

/** An operation never changes, and is not removed before the server has answered it (S12). */
const OPERATION = [
  'device_seq',
  'op_id',
  'client_id',
  'tx_id',
  'schema_version',
  'table_name',
  'row_id',
  'action',
  'base_version',
  'fields',
  'hlc',
  'wall_time',
  'user_id',
]
const outboxTriggers: readonly string[] = [
  trigger(
    `sync_outbox_guard_insert`,
    `BEFORE INSERT ON sync_outbox`,
    [`SELECT ${refuse('exists sync_outbox.device_seq')};`],
    `EXISTS (SELECT 1 FROM sync_outbox WHERE device_seq = NEW.device_seq)`,
  ),
  trigger(`sync_outbox_guard_update`, `BEFORE UPDATE OF ${OPERATION.join(', ')} ON sync_outbox`, [
    `SELECT ${refuse('an operation does not change')};`,
  ]),
  trigger(
    `sync_outbox_guard_delete`,
    `BEFORE DELETE ON sync_outbox`,
    [`SELECT ${refuse('the server has not answered this operation')};`],
    `OLD.state IN ('pending', 'sent')`,
  ),
]

export function triggersSql(): string[] {
  return [...(Object.keys(AUDITED) as SyncTableName[]).flatMap(auditTriggers), ...trailTriggers, ...outboxTriggers]
}
