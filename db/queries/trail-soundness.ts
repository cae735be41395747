import { and, eq, inArray, notExists, notInArray, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { must } from '../../core/assert.ts'
import { DATA_ACTIONS } from '../../core/model/audit.ts'
import type { ReadableDb } from '../open.ts'
import { query } from '../prepared.ts'
import { auditLogs, calls } from '../schema.ts'
import { syncDevice, syncRows } from '../sync-schema.ts'

const unaudited = query((orm) => {
  const insertion = orm
    .select({ rowid: auditLogs.rowid })
    .from(auditLogs)
    .where(and(eq(auditLogs.recordId, calls.id), eq(auditLogs.action, 'INSERT')))
  const synced = orm
    .select({ rowId: syncRows.rowId })
    .from(syncRows)
    .where(and(eq(syncRows.clientId, calls.clientId), eq(syncRows.tableName, 'calls'), eq(syncRows.rowId, calls.id)))
  return orm
    .select({ calls: sql<number>`count(*)` })
    .from(calls)
    .where(and(notExists(insertion), notExists(synced)))
})

/** Counts the calls that this device seems to have created but whose creation has no line in the audit trail. */
export function countUnauditedCalls(db: ReadableDb): number {
  return must(unaudited.get(db), 'An aggregate has one row').calls
}

// Not by `getDeviceState`: a file of an earlier version lacks some of its columns.
const serverUrl = query((orm) => orm.select({ url: syncDevice.serverUrl }).from(syncDevice))

/** Whether the file is connected to a server, which then has the lines of other devices. */
export function isConnected(db: ReadableDb): boolean {
  return (serverUrl.get(db)?.url ?? null) !== null
}

const deletion = alias(auditLogs, 'deletion')

const unpaired = query((orm) => {
  const deletions = orm
    .select({ rowid: deletion.rowid })
    .from(deletion)
    .where(and(eq(deletion.recordId, auditLogs.recordId), eq(deletion.action, 'DELETE')))
  return orm
    .select({ lines: sql<number>`count(*)` })
    .from(auditLogs)
    .where(
      and(
        inArray(auditLogs.action, [...DATA_ACTIONS]),
        eq(auditLogs.tableName, 'calls'),
        notInArray(auditLogs.recordId, orm.select({ id: calls.id }).from(calls)),
        notExists(deletions),
      ),
    )
})

/** Counts the lines of calls that are missing although no line deletes them. */
export function countUnpairedLines(db: ReadableDb): number {
  return must(unpaired.get(db), 'An aggregate has one row').lines
}
