import type { UserId } from '../../../core/id.ts'
import { MOST_PAST_IDS, type PastRequest } from '../../../core/sync/protocol.ts'
import type { ImportPast } from '../../import/import-chunk.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { transportTo, type Network } from '../transport/network.ts'

/** After this time an import continues without the answer, ms. */
const PATIENCE_MS = 10_000

/**
 * Fetches the history of an import's rows from the server.
 * @throws SyncError, UnreachableError, AppError REFUSED_BY_SERVER; Error if this device has no token. The import then uses this device's
 * own trail.
 */
export async function askPast(network: Network, workspace: Workspace, userId: UserId, request: PastRequest): Promise<ImportPast> {
  const { serverUrl } = await workspace.run('engine.deviceState', userId, null)
  const token = await network.secrets.get(workspace.clientId)
  if (serverUrl === null || token === undefined) throw new Error('This device is not connected to a server')
  const server = transportTo(network, serverUrl)
  const answers: Uint8Array[] = []
  let { names } = request
  for (let rest = request.ids; rest.length > 0 || names; names = false) {
    const ids = rest.slice(0, MOST_PAST_IDS)
    const { envelope, body } = await server.past(token, { ids, names }, AbortSignal.timeout(PATIENCE_MS))
    const { covered } = envelope
    if (covered > ids.length || (covered === 0 && ids.length > 0))
      throw new Error(`The server’s answer covers ${covered} of ${ids.length} ids`)
    answers.push(body)
    rest = rest.slice(covered)
  }
  await workspace.run('engine.checkPast', userId, { answers })
  return answers
}
