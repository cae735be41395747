import { and, desc, eq, getTableColumns, inArray, sql, type Placeholder, type SQL } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { must } from '../../core/assert.ts'
import type { Cursor } from '../../core/contract/calls.ts'
import type { ClientId, Id, UserId } from '../../core/id.ts'
import { DATA_ACTIONS, type AuditAction, type AuditEntry } from '../../core/model/audit.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import type { ReadableDb } from '../open.ts'
import { isAmong, selectBy, type Orm } from '../../platform/sqlite/prepared.ts'
import { manyRows, query, readRows, type Named, type RowOf } from '../prepared.ts'
import { RARE_AUDIT } from '../rare-audit.ts'
import { localHandovers } from '../local-schema.ts'
import { auditLogs, calls, userSettings } from '../schema.ts'
import { syncOutbox } from '../sync-schema.ts'
import { isPending } from '../pending.ts'
import { all } from './call-filter.ts'

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

const { rowid, ...entryColumns } = getTableColumns(auditLogs)

function toEntry(found: RowOf<typeof entryColumns>): AuditEntry {
  const { id, clientId, userId, tableName, recordId, action, ipAddress, userAgent, createdAt } = found
  const values = (json: string | null) => (json === null ? null : (JSON.parse(json) as AuditEntry['oldValues']))
  const [oldValues, newValues] = [values(found.oldValues), values(found.newValues)]
  return { id, clientId, userId, tableName, recordId, action, oldValues, newValues, ipAddress, userAgent, createdAt }
}

/** Only what concerns the records of one user, and of a call only what happened while it was theirs (S14). */
export type AuditRestriction = { readonly ownRecordsOf: Id }

const [deletion, handover] = [alias(auditLogs, 'deletion'), alias(auditLogs, 'handover')]
/** As literals: SQLite uses the partial index of deleted calls only if a query repeats its condition. */
const isDeletion = sql`${deletion.tableName} = 'calls' AND ${deletion.action} = 'DELETE'`
const formerOwner = sql`${deletion.oldValues} ->> '$.user_id'`

/** The owner of a line's record: of a call its present owner, or the last one before its deletion; of a user the user; of a setting its person. */
const OWNER = sql`CASE ${auditLogs.tableName}
  WHEN 'calls' THEN coalesce(
    (SELECT ${calls.userId} FROM ${calls} WHERE ${calls.id} = ${auditLogs.recordId}),
    (SELECT ${formerOwner} FROM ${auditLogs} AS ${deletion} INDEXED BY audit_logs_by_record
     WHERE ${deletion.recordId} = ${auditLogs.recordId} AND ${isDeletion} ORDER BY ${deletion.rowid} DESC LIMIT 1)
  )
  WHEN 'users' THEN ${auditLogs.recordId}
  WHEN 'user_settings' THEN substr(${auditLogs.recordId}, 1, 36)
END`

/**
 * Lines from before a call's last change of owner are not visible to the new owner. The change of owner is either a line of this device, or
 * it came from the server and has no line.
 */
const BEFORE_HANDOVER = sql`(EXISTS (
  SELECT 1 FROM ${auditLogs} AS ${handover} INDEXED BY audit_logs_by_record
  WHERE ${handover.recordId} = ${auditLogs.recordId} AND ${handover.rowid} > ${rowid}
    AND ${handover.tableName} = 'calls' AND ${handover.action} = 'UPDATE' AND ${handover.newValues} ->> '$.user_id' IS NOT NULL)
  OR EXISTS (SELECT 1 FROM ${localHandovers} WHERE ${localHandovers.callId} = ${auditLogs.recordId}
    AND ${localHandovers.lastLine} >= ${rowid}))`

const visibleTo = (own: Id | Placeholder) => sql`${OWNER} = ${own} AND NOT ${BEFORE_HANDOVER}`

