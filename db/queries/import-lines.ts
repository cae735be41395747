import type { CallId, ClientId, Id, UserId } from '../../core/id.ts'
import type { ReadableDb } from '../open.ts'
import { row, rows } from '../statements.ts'

/*
 * What imports wrote, by the lines of the audit trail. Each transaction of an import has one range of lines in `local_import_lines`. Only
 * the device that ran an import has these lines, because applying a row from the server writes none.
 */

/** The newest range that begins at or before the line `a`; it holds the line if it ends after it. */
const RANGE_OF_LINE = `LEFT JOIN local_import_lines AS r
  ON r.start_line = (SELECT max(start_line) FROM local_import_lines WHERE start_line <= a.rowid) AND r.last_line >= a.rowid`

type Values = Readonly<Record<string, string | number | null>>

/** A change of a call in this device's trail, with the import that made it. */
export type CallLine = {
  readonly rowid: number
  readonly id: Id
  readonly action: 'INSERT' | 'UPDATE' | 'DELETE'
  readonly old: Values
  readonly new: Values
  /** null: a person made the change. */
  readonly importId: Id | null
  readonly isUndo: boolean
}

type StoredLine = Omit<CallLine, 'old' | 'new' | 'action' | 'isUndo'> & {
  readonly recordId: Id
  readonly action: CallLine['action'] | 'SYNC_REJECTED'
  readonly oldValues: string | null
  readonly newValues: string | null
  readonly isUndo: number
}

/** Returns the changes of each call, oldest first, without those that the server refused. */
export function callLines(db: ReadableDb, clientId: ClientId, ids: readonly CallId[]): Map<CallId, CallLine[]> {
  const found = rows<StoredLine>(
    db,
    `SELECT a.rowid, a.id, a.record_id AS recordId, a.action, a.old_values AS oldValues, a.new_values AS newValues,
       r.import_id AS importId, coalesce(r.is_undo, 0) AS isUndo
     FROM json_each(?) AS wanted CROSS JOIN audit_logs AS a INDEXED BY audit_logs_by_record ON a.record_id = wanted.value
     ${RANGE_OF_LINE}
     WHERE a.client_id = ? AND a.table_name = 'calls' AND a.action IN ('INSERT', 'UPDATE', 'DELETE', 'SYNC_REJECTED')
     ORDER BY a.rowid`,
    JSON.stringify(ids),
    clientId,
  )
  const values = (json: string | null) => JSON.parse(json ?? '{}') as Values
  const refused = new Set(
    found.filter(({ action }) => action === 'SYNC_REJECTED').map(({ newValues }) => values(newValues)['op_id']),
  )
  const lines = new Map<CallId, CallLine[]>()
  for (const { recordId, oldValues, newValues, isUndo, action, rowid, id, importId } of found) {
    if (action === 'SYNC_REJECTED' || refused.has(id)) continue
    const line = { rowid, id, action, importId, isUndo: isUndo === 1, old: values(oldValues), new: values(newValues) }
    lines.set(recordId, [...(lines.get(recordId) ?? []), line])
  }
  return lines
}

/** Returns calls that an import changed, with the number of their first line after `after`, in the order of these lines. */
export function importedCalls(
  db: ReadableDb,
  importId: Id,
  after: number,
  limit: number,
): { readonly id: Id; readonly rowid: number }[] {
  return rows(
    db,
    `SELECT a.record_id AS id, a.rowid FROM local_import_lines AS r INDEXED BY local_import_lines_by_import
       CROSS JOIN audit_logs AS a ON a.rowid BETWEEN r.start_line AND r.last_line
     WHERE r.import_id = ? AND r.is_undo = 0 AND a.rowid > ? AND a.table_name = 'calls' AND a.action IN ('INSERT', 'UPDATE')
     ORDER BY r.start_line, a.rowid LIMIT ?`,
    importId,
    after,
    limit,
  )
}

/** Returns who ran an import, and how many lines it wrote; undefined if this device did not run it. */
export function importAuthor(
  db: ReadableDb,
  clientId: ClientId,
  importId: Id,
): { readonly userId: UserId; readonly lines: number } | undefined {
  return row(
    db,
    `SELECT a.user_id AS userId, (SELECT sum(last_line - start_line + 1) FROM local_import_lines WHERE import_id = r.import_id AND is_undo = 0) AS lines
     FROM local_import_lines AS r INDEXED BY local_import_lines_by_import CROSS JOIN audit_logs AS a ON a.rowid BETWEEN r.start_line AND r.last_line
     WHERE r.import_id = ? AND r.client_id = ? AND r.is_undo = 0 LIMIT 1`,
    importId,
    clientId,
  )
}

export type ImportRun = {
  readonly importId: Id
  readonly at: number
  readonly userId: UserId
  /** The event at the run's end; null if the application ended before it. */
  readonly summary: Values | null
  /** The last event of an undo. */
  readonly undo: (Values & { readonly at: number }) | null
}

