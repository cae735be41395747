import type { PastRequest } from '../../../core/sync/protocol.ts'
import { MOST_PAST_IDS } from '../../../core/sync/protocol.ts'
import type { ImportPast } from '../../import/import-chunk.ts'
import type { Workspace } from '../../workspace.ts'
import { connectTo, type Network } from '../transport/network.ts'

/** After this time an import continues without the answer, ms. */
const PATIENCE_MS = 10_000

/**
 * Asks the server for the history of an import's rows (`ImportPast`).
 * @throws SyncError, UnreachableError; Error if this device has no token. The import then uses this device's own trail.
 */
export async function askPast(network: Network, workspace: Workspace, userId: string, request: PastRequest): Promise<ImportPast> {
  const { serverUrl } = await workspace.run('engine.connection', userId, null)
  const token = await network.secrets.get(workspace.clientId)
  if (serverUrl === null || token === undefined) throw new Error('This device is not connected to a server')
  const server = connectTo(network, serverUrl)
  const past = { deleted: [] as string[], held: {}, names: [] as ImportPast['names'][number][] }
  let { names } = request
  for (let rest = request.ids; rest.length > 0 || names; names = false) {
    const ids = rest.slice(0, MOST_PAST_IDS)
    const answer = await server.past(token, { ids, names }, AbortSignal.timeout(PATIENCE_MS))
    past.deleted.push(...answer.deleted)
    Object.assign(past.held, answer.held)
    past.names.push(...answer.names)
    if (answer.covered === 0 && ids.length > 0) throw new Error('The server’s answer covers none of the ids')
    rest = rest.slice(answer.covered)
  }
  return past
}
