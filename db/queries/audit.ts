import { must } from '../../core/assert.ts'
import type { Cursor } from '../../core/contract/calls.ts'
import type { ClientId, Id, UserId } from '../../core/id.ts'
import { DATA_ACTIONS, type AuditAction, type AuditEntry } from '../../core/model/audit.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import type { ReadableDb } from '../open.ts'
import { RARE_AUDIT } from '../rare-audit.ts'
import { row, rows, type SqlValue } from '../statements.ts'

export type AuditRequest = {
  readonly recordId?: string | undefined
  readonly tableName?: string | undefined
  readonly userId?: UserId | undefined
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
  const { id, clientId, userId, tableName, recordId, action, ipAddress, userAgent, createdAt } = found
  const values = (json: string | null) => (json === null ? null : (JSON.parse(json) as AuditEntry['oldValues']))
  const [oldValues, newValues] = [values(found.oldValues), values(found.newValues)]
  return { id, clientId, userId, tableName, recordId, action, oldValues, newValues, ipAddress, userAgent, createdAt }
}

/** Only what concerns the records of one user, and of a call only what happened while it was theirs (S14). */
export type AuditRestriction = { readonly ownRecordsOf: Id }

/** The owner of the record: of a call its present owner, or the last one before its deletion; of a user the user. */
const OWNER = `CASE a.table_name
  WHEN 'calls' THEN coalesce(
    (SELECT user_id FROM calls WHERE id = a.record_id),
    (SELECT d.old_values ->> '$.user_id' FROM audit_logs AS d INDEXED BY audit_logs_by_record
     WHERE d.record_id = a.record_id AND d.table_name = 'calls' AND d.action = 'DELETE' ORDER BY d.rowid DESC LIMIT 1)
  )
  WHEN 'users' THEN a.record_id
END`

/**
 * Lines from before a call's last change of owner are not visible to the new owner. The change of owner is either a line of this device, or
 * it came from the server and has no line.
 */
const BEFORE_HANDOVER = `(EXISTS (
  SELECT 1 FROM audit_logs AS h INDEXED BY audit_logs_by_record
  WHERE h.record_id = a.record_id AND h.rowid > a.rowid AND h.table_name = 'calls' AND h.action = 'UPDATE'
    AND h.new_values ->> '$.user_id' IS NOT NULL)
  OR EXISTS (SELECT 1 FROM local_handovers AS n WHERE n.call_id = a.record_id AND n.last_line >= a.rowid))`

const OWN_RECORDS = `SELECT id FROM calls INDEXED BY calls_by_user WHERE client_id = ? AND user_id = ?
  UNION ALL SELECT record_id FROM audit_logs INDEXED BY audit_logs_deleted_calls
    WHERE table_name = 'calls' AND action = 'DELETE' AND old_values ->> '$.user_id' = ?
  UNION ALL SELECT ?`

/** Up to this many calls, a user's part of the trail is collected call by call; beyond, the trail is walked until a page is full. */
const FEW_CALLS = 2_000

function ownsFewCalls(db: ReadableDb, clientId: ClientId, userId: UserId): boolean {
  const text = `SELECT count(*) AS owned FROM (
    SELECT 1 FROM calls INDEXED BY calls_by_user WHERE client_id = ? AND user_id = ? LIMIT ${FEW_CALLS + 1})`
  return must(row<{ owned: number }>(db, text, clientId, userId), 'An aggregate has one row').owned <= FEW_CALLS
}

/** The values that a call had until it was handed over are its former owner's. */
function withoutFormerValues(entry: AuditEntry, restrict: AuditRestriction | null): AuditEntry {
  const handedOver = entry.tableName === 'calls' && entry.action === 'UPDATE' && entry.newValues?.['user_id'] !== undefined
  if (restrict === null || !handedOver) return entry
  return { ...entry, oldValues: { user_id: entry.oldValues?.['user_id'] ?? null } }
}

type Filter = { readonly where: string[]; readonly values: SqlValue[] }

function filterOf(request: AuditRequest): Filter {
  const where: string[] = []
  const values: SqlValue[] = []
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
  return { where, values }
}

/** Returns a page of this device's audit trail, newest first. */
export function listAudit(
  db: ReadableDb,
  clientId: ClientId,
  request: AuditRequest,
  restrict: AuditRestriction | null,
): AuditPage {
  const filter = filterOf(request)
  const where: string[] = ['a.client_id = ?', ...filter.where]
  const values: SqlValue[] = [clientId, ...filter.values]
  let index = bestIndex(request)
  const own = restrict?.ownRecordsOf ?? null
  if (own !== null) {
    if (index !== 'audit_logs_by_record' && ownsFewCalls(db, clientId, own)) {
      index = 'audit_logs_by_record'
      where.push(`a.record_id IN (${OWN_RECORDS})`)
      values.push(clientId, own, own, own)
    }
    where.push(`${OWNER} = ? AND NOT ${BEFORE_HANDOVER}`)
    values.push(own)
  }
  if (index === 'audit_logs_rare') where.push(RARE_AUDIT)
  if (request.after !== null) {
    where.push('(a.created_at, a.rowid) < (?, ?)')
    values.push(...decodeCursor('audit', request.after, [['number'], ['number']]))
  }
  const found = rows<AuditRow & { rowid: number }>(
    db,
    `SELECT a.rowid, ${ENTRY} FROM audit_logs AS a INDEXED BY ${index} WHERE ${where.join(' AND ')}
     ORDER BY a.created_at DESC, a.rowid DESC LIMIT ?`,
    ...values,
    request.limit + 1,
  )
  const page = found.slice(0, request.limit)
  const last = page.at(-1)
  const next = found.length > request.limit && last !== undefined ? encodeCursor('audit', [last.createdAt, last.rowid]) : null
  return { rows: page.map((entry) => withoutFormerValues(toEntry(entry), restrict)), next }
}

