import type { UserId } from '../../../core/id.ts'
import type { AuditEntry } from '../../../core/model/audit.ts'
import { SyncError } from '../../../core/sync/errors.ts'
import type { AuditQuery } from '../../../core/sync/protocol.ts'
import type { Log } from '../../../platform/log/log.ts'
import type { Signed } from '../../session/sessions.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { transportTo, type Network } from '../transport/network.ts'
import { UnreachableError, type ServerTransport } from '../transport/server-transport.ts'

/** After this time the local trail is shown instead of the server's, ms. */
const TRAIL_PATIENCE_MS = 8_000

export type ServerTrailPage = { readonly rows: AuditEntry[]; readonly next: string | null }

/** The most empty answers for one page. If matching lines are rare, the server answers with a cursor and no lines. */
const MOST_EMPTY = 20

/**
 * Returns a page of the server's audit trail, as this person may see it. Returns null if the server does not answer, or if this device's token
 * belongs to another person.
 */
export async function readTrail(
  { network, log }: { readonly network: Network; readonly log: Log },
  { workspace, userId }: Signed,
  query: AuditQuery,
): Promise<ServerTrailPage | null> {
  const device = await workspace.run('engine.deviceState', userId, null)
  const token = await network.secrets.get(workspace.clientId)
  if (device.serverUrl === null || device.userId !== userId || token === undefined) return null
  const server = transportTo(network, device.serverUrl, { patienceMs: TRAIL_PATIENCE_MS })
  try {
    return await fetchTrail(server, token, workspace, userId, query)
  } catch (error) {
    if (!(error instanceof UnreachableError))
      log({ level: 'warn', event: 'trail.failed', code: error instanceof SyncError ? String(error.code) : 'unreadable' })
    return null
  }
}

/**
 * Fetches a page of the audit trail. The page has at least one line unless the server answers many times without one.
 * @throws as `ServerTransport`; AppError REFUSED_BY_SERVER if the answer does not follow the protocol.
 */
async function fetchTrail(
  server: ServerTransport,
  token: string,
  workspace: Workspace,
  userId: UserId,
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