const ownCalls = (clientId: ClientId, own: Id) =>
  sql`${calls} INDEXED BY calls_by_user WHERE ${calls.clientId} = ${clientId} AND ${calls.userId} = ${own}`

const ownRecords = (clientId: ClientId, own: Id) => sql`SELECT ${calls.id} FROM ${ownCalls(clientId, own)}
  UNION ALL SELECT ${deletion.recordId} FROM ${auditLogs} AS ${deletion} INDEXED BY audit_logs_deleted_calls
    WHERE ${isDeletion} AND ${formerOwner} = ${own}
  UNION ALL SELECT ${userSettings.id} FROM ${userSettings} WHERE ${userSettings.clientId} = ${clientId} AND ${userSettings.userId} = ${own}
  UNION ALL SELECT ${own}`

/** Up to this many calls, a user's part of the trail is collected call by call; beyond, the trail is walked until a page is full. */
const FEW_CALLS = 2_000

function ownsFewCalls(db: ReadableDb, clientId: ClientId, userId: Id): boolean {
  const some = sql`FROM (SELECT 1 FROM ${ownCalls(clientId, userId)} LIMIT ${FEW_CALLS + 1})`
  const [found] = readRows(db, { owned: sql<number>`count(*)` }, some)
  return must(found, 'An aggregate has one row').owned <= FEW_CALLS
}

/** The values that a call had until it was handed over are its former owner's. */
function withoutFormerValues(entry: AuditEntry, restrict: AuditRestriction | null): AuditEntry {
  const handedOver = entry.tableName === 'calls' && entry.action === 'UPDATE' && entry.newValues?.['user_id'] !== undefined
  if (restrict === null || !handedOver) return entry
  return { ...entry, oldValues: { user_id: entry.oldValues?.['user_id'] ?? null } }
}

function filterOf({ recordId, tableName, userId, actions = [], from, to }: Omit<AuditRequest, 'after' | 'limit'>): SQL[] {
  return [
    ...(recordId === undefined ? [] : [sql`${auditLogs.recordId} = ${recordId}`]),
    ...(tableName === undefined ? [] : [sql`${auditLogs.tableName} = ${tableName}`]),
    ...(userId === undefined ? [] : [sql`${auditLogs.userId} = ${userId}`]),
    ...(actions.length === 0 ? [] : [isAmong(auditLogs.action, JSON.stringify(actions))]),
    ...(from === undefined ? [] : [sql`${auditLogs.createdAt} >= ${from}`]),
    ...(to === undefined ? [] : [sql`${auditLogs.createdAt} < ${to}`]),
  ]
}