/** Returns the lines of operations that the server has not answered yet, newest first by `device_seq`. */
export function listWaitingAudit(
  db: ReadableDb,
  clientId: ClientId,
  request: Omit<AuditRequest, 'after'> & { readonly before: number | null },
  restrict: AuditRestriction | null,
): { readonly rows: AuditEntry[]; readonly next: number | null } {
  const { where, values } = filterOf({ ...request, after: null })
  const own = restrict?.ownRecordsOf ?? null
  if (own !== null) where.push(`${OWNER} = ? AND NOT ${BEFORE_HANDOVER}`)
  const found = rows<AuditRow & { deviceSeq: number }>(
    db,
    `SELECT o.device_seq AS deviceSeq, ${ENTRY}
     FROM sync_outbox AS o INDEXED BY sync_outbox_pending CROSS JOIN audit_logs AS a INDEXED BY audit_logs_id ON a.id = o.op_id
     WHERE o.state IN ('pending', 'sent') AND o.device_seq < ? AND a.client_id = ?${where.map((each) => ` AND ${each}`).join('')}
     ORDER BY o.device_seq DESC LIMIT ?`,
    request.before ?? Number.MAX_SAFE_INTEGER,
    clientId,
    ...values,
    ...(own === null ? [] : [own]),
    request.limit + 1,
  )
  const page = found.slice(0, request.limit)
  const next = found.length > request.limit ? (page.at(-1)?.deviceSeq ?? null) : null
  return { rows: page.map((entry) => withoutFormerValues(toEntry(entry), restrict)), next }
}

type AuditIndex = 'audit_logs_by_record' | 'audit_logs_rare' | 'audit_logs_by_user' | 'audit_logs_by_time'

function bestIndex({ recordId, tableName, userId, actions = [] }: AuditRequest): AuditIndex {
  if (recordId !== undefined) return 'audit_logs_by_record'
  const events = actions.length > 0 && actions.every((action) => !(DATA_ACTIONS as readonly string[]).includes(action))
  if (events || (tableName !== undefined && tableName !== 'calls')) return 'audit_logs_rare'
  return userId === undefined ? 'audit_logs_by_time' : 'audit_logs_by_user'
}

/** Returns this device's lines of one record, newest first, also after the record was deleted. */
export function listAuditOfRecord(
  db: ReadableDb,
  clientId: ClientId,
  tableName: string,
  recordId: string,
  restrict: AuditRestriction | null = null,
): AuditEntry[] {
  const own = restrict === null ? '' : `AND ${OWNER} = ? AND NOT ${BEFORE_HANDOVER}`
  return rows<AuditRow>(
    db,
    `SELECT ${ENTRY} FROM audit_logs AS a INDEXED BY audit_logs_by_record
     WHERE a.record_id = ? AND a.client_id = ? AND a.table_name = ? ${own} ORDER BY a.rowid DESC`,
    recordId,
    clientId,
    tableName,
    ...(restrict === null ? [] : [restrict.ownRecordsOf]),
  ).map((entry) => withoutFormerValues(toEntry(entry), restrict))
}

/**
 * Returns the columns of a deleted row from the audit trail. Returns undefined if the trail has a line after the deletion: the record was
 * then restored, and a later deletion has no line here, so the values may be old.
 */
export function newestDeletedRow(
  db: ReadableDb,
  clientId: ClientId,
  tableName: string,
  recordId: string,
): Record<string, string | number> | undefined {
  const newest = row<{ action: string; values: string | null }>(
    db,
    `SELECT action, old_values AS "values" FROM audit_logs INDEXED BY audit_logs_by_record
     WHERE record_id = ? AND client_id = ? AND table_name = ? AND action IN ('INSERT', 'UPDATE', 'DELETE') ORDER BY rowid DESC LIMIT 1`,
    recordId,
    clientId,
    tableName,
  )
  const values = newest?.action === 'DELETE' ? newest.values : null
  return values === null ? undefined : (JSON.parse(values) as Record<string, string | number>)
}

/** The columns of a deleted row as the audit trail kept them; undefined where the record was never deleted. */
export function deletedRow(
  db: ReadableDb,
  clientId: ClientId,
  tableName: string,
  recordId: string,
): Record<string, string | number> | undefined {
  const found = row<{ values: string }>(
    db,
    `SELECT old_values AS "values" FROM audit_logs INDEXED BY audit_logs_by_record
     WHERE record_id = ? AND client_id = ? AND table_name = ? AND action = 'DELETE' ORDER BY rowid DESC LIMIT 1`,
    recordId,
    clientId,
    tableName,
  )
  return found === undefined ? undefined : (JSON.parse(found.values) as Record<string, string | number>)
}
