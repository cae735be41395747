import { AppError } from '../../../core/errors.ts'
import { sentence } from '../../../core/messages/sentence.ts'
import type { UserId } from '../../../core/id.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { notConnected, notThisPerson, otherServer } from './enrol-again.ts'
import { transportTo, serverAddress, fromSyncFailure, type Network } from '../transport/network.ts'

/**
 * Checks that the server of this workspace answers at another address: it speaks the protocol, has the same epoch, and accepts this
 * device's token and its cursor. Nothing is stored or changed on either side.
 * @returns the address in the spelling to store.
 * @throws AppError INVALID, CONFLICT, UNREACHABLE, REFUSED_BY_SERVER
 */
export async function requireSameServer(network: Network, workspace: Workspace, userId: UserId, url: string): Promise<string> {
  const address = serverAddress(url)
  const { serverUrl, userId: own, epoch, cursor } = await workspace.run('engine.deviceState', userId, null)
  if (serverUrl === null) throw notConnected()
  if (own !== userId) throw notThisPerson()
  const token = await network.secrets.get(workspace.clientId)
  if (token === undefined)
    throw new AppError('CONFLICT', sentence('server.signed-out'), {
      field: 'serverUrl',
    })
  const server = transportTo(network, address)
  try {
    // The first request carries no token, because another server may answer at a mistyped address.
    await server.probe()
    const { envelope } = await server.page(token, cursor)
    if (envelope.epoch !== epoch) throw otherServer()
  } catch (error) {
    throw fromSyncFailure(error)
  }
  return address
}