/** Returns the imports that this device ran, newest first. */
export function listImportRuns(db: ReadableDb, clientId: ClientId, limit: number): ImportRun[] {
  const runs = rows<{ importId: Id; at: number; userId: UserId }>(
    db,
    `SELECT r.import_id AS importId, a.created_at AS at, a.user_id AS userId
     FROM (SELECT import_id, min(start_line) AS start_line FROM local_import_lines WHERE client_id = ? AND is_undo = 0
           GROUP BY import_id ORDER BY start_line DESC LIMIT ?) AS r
     JOIN audit_logs AS a ON a.rowid = (SELECT min(rowid) FROM audit_logs WHERE rowid >= r.start_line)
     ORDER BY r.start_line DESC`,
    clientId,
    limit,
  )
  return runs.map((found) => {
    const events = rows<{ newValues: string; at: number }>(
      db,
      `SELECT new_values AS newValues, created_at AS at FROM audit_logs INDEXED BY audit_logs_by_record
       WHERE record_id = ? AND client_id = ? AND action = 'IMPORT' ORDER BY rowid`,
      found.importId,
      clientId,
    ).map(({ newValues, at }): Values & { readonly at: number } => {
      const values = JSON.parse(newValues) as Values
      return { ...values, at }
    })
    return {
      ...found,
      summary: events.find((event) => event['undone'] === undefined) ?? null,
      undo: events.findLast((event) => event['undone'] !== undefined) ?? null,
    }
  })
}

/** Returns people or loss reasons that an import added and that no call and no later change refers to. */
export function idleAdditions(db: ReadableDb, importId: Id, table: 'users' | 'loss_reasons'): Id[] {
  const column = table === 'users' ? 'user_id' : 'loss_reason_id'
  return rows<{ id: Id }>(
    db,
    `SELECT a.record_id AS id FROM local_import_lines AS r INDEXED BY local_import_lines_by_import
       CROSS JOIN audit_logs AS a ON a.rowid BETWEEN r.start_line AND r.last_line
       JOIN ${table} AS t ON t.id = a.record_id AND t.is_active = 1
     WHERE r.import_id = ? AND r.is_undo = 0 AND a.table_name = ? AND a.action = 'INSERT'
       AND NOT EXISTS (SELECT 1 FROM calls AS c WHERE c.client_id = t.client_id AND c.${column} = t.id)
       AND NOT EXISTS (SELECT 1 FROM audit_logs AS l INDEXED BY audit_logs_by_record WHERE l.record_id = a.record_id AND l.rowid > a.rowid)`,
    importId,
    table,
  ).map(({ id }) => id)
}

/** Returns people or loss reasons that are inactive because of an undo and that nothing has changed since. */
export function deactivatedByUndo(db: ReadableDb, clientId: ClientId, table: 'users' | 'loss_reasons'): Id[] {
  const found = rows<{ id: Id }>(
    db,
    `SELECT DISTINCT a.record_id AS id FROM local_import_lines AS r CROSS JOIN audit_logs AS a ON a.rowid BETWEEN r.start_line AND r.last_line
       JOIN ${table} AS t ON t.id = a.record_id AND t.is_active = 0
     WHERE r.client_id = ? AND r.is_undo = 1 AND a.table_name = ? AND a.action = 'UPDATE'
       AND NOT EXISTS (SELECT 1 FROM audit_logs AS l INDEXED BY audit_logs_by_record WHERE l.record_id = a.record_id AND l.rowid > a.rowid)`,
    clientId,
    table,
  )
  return found.map(({ id }) => id)
}

/** The result of an import's operation on the server. */
export type Answer = { readonly state: string; readonly action: string; readonly serverSeq: number | null }

/** Returns the answers to an import's operations between two lines of the audit trail, by the id of the operation's line. */
export function importAnswers(db: ReadableDb, importId: Id, firstLine: number, lastLine: number): Map<Id, Answer> {
  const found = rows<Answer & { id: Id }>(
    db,
    `SELECT o.op_id AS id, o.state, o.action, o.server_seq AS serverSeq
     FROM local_import_lines AS r INDEXED BY local_import_lines_by_import
       CROSS JOIN sync_outbox AS o ON o.device_seq BETWEEN r.start_op AND r.last_op
     WHERE r.import_id = ? AND r.is_undo = 0 AND r.start_line <= ? AND r.last_line >= ?`,
    importId,
    lastLine,
    firstLine,
  )
  return new Map(found.map(({ id, ...answer }) => [id, answer]))
}

/** The server's version of a call, and whether it was edited there after it was made. */
export type ServerVersion = { readonly version: number; readonly isEdited: boolean }

/** Returns the server's versions of calls, without those that the server does not have yet. */
export function serverVersions(db: ReadableDb, clientId: ClientId, ids: readonly CallId[]): Map<CallId, ServerVersion> {
  const found = rows<{ id: Id; version: number; isEdited: number }>(
    db,
    `SELECT s.row_id AS id, s.version, (s.fields IS NOT NULL OR s.version <> s.base) AS isEdited
     FROM json_each(?) AS wanted CROSS JOIN sync_rows AS s ON s.client_id = ? AND s.table_name = 'calls' AND s.row_id = wanted.value`,
    JSON.stringify(ids),
    clientId,
  )
  return new Map(found.map(({ id, version, isEdited }) => [id, { version, isEdited: isEdited === 1 }]))
}
