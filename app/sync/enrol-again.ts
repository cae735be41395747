import { AppError } from '../../core/errors.ts'
import type { Id } from '../../core/id.ts'
import { isSyncError } from '../../core/sync/errors.ts'
import type { Workspace } from '../workspace.ts'
import { connectTo, toAppError, type Network } from './network.ts'

export type Credentials = { readonly email: string; readonly password: string }

function notThisPerson(): AppError<'CONFLICT'> {
  return new AppError(
    'CONFLICT',
    'This device replicates for somebody else. Nothing was changed; that person has to sign in to the server.',
    { field: 'email' },
  )
}

/**
 * Enrols a device again that the server knew, under the id that it has: its operations keep their numbers, so that none is taken twice.
 * @param userId who asks; it must be the person whose operations this device sends.
 * @returns the new token
 * @throws AppError WRONG_CREDENTIALS, CONFLICT, UNREACHABLE, REFUSED_BY_SERVER
 */
export async function enrolAgain(network: Network, workspace: Workspace, userId: Id, credentials: Credentials): Promise<string> {
  const { serverUrl, userId: own, deviceId, epoch } = await workspace.run('engine.connection', userId, null)
  if (serverUrl === null)
    throw new AppError('CONFLICT', 'This workspace is connected to no server. Nothing was changed.', { field: 'email' })
  if (own !== userId) throw notThisPerson()
  try {
    const answer = await connectTo(network, serverUrl).enrol({
      ...credentials,
      clientId: workspace.clientId,
      device: { id: deviceId, name: network.deviceName.slice(0, 100) },
    })
    if (answer.user.id !== userId) throw notThisPerson()
    if (epoch !== null && answer.epoch !== epoch)
      throw new AppError('REFUSED_BY_SERVER', 'The server was restored or replaced. Nothing was changed; ask an admin.', {
        reason: 'EPOCH',
      })
    return answer.token
  } catch (error) {
    // The device is another person's to the server: the credentials were a colleague's.
    if (isSyncError(error, 'DEVICE_TAKEN')) throw notThisPerson()
    throw toAppError(error)
  }
}
