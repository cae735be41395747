import { AppError, explainedError } from '../../../core/errors.ts'
import { sentence } from '../../../core/messages/sentence.ts'
import type { DeviceId, Id, UserId } from '../../../core/id.ts'
import { isSyncError } from '../../../core/sync/errors.ts'
import type { EnrolResponse } from '../../../core/sync/protocol.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { transportTo, deviceOf, fromSyncFailure, type Network } from '../transport/network.ts'

export type Credentials = { readonly email: string; readonly password: string }
export type Renewed = { readonly token: string; readonly deviceId: DeviceId }

export function notThisPerson(): AppError<'CONFLICT'> {
  return new AppError('CONFLICT', sentence('server.other-person'), { field: 'email' })
}

export function notConnected(): AppError<'CONFLICT'> {
  return new AppError('CONFLICT', sentence('server.not-connected'), { field: 'serverUrl' })
}

export function otherServer(): AppError<'REFUSED_BY_SERVER'> {
  return new AppError('REFUSED_BY_SERVER', sentence('server.replaced'), {
    reason: 'EPOCH',
  })
}

/**
 * Gets a new token for a device whose token the server refuses. The device keeps its id, so that its operations keep their numbers. If
 * another device uses the id (the home was copied, or restored from an older copy), the device gets a new id (S6). This needs a password,
 * because a token alone must not enrol devices that outlive its revocation.
 * @param userId the person who signs in; it must be the person whose operations this device sends.
 * @throws AppError WRONG_CREDENTIALS, ACCOUNT_DEACTIVATED, CONFLICT, UNREACHABLE, REFUSED_BY_SERVER
 */
export async function enrolAgain(
  { network, newId }: { readonly network: Network; readonly newId: () => Id },
  workspace: Workspace,
  userId: UserId,
  credentials: Credentials,
): Promise<Renewed> {
  const device = await workspace.run('engine.deviceState', userId, null)
  const { serverUrl, epoch } = device
  if (serverUrl === null) throw notConnected()
  if (device.userId !== userId) throw notThisPerson()
  const server = transportTo(network, serverUrl)
  const enrol = async (deviceId: DeviceId): Promise<EnrolResponse> =>
    server.enrol({
      ...credentials,
      clientId: workspace.clientId,
      device: deviceOf(network, deviceId),
    })
  const isCopy = device.pushProblem === 'OPERATION_ALTERED' || device.pushProblem === 'DEVICE_TAKEN'
  let deviceId = isCopy ? newId() : device.deviceId
  try {
    const answer = await enrol(deviceId).catch(async (error: unknown) => {
      if (!isSyncError(error, 'DEVICE_TAKEN')) throw error
      // On the server the id belongs to another person: the credentials are a colleague's, or the file is that person's.
      const own = await workspace.run('signIn.find', userId, { email: credentials.email })
      if (own?.userId !== userId) throw notThisPerson()
      deviceId = newId()
      return enrol(deviceId)
    })
    if (answer.user.id !== userId) throw notThisPerson()
    if (epoch !== null && answer.epoch !== epoch) throw otherServer()
    return { token: answer.token, deviceId }
  } catch (error) {
    if (isSyncError(error, 'USER_DEACTIVATED')) throw deactivated()
    throw fromSyncFailure(error)
  }
}

/** @param unreachable the error if the server was not reached to check the account. */
export function deactivated(unreachable?: AppError): AppError<'ACCOUNT_DEACTIVATED'> {
  const kept = [...(unreachable === undefined ? [] : [sentence('account.unchecked')]), sentence('account.kept')]
  return explainedError('ACCOUNT_DEACTIVATED', sentence('account.deactivated'), kept, {}, unreachable)
}
