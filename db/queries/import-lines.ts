import { and, between, desc, eq, getTableName, gt, gte, inArray, lte, min, sql, type Placeholder, type SQL } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import type { CallId, ClientId, Id, UserId } from '../../core/id.ts'
import { DATA_ACTIONS, type AuditAction } from '../../core/model/audit.ts'
import type { ReadableDb } from '../open.ts'
import { selectBy } from '../../platform/sqlite/prepared.ts'
import { manyRows, query, type Named } from '../prepared.ts'
import { localImportLines } from '../local-schema.ts'
import { auditLogs, calls, lossReasons, users } from '../schema.ts'
import { syncOutbox, syncRows } from '../sync-schema.ts'

/*
 * What imports wrote, by the lines of the audit trail. Each transaction of an import has one range of lines in `local_import_lines`. Only
 * the device that ran an import has these lines, because applying a row from the server writes none.
 */

const other = alias(localImportLines, 'other')

/** The newest range that begins at or before a line. The line is in it if the range also ends at or after the line. */
const newestRange = sql`${localImportLines.firstLine} = (
    SELECT max(${other.firstLine}) FROM ${localImportLines} AS ${other} WHERE ${other.firstLine} <= ${auditLogs.rowid})
  AND ${localImportLines.lastLine} >= ${auditLogs.rowid}`

/** Whether the undo of an import wrote a line. */
export const isOfUndo = sql<
  0 | 1
>`EXISTS (SELECT 1 FROM ${localImportLines} WHERE ${localImportLines.isUndo} = 1 AND ${newestRange})`

/** The ids of one JSON parameter as rows. */
const wanted = (ids: Placeholder) => sql`json_each(${ids}) AS wanted`

/** The lines of the wanted records. */
export const linesOf = (ids: Placeholder): SQL =>
  sql`${wanted(ids)} CROSS JOIN ${auditLogs} INDEXED BY audit_logs_by_record ON ${auditLogs.recordId} = wanted.value`

const IMPORT_INDEX = 'local_import_lines_by_import'
const rangesByImport = sql`${localImportLines} INDEXED BY ${sql.identifier(IMPORT_INDEX)}`
const isInRange = between(auditLogs.rowid, localImportLines.firstLine, localImportLines.lastLine)
const ofImport = (importId: Placeholder) => and(eq(localImportLines.importId, importId), eq(localImportLines.isUndo, false))

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

const storedLines = manyRows(
  {
    rowid: auditLogs.rowid,
    id: auditLogs.id,
    callId: auditLogs.recordId,
    action: auditLogs.action,
    oldValues: auditLogs.oldValues,
    newValues: auditLogs.newValues,
    importId: sql<Id | null>`${localImportLines.importId}`,
    isUndo: sql<0 | 1>`coalesce(${localImportLines.isUndo}, 0)`,
  },
  ({ ids, clientId }: Named<{ ids: string; clientId: ClientId }>) => {
    const isLine = and(
      eq(auditLogs.clientId, clientId),
      eq(auditLogs.tableName, 'calls'),
      inArray(auditLogs.action, [...DATA_ACTIONS, 'SYNC_REJECTED']),
    )
    return sql`FROM ${linesOf(ids)} LEFT JOIN ${localImportLines} ON ${newestRange} WHERE ${isLine} ORDER BY ${auditLogs.rowid}`
  },
)

const isChange = (action: AuditAction): action is CallLine['action'] => (DATA_ACTIONS as readonly string[]).includes(action)

/** Returns the changes of each call, oldest first, without those that the server refused. */
export function callLines(db: ReadableDb, clientId: ClientId, ids: readonly CallId[]): Map<CallId, CallLine[]> {
  const found = storedLines(db, { ids: JSON.stringify(ids), clientId })
  const values = (json: string | null) => JSON.parse(json ?? '{}') as Values
  const refused = new Set(found.flatMap(({ action, newValues }) => (isChange(action) ? [] : [values(newValues)['op_id']])))
  const lines = new Map<CallId, CallLine[]>()
  for (const { rowid, id, callId, action, oldValues, newValues, importId, isUndo } of found) {
    if (!isChange(action) || refused.has(id)) continue
    const line = { rowid, id, action, importId, isUndo: isUndo === 1, old: values(oldValues), new: values(newValues) }
    lines.set(callId, [...(lines.get(callId) ?? []), line])
  }
  return lines
}

