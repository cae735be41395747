import { eq, sql } from 'drizzle-orm'
import type { ClientId, UserId } from '../../../core/id.ts'
import type { Values } from '../../../core/sync/merge.ts'
import { personInRowId } from '../../../core/sync/row-person.ts'
import { insertOf, query, type Named, type OrmConnection } from '../../../platform/sqlite/prepared.ts'
import { statementsOf } from '../../../platform/sqlite/statements.ts'
import type { AuditRecord, NewAuditRecord } from '../store.ts'
import { auditLogs } from './schema.ts'

const insertLine = insertOf(auditLogs)

const lastLineOf = query((orm, { clientId }: Named<{ clientId: ClientId }>) =>
  orm
    .select({ line: sql<number>`coalesce(max(${auditLogs.line}), 0)` })
    .from(auditLogs)
    .where(eq(auditLogs.clientId, clientId)),
)

/** Returns the position of the client's last line; 0 if there is none. */
export function lastLine(db: OrmConnection, clientId: ClientId): number {
  return lastLineOf.get(db, { clientId })?.line ?? 0
}

/** Writes the lines at the end of the client's trail, in this order. */
export function appendLines(db: OrmConnection, clientId: ClientId, records: readonly NewAuditRecord[]): void {
  let line = records.length === 0 ? 0 : lastLine(db, clientId)
  for (const record of records)
    insertLine(db, {
      ...record,
      clientId,
      line: ++line,
      owner: record.owner === undefined ? ownerOf(db, clientId, record) : record.owner,
    })
}

function ownerOf(db: OrmConnection, clientId: ClientId, line: AuditRecord): UserId | null {
  const { table, recordId, action, oldValues, newValues } = line
  if (table === 'users') return recordId
  if (table === 'user_settings') return personInRowId(table, recordId)
  if (table !== 'calls') return null
  const values = action === 'DELETE' ? oldValues : action === 'INSERT' || action === 'UPDATE' ? newValues : null
  const owner = values === null ? undefined : (JSON.parse(values) as Values)['user_id']
  if (typeof owner === 'string') return owner
  return statementsOf(db.sqlite).one<{ owner: UserId | null }>(OWNER_BEFORE, { clientId, recordId })?.owner ?? null
}

/**
 * The owner for a call's line that has none: that of the previous line; for the first line, that of the row. Text, because Drizzle has no
 * INDEXED BY.
 */
const OWNER_BEFORE = `SELECT coalesce(
    (SELECT owner FROM audit_logs INDEXED BY audit_logs_of_record
     WHERE client_id = :clientId AND record_id = :recordId AND table_name = 'calls' AND owner IS NOT NULL ORDER BY line DESC LIMIT 1),
    (SELECT user_id FROM calls WHERE client_id = :clientId AND id = :recordId)) AS owner`
