import type { Id } from '../../../core/id.ts'
import { auditEntrySchema, type AuditEntry } from '../../../core/model/audit.ts'
import { columnarRows } from '../../../core/sync/columnar.ts'
import type { AuditQuery } from '../../../core/sync/protocol.ts'
import type { Scalar } from '../../../core/sync/tables.ts'
import type { ServerConnection } from '../transport/server-connection.ts'

/** After this time the local trail is shown instead of the server's. */
export const TRAIL_PATIENCE_MS = 8_000

export type ServerTrailPage = { readonly rows: AuditEntry[]; readonly next: string | null }

/** The number of empty answers that one page accepts. If matching lines are rare, the server answers with the place to go on from. */
const MOST_EMPTY = 20

/**
 * Fetches a page of the audit trail. It has at least one line unless there is none for a long way.
 * @throws as `ServerConnection`.
 */
export async function readServerTrail(
  server: ServerConnection,
  token: string,
  clientId: Id,
  query: AuditQuery,
): Promise<ServerTrailPage> {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value))
  for (let empty = 0; ; empty++) {
    const { rows, next } = await server.audit(token, parameters)
    const entries = Array.from(columnarRows(rows), (row) => entryOf(clientId, row))
    if (entries.length > 0 || next === null || empty === MOST_EMPTY) return { rows: entries, next }
    parameters.set('cursor', next)
  }
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
