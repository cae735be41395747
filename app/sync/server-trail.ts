import type { Id } from '../../core/id.ts'
import { auditEntrySchema, type AuditEntry } from '../../core/model/audit.ts'
import { columnarRows } from '../../core/sync/columnar.ts'
import type { AuditQuery } from '../../core/sync/protocol.ts'
import type { Scalar } from '../../core/sync/tables.ts'
import type { ServerConnection } from './server-connection.ts'

/** After this time the local trail is shown instead of the server's. */
export const TRAIL_PATIENCE_MS = 8_000

export type ServerTrailPage = { readonly rows: AuditEntry[]; readonly next: string | null }

/** Fetches a page of the audit trail. @throws as `ServerConnection`. */
export async function readServerTrail(
  server: ServerConnection,
  token: string,
  clientId: Id,
  query: AuditQuery,
): Promise<ServerTrailPage> {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value))
  const { rows, next } = await server.audit(token, parameters)
  return { rows: Array.from(columnarRows(rows), (row) => entryOf(clientId, row)), next }
}

function entryOf(clientId: Id, row: Readonly<Record<string, Scalar>>): AuditEntry {
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
