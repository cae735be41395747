import type { ClientId } from '../id.ts'
import { auditEntrySchema, type AuditEntry } from '../model/audit.ts'
import { columnarRows, type Columnar } from './columnar.ts'
import type { Scalar } from './tables.ts'

/** Returns the lines of a page of the server's audit trail. @throws ZodError, RangeError, SyntaxError */
export function auditEntries(clientId: ClientId, rows: Columnar): AuditEntry[] {
  return Array.from(columnarRows(rows), (row) => entryOf(clientId, row))
}

function entryOf(clientId: ClientId, row: Readonly<Record<string, Scalar>>): AuditEntry {
  const values = (name: string): unknown => (typeof row[name] === 'string' ? JSON.parse(row[name]) : null)
  return auditEntrySchema.parse({
    id: row['id'],
    clientId,
    userId: row['user_id'],
    tableName: row['table_name'],
    recordId: row['record_id'],
    action: row['action'],
    oldValues: values('old_values'),
    newValues: values('new_values'),
    ipAddress: row['ip_address'],
    userAgent: row['user_agent'],
    createdAt: row['created_at'],
  })
}
