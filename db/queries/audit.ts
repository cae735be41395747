import type { Cursor } from '../../core/contract/calls.ts'
import type { Id } from '../../core/id.ts'
import type { AuditAction, AuditEntry } from '../../core/model/audit.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import type { ReadableDb } from '../open.ts'
import { row, rows, type SqlValue } from '../statements.ts'

export type AuditRequest = {
  readonly recordId?: string | undefined
  readonly tableName?: string | undefined
  readonly userId?: Id | undefined
  readonly actions?: readonly AuditAction[] | undefined
  /** Half-open, ms. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly after: Cursor | null
  readonly limit: number
}
export type AuditPage = { rows: AuditEntry[]; next: Cursor | null }

type AuditRow = Omit<AuditEntry, 'oldValues' | 'newValues'> & {
  readonly oldValues: string | null
  readonly newValues: string | null
}

const ENTRY = `a.id, a.client_id AS clientId, a.user_id AS userId, a.table_name AS tableName, a.record_id AS recordId, a.action,
  a.old_values AS oldValues, a.new_values AS newValues, a.ip_address AS ipAddress, a.user_agent AS userAgent, a.created_at AS createdAt`

function toEntry(found: AuditRow): AuditEntry {
  const values = (json: string | null) => (json === null ? null : (JSON.parse(json) as AuditEntry['oldValues']))
  return { ...found, oldValues: values(found.oldValues), newValues: values(found.newValues) }
}

/** A record is a user's own where the user owns the call as it stands or as it stood when it was deleted, or is the record. */
const OWN = `CASE a.table_name
  WHEN 'calls' THEN coalesce(
    (SELECT user_id FROM calls WHERE id = a.record_id),
    (SELECT d.old_values ->> '$.user_id' FROM audit_logs AS d WHERE d.record_id = a.record_id AND d.action = 'DELETE' ORDER BY d.id DESC LIMIT 1)
  )
  WHEN 'users' THEN a.record_id
END = ?`

/** A page of the audit trail, newest first. `restrict` narrows it to the records of one user. */
export function listAudit(
  db: ReadableDb,
  clientId: Id,
  request: AuditRequest,
  restrict: { readonly ownRecordsOf: Id } | null,
): AuditPage {
  const where: string[] = ['a.client_id = ?']
  const values: SqlValue[] = [clientId]
  const require = (condition: string, ...used: readonly SqlValue[]) => {
    where.push(condition)
    values.push(...used)
  }
  if (request.recordId !== undefined) require('a.record_id = ?', request.recordId)
  if (request.tableName !== undefined) require('a.table_name = ?', request.tableName)
  if (request.userId !== undefined) require('a.user_id = ?', request.userId)
  if (request.actions !== undefined && request.actions.length > 0)
    require('a.action IN (SELECT value FROM json_each(?))', JSON.stringify(request.actions))
  if (request.from !== undefined) require('a.created_at >= ?', request.from)
  if (request.to !== undefined) require('a.created_at < ?', request.to)
  if (request.after !== null)
    require('(a.created_at, a.id) < (?, ?)', ...decodeCursor('audit', request.after, [['number'], ['string']]))
  if (restrict !== null) require(OWN, restrict.ownRecordsOf)
  const index = request.recordId === undefined ? 'audit_logs_by_time' : 'audit_logs_by_record'
  const found = rows<AuditRow>(
    db,
    `SELECT ${ENTRY} FROM audit_logs AS a INDEXED BY ${index} WHERE ${where.join(' AND ')}
     ORDER BY a.created_at DESC, a.id DESC LIMIT ?`,
    ...values,
    request.limit + 1,
  )
  const page = found.slice(0, request.limit)
  const last = page.at(-1)
  const next = found.length > request.limit && last !== undefined ? encodeCursor('audit', [last.createdAt, last.id]) : null
  return { rows: page.map(toEntry), next }
}

/** All that happened to one record, newest first, also after it was deleted. */
export function listAuditOfRecord(db: ReadableDb, clientId: Id, tableName: string, recordId: string): AuditEntry[] {
  return rows<AuditRow>(
    db,
    `SELECT ${ENTRY} FROM audit_logs AS a INDEXED BY audit_logs_by_record
     WHERE a.record_id = ? AND a.client_id = ? AND a.table_name = ? ORDER BY a.id DESC`,
    recordId,
    clientId,
    tableName,
  ).map(toEntry)
}

/** The columns of a deleted row as the audit trail kept them; undefined where the record was never deleted. */
export function deletedRow(
  db: ReadableDb,
  clientId: Id,
  tableName: string,
  recordId: string,
): Record<string, string | number> | undefined {
  const found = row<{ values: string }>(
    db,
    `SELECT old_values AS "values" FROM audit_logs INDEXED BY audit_logs_by_record
     WHERE record_id = ? AND client_id = ? AND table_name = ? AND action = 'DELETE' ORDER BY id DESC LIMIT 1`,
    recordId,
    clientId,
    tableName,
  )
  return found === undefined ? undefined : (JSON.parse(found.values) as Record<string, string | number>)
}