const changedCalls = manyRows(
  { id: auditLogs.recordId, rowid: auditLogs.rowid },
  ({ importId, after, limit }: Named<{ importId: Id; after: number; limit: number }>) => {
    const isChanged = and(
      gt(auditLogs.rowid, after),
      eq(auditLogs.tableName, 'calls'),
      inArray(auditLogs.action, ['INSERT', 'UPDATE']),
    )
    return sql`FROM ${rangesByImport} CROSS JOIN ${auditLogs} ON ${isInRange} WHERE ${and(ofImport(importId), isChanged)}
      ORDER BY ${localImportLines.firstLine}, ${auditLogs.rowid} LIMIT ${limit}`
  },
)

/** Returns calls that an import changed, with the number of their first line after `after`, in the order of these lines. */
export function importedCalls(
  db: ReadableDb,
  importId: Id,
  after: number,
  limit: number,
): { readonly id: Id; readonly rowid: number }[] {
  return changedCalls(db, { importId, after, limit })
}

const authorOf = query((orm, { importId, clientId }: Named<{ importId: Id; clientId: ClientId }>) =>
  selectBy(
    orm,
    {
      // A person ran the import, so its lines have one.
      userId: sql<UserId>`${auditLogs.userId}`,
      lines: sql<number>`(SELECT sum(${other.lastLine} - ${other.firstLine} + 1) FROM ${localImportLines} AS ${other}
      WHERE ${other.importId} = ${localImportLines.importId} AND ${other.isUndo} = 0)`,
    },
    localImportLines,
    IMPORT_INDEX,
  )
    .crossJoin(auditLogs)
    .where(and(ofImport(importId), isInRange, eq(localImportLines.clientId, clientId)))
    .limit(1),
)