/** Returns a page of this device's audit trail, newest first. */
export function listAudit(
  db: ReadableDb,
  clientId: ClientId,
  request: AuditRequest,
  restrict: AuditRestriction | null,
): AuditPage {
  const where: SQL[] = [sql`${auditLogs.clientId} = ${clientId}`, ...filterOf(request)]
  let index = bestIndex(request)
  const own = restrict?.ownRecordsOf ?? null
  if (own !== null) {
    if (index !== 'audit_logs_by_record' && ownsFewCalls(db, clientId, own)) {
      index = 'audit_logs_by_record'
      where.push(sql`${auditLogs.recordId} IN (${ownRecords(clientId, own)})`)
    }
    where.push(visibleTo(own))
  }
  if (index === 'audit_logs_rare') where.push(sql.raw(RARE_AUDIT))
  if (request.after !== null) {
    const [createdAt = null, after = null] = decodeCursor('audit', request.after, [['number'], ['number']])
    where.push(sql`(${auditLogs.createdAt}, ${rowid}) < (${createdAt}, ${after})`)
  }
  const found = readRows(
    db,
    { rowid, ...entryColumns },
    sql`FROM ${auditLogs} INDEXED BY ${sql.identifier(index)} WHERE ${all(where)}
      ORDER BY ${auditLogs.createdAt} DESC, ${rowid} DESC LIMIT ${request.limit + 1}`,
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
  const { deviceSeq, opId } = syncOutbox
  const where = [
    isPending,
    sql`${deviceSeq} < ${request.before ?? Number.MAX_SAFE_INTEGER}`,
    sql`${auditLogs.clientId} = ${clientId}`,
    ...filterOf(request),
    ...(restrict === null ? [] : [visibleTo(restrict.ownRecordsOf)]),
  ]
  const found = readRows(
    db,
    { deviceSeq, ...entryColumns },
    sql`FROM ${syncOutbox} INDEXED BY sync_outbox_pending
      CROSS JOIN ${auditLogs} INDEXED BY audit_logs_id ON ${auditLogs.id} = ${opId}
      WHERE ${all(where)} ORDER BY ${deviceSeq} DESC LIMIT ${request.limit + 1}`,
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

type OfRecord = { readonly clientId: ClientId; readonly tableName: string; readonly recordId: string }

const isOfRecord = ({ clientId, tableName, recordId }: Named<OfRecord>) =>
  and(eq(auditLogs.recordId, recordId), eq(auditLogs.clientId, clientId), eq(auditLogs.tableName, tableName))

const newestFirst = (isLine: SQL | undefined) =>
  sql`FROM ${auditLogs} INDEXED BY audit_logs_by_record WHERE ${isLine} ORDER BY ${rowid} DESC`

const linesOfRecord = manyRows(entryColumns, (record: Named<OfRecord>) => newestFirst(isOfRecord(record)))

const visibleLinesOfRecord = manyRows(entryColumns, (record: Named<OfRecord & { readonly own: Id }>) =>
  newestFirst(and(isOfRecord(record), visibleTo(record.own))),
)

/** Returns this device's lines of one record, newest first, also after the record was deleted. */
export function listAuditOfRecord(
  db: ReadableDb,
  clientId: ClientId,
  tableName: string,
  recordId: string,
  restrict: AuditRestriction | null = null,
): AuditEntry[] {
  const record = { clientId, tableName, recordId }
  const found =
    restrict === null ? linesOfRecord(db, record) : visibleLinesOfRecord(db, { ...record, own: restrict.ownRecordsOf })
  return found.map((entry) => withoutFormerValues(toEntry(entry), restrict))
}

const newestOfRecord = (orm: Orm, record: Named<OfRecord>, actions: (typeof DATA_ACTIONS)[number][]) =>
  selectBy(orm, { action: auditLogs.action, oldValues: auditLogs.oldValues }, auditLogs, 'audit_logs_by_record')
    .where(and(isOfRecord(record), inArray(auditLogs.action, actions)))
    .orderBy(desc(rowid))
    .limit(1)

const newestChangeOfRecord = query((orm, record: Named<OfRecord>) => newestOfRecord(orm, record, [...DATA_ACTIONS]))
const newestDeletion = query((orm, record: Named<OfRecord>) => newestOfRecord(orm, record, ['DELETE']))

type DeletedRow = Record<string, string | number>

/**
 * Returns the columns of a deleted row from the audit trail. Returns undefined if the trail has a line after the deletion: the record was
 * then restored, and a later deletion has no line here, so the values may be old.
 */
export function newestDeletedRow(
  db: ReadableDb,
  clientId: ClientId,
  tableName: string,
  recordId: string,
): DeletedRow | undefined {
  const newest = newestChangeOfRecord.get(db, { clientId, tableName, recordId })
  const values = newest?.action === 'DELETE' ? newest.oldValues : null
  return values === null ? undefined : (JSON.parse(values) as DeletedRow)
}

/** Returns the columns of a deleted row from the audit trail; undefined if the record was never deleted. */
export function deletedRow(db: ReadableDb, clientId: ClientId, tableName: string, recordId: string): DeletedRow | undefined {
  const found = newestDeletion.get(db, { clientId, tableName, recordId })
  return found === undefined ? undefined : (JSON.parse(found.oldValues ?? '{}') as DeletedRow)
}
