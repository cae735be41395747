import { DERIVED_COLUMNS } from '../../core/model/call-derivation.ts'
import type { Sqlite } from '../../platform/sqlite/database.ts'

/** The key of each audited table, and its columns that are not in the audit trail. */
const TABLES = {
  clients: { key: 'id', silent: ['updated_at'] },
  users: { key: 'id', silent: ['updated_at', 'last_login'] },
  loss_reasons: { key: 'id', silent: ['updated_at'] },
  calls: { key: 'id', silent: ['updated_at', 'rowid', 'event_at', ...Object.values(DERIVED_COLUMNS)] },
  client_settings: { key: 'key', silent: [] as string[] },
  user_settings: { key: 'id', silent: [] as string[] },
  do_not_call: { key: 'id', silent: [] as string[] },
} as const

type Value = string | number | null
type Rows = Record<string, Record<string, Value>>
export type Database = Record<string, Rows>

const present = (row: Record<string, Value>) =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as Record<string, Value>

/** Returns the current rows of the audited tables, without nulls and without columns that are in no projection. */
export function currentState(sqlite: Sqlite, secrets: 'with secrets' | 'without secrets'): Database {
  return Object.fromEntries(
    Object.entries(TABLES).map(([table, { key, silent }]) => {
      const rows = sqlite.prepare<[], Record<string, Value>>(`SELECT * FROM ${table}`).all()
      const hidden = new Set<string>([...silent, ...(secrets === 'with secrets' ? [] : ['password_hash'])])
      const visible = (row: Record<string, Value>) =>
        Object.fromEntries(Object.entries(present(row)).filter(([column]) => !hidden.has(column)))
      return [table, Object.fromEntries(rows.map((row) => [String(row[key]), visible(row)]))]
    }),
  )
}

type Change = { readonly table: string; readonly record: string; readonly action: string; readonly values: Record<string, Value> }

function replay(changes: readonly Change[]): Database {
  const state: Database = Object.fromEntries(Object.keys(TABLES).map((table) => [table, {}]))
  const deleted: Rows = {}
  for (const { table, record, action, values } of changes) {
    const rows = (state[table] ??= {})
    const row = rows[record]
    if (action === 'DELETE') {
      if (row === undefined) throw new Error(`A DELETE of ${table} ${record}, which does not exist`)
      deleted[record] = row
      delete rows[record]
    } else if (action === 'RESTORE') {
      const last = deleted[record]
      if (last === undefined || row !== undefined) throw new Error(`A RESTORE of ${table} ${record}, which is not deleted`)
      rows[record] = last
    } else {
      if ((action === 'INSERT') === record in rows)
        throw new Error(`${action} of ${table} ${record}, which does ${record in rows ? '' : 'not '}exist`)
      rows[record] = present({ ...rows[record], ...values })
    }
  }
  return state
}

/** Returns the tables after a replay of the whole audit trail. @throws Error if the trail contradicts itself. */
export function replayAudit(sqlite: Sqlite): Database {
  const lines = sqlite
    .prepare<[], { table: string; record: string; action: string; oldValues: string | null; newValues: string | null }>(
      `SELECT table_name AS "table", record_id AS record, action, old_values AS oldValues, new_values AS newValues FROM audit_logs
       WHERE action IN ('INSERT', 'UPDATE', 'DELETE') ORDER BY rowid`,
    )
    .all()
  return replay(
    lines.map(({ newValues, ...line }) => ({ ...line, values: JSON.parse(newValues ?? '{}') as Record<string, Value> })),
  )
}

/** Returns the tables after a replay of the whole outbox. @throws Error if it contradicts itself. */
export function replayOutbox(sqlite: Sqlite): Database {
  const operations = sqlite
    .prepare<[], { table: string; record: string; action: string; fields: string }>(
      `SELECT table_name AS "table", row_id AS record, action, fields FROM sync_outbox
       WHERE action IN ('INSERT', 'UPDATE', 'DELETE', 'RESTORE') ORDER BY device_seq`,
    )
    .all()
  return replay(
    operations.map(({ fields, ...operation }) => {
      const proposed = JSON.parse(fields) as Record<string, { new: Value }>
      return { ...operation, values: Object.fromEntries(Object.entries(proposed).map(([column, field]) => [column, field.new])) }
    }),
  )
}
