import type { Id } from '../../../core/id.ts'
import type { AuditEntry } from '../../../core/model/audit.ts'
import type { AuditQuery } from '../../../core/sync/protocol.ts'
import type { Workspace } from '../../workspace.ts'
import type { ServerConnection } from '../transport/server-connection.ts'

/** After this time the local trail is shown instead of the server's, ms. */
export const TRAIL_PATIENCE_MS = 8_000

export type ServerTrailPage = { readonly rows: AuditEntry[]; readonly next: string | null }

/** The most empty answers for one page. If matching lines are rare, the server answers with a cursor and no lines. */
const MOST_EMPTY = 20

/**
 * Fetches a page of the audit trail. It has at least one line unless there is none for a long way.
 * @throws as `ServerConnection`; AppError REFUSED_BY_SERVER if the answer does not follow the protocol.
 */
export async function readServerTrail(
  server: ServerConnection,
  token: string,
  workspace: Workspace,
  userId: Id,
  query: AuditQuery,
): Promise<ServerTrailPage> {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value))
  for (let empty = 0; ; empty++) {
    const body = await server.audit(token, parameters)
    const page = await workspace.run('engine.readAudit', userId, { body })
    if (page.rows.length > 0 || page.next === null || empty === MOST_EMPTY) return page
    parameters.set('cursor', page.next)
  }
}