/** Returns who ran an import, and how many lines it wrote; undefined if this device did not run it. */
export function importAuthor(
  db: ReadableDb,
  clientId: ClientId,
  importId: Id,
): { readonly userId: UserId; readonly lines: number } | undefined {
  return authorOf.get(db, { clientId, importId })
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

const runsOfClient = query((orm, { clientId, limit }: Named<{ clientId: ClientId; limit: number }>) => {
  const runs = orm
    .select({ importId: localImportLines.importId, firstLine: min(localImportLines.firstLine).as('first_line') })
    .from(localImportLines)
    .where(and(eq(localImportLines.clientId, clientId), eq(localImportLines.isUndo, false)))
    .groupBy(localImportLines.importId)
    .orderBy(desc(sql`first_line`))
    .limit(limit)
    .as('runs')
  const next = alias(auditLogs, 'next')
  const existing = orm
    .select({ rowid: min(next.rowid) })
    .from(next)
    .where(gte(next.rowid, runs.firstLine))
  return orm
    .select({ importId: runs.importId, at: auditLogs.createdAt, userId: sql<UserId>`${auditLogs.userId}` })
    .from(runs)
    .innerJoin(auditLogs, eq(auditLogs.rowid, existing))
    .orderBy(desc(runs.firstLine))
})

const eventsOfRun = query((orm, { importId, clientId }: Named<{ importId: Id; clientId: ClientId }>) =>
  selectBy(orm, { newValues: auditLogs.newValues, at: auditLogs.createdAt }, auditLogs, 'audit_logs_by_record')
    .where(and(eq(auditLogs.recordId, importId), eq(auditLogs.clientId, clientId), eq(auditLogs.action, 'IMPORT')))
    .orderBy(auditLogs.rowid),
)

/** Returns the imports that this device ran, newest first. */
export function listImportRuns(db: ReadableDb, clientId: ClientId, limit: number): ImportRun[] {
  return runsOfClient.all(db, { clientId, limit }).map((found) => {
    const events = eventsOfRun
      .all(db, { importId: found.importId, clientId })
      .map(({ newValues, at }): Values & { readonly at: number } => ({ ...(JSON.parse(newValues ?? '{}') as Values), at }))
    return {
      ...found,
      summary: events.find((event) => event['undone'] === undefined) ?? null,
      undo: events.findLast((event) => event['undone'] !== undefined) ?? null,
    }
  })
}

/** The tables of the rows that an import adds, and the column of the calls that refers to them. */
const ADDED = { users: { table: users, column: calls.userId }, loss_reasons: { table: lossReasons, column: calls.lossReasonId } }
export type AddedTable = keyof typeof ADDED

const later = alias(auditLogs, 'later')
const hasNoLaterLine = sql`NOT EXISTS (
  SELECT 1 FROM ${auditLogs} AS ${later} INDEXED BY audit_logs_by_record
  WHERE ${later.recordId} = ${auditLogs.recordId} AND ${later.rowid} > ${auditLogs.rowid})`

/** Defines something for each of these tables. */
export function eachTable<T>(define: (added: (typeof ADDED)[AddedTable]) => T): Readonly<Record<AddedTable, T>> {
  return { users: define(ADDED.users), loss_reasons: define(ADDED.loss_reasons) }
}

const idleRows = eachTable(({ table, column }) =>
  query((orm, { importId }: Named<{ importId: Id }>) =>
    selectBy(orm, { id: auditLogs.recordId }, localImportLines, IMPORT_INDEX)
      .crossJoin(auditLogs)
      .innerJoin(table, and(eq(table.id, auditLogs.recordId), eq(table.isActive, true)))
      .where(
        and(
          ofImport(importId),
          isInRange,
          eq(auditLogs.tableName, getTableName(table)),
          eq(auditLogs.action, 'INSERT'),
          sql`NOT EXISTS (SELECT 1 FROM ${calls} WHERE ${calls.clientId} = ${table.clientId} AND ${column} = ${table.id})`,
          hasNoLaterLine,
        ),
      ),
  ),
)

/** Returns people or loss reasons that an import added and that no call and no later change refers to. */
export function idleAdditions(db: ReadableDb, importId: Id, table: AddedTable): Id[] {
  return idleRows[table].all(db, { importId }).map(({ id }) => id)
}

const deactivatedRows = eachTable(({ table }) =>
  query((orm, { clientId }: Named<{ clientId: ClientId }>) =>
    orm
      .selectDistinct({ id: auditLogs.recordId })
      .from(localImportLines)
      .crossJoin(auditLogs)
      .innerJoin(table, and(eq(table.id, auditLogs.recordId), eq(table.isActive, false)))
      .where(
        and(
          isInRange,
          eq(localImportLines.clientId, clientId),
          eq(localImportLines.isUndo, true),
          eq(auditLogs.tableName, getTableName(table)),
          eq(auditLogs.action, 'UPDATE'),
          hasNoLaterLine,
        ),
      ),
  ),
)

/** Returns people or loss reasons that are inactive because of an undo and that nothing has changed since. */
export function deactivatedByUndo(db: ReadableDb, clientId: ClientId, table: AddedTable): Id[] {
  return deactivatedRows[table].all(db, { clientId }).map(({ id }) => id)
}

/** The result of an import's operation on the server. */
export type Answer = { readonly state: string; readonly action: string; readonly serverSeq: number | null }

type Between = { importId: Id; firstLine: number; lastLine: number }

const answersBetween = manyRows(
  { id: syncOutbox.opId, state: syncOutbox.state, action: syncOutbox.action, serverSeq: syncOutbox.serverSeq },
  ({ importId, firstLine, lastLine }: Named<Between>) => {
    const isBetween = and(lte(localImportLines.firstLine, lastLine), gte(localImportLines.lastLine, firstLine))
    const isOfRange = between(syncOutbox.deviceSeq, localImportLines.firstOp, localImportLines.lastOp)
    return sql`FROM ${rangesByImport} CROSS JOIN ${syncOutbox} ON ${isOfRange} WHERE ${and(ofImport(importId), isBetween)}`
  },
)

/** Returns the answers to an import's operations between two lines of the audit trail, by the id of the operation's line. */
export function importAnswers(db: ReadableDb, importId: Id, firstLine: number, lastLine: number): Map<Id, Answer> {
  const found = answersBetween(db, { importId, firstLine, lastLine })
  return new Map(found.map(({ id, ...answer }) => [id, answer]))
}

/** The server's version of a call, and whether it was edited there after it was made. */
export type ServerVersion = { readonly version: number; readonly isEdited: boolean }

const versionsOf = manyRows(
  {
    id: syncRows.rowId,
    version: syncRows.version,
    isEdited: sql<0 | 1>`(${syncRows.fields} IS NOT NULL OR ${syncRows.version} <> ${syncRows.base})`,
  },
  ({ ids, clientId }: Named<{ ids: string; clientId: ClientId }>) =>
    sql`FROM ${wanted(ids)} CROSS JOIN ${syncRows} ON ${syncRows.clientId} = ${clientId} AND ${syncRows.tableName} = 'calls'
      AND ${syncRows.rowId} = wanted.value`,
)

/** Returns the server's versions of calls, without those that the server does not have yet. */
export function serverVersions(db: ReadableDb, clientId: ClientId, ids: readonly CallId[]): Map<CallId, ServerVersion> {
  const found = versionsOf(db, { ids: JSON.stringify(ids), clientId })
  return new Map(found.map(({ id, version, isEdited }) => [id, { version, isEdited: isEdited === 1 }]))
}
