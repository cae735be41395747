import { isAppError } from '../../../core/errors.ts'
import type { Signed } from '../../session/sessions.ts'
import { deactivated, type Credentials } from './enrol-again.ts'

type SigningIn = { readonly signInAgain: (signed: Signed, credentials: Credentials) => Promise<void> }

/**
 * Signs in a person whose account is deactivated on this device, if the server reports that the account is active again.
 * @throws AppError ACCOUNT_DEACTIVATED if it is not active, if the workspace has no server, or if the server does not answer.
 */
export async function reactivate(sync: SigningIn | undefined, signed: Signed, credentials: Credentials): Promise<void> {
  const { serverUrl, userId } = await signed.workspace.run('engine.deviceState', signed.userId, null)
  if (sync === undefined || serverUrl === null || userId !== signed.userId) throw deactivated()
  try {
    await sync.signInAgain(signed, credentials)
  } catch (error) {
    if (isAppError(error, 'UNREACHABLE')) throw deactivated(error)
    throw error
  }
}
