import { AppError, isAppError } from '../../../core/errors.ts'
import { sentence } from '../../../core/messages/sentence.ts'
import type { CallId } from '../../../core/id.ts'
import type { Call } from '../../../core/model/call.ts'
import type { Signed } from '../../session/sessions.ts'
import { forbidden, notFound } from '../../declaration/operation.ts'

/**
 * Restores a deleted call. If this device holds no values of it (it joined after the deletion, or another device deleted the call), the
 * server sends the row, which needs a connection.
 * @throws AppError NOT_FOUND, FORBIDDEN; CONFLICT if the call is not deleted; UNREACHABLE before anything is changed, or after
 * the request is in the outbox; REFUSED_BY_SERVER.
 */
export async function restoreCall(
  sync: { readonly settle: (signed: Signed) => Promise<void> } | undefined,
  signed: Signed,
  id: CallId,
): Promise<Call> {
  const { workspace, userId } = signed
  const known = await workspace.run('calls.restoreLocal', userId, { id })
  if (known !== null) return known
  if (sync === undefined) throw needsConnection()
  try {
    await sync.settle(signed)
  } catch (error) {
    throw isAppError(error, 'UNREACHABLE') ? needsConnection(error) : error
  }
  await workspace.run('calls.requestRestore', userId, { id })
  await sync.settle(signed)
  const rejections = await workspace.run('sync.rejections', userId, null)
  const refused = rejections.find(({ action, rowId }) => action === 'RESTORE' && rowId === id)
  if (refused !== undefined) {
    // The person sees the refusal here, so it is not added to the list of refusals.
    await workspace.run('sync.discard', userId, { opId: refused.opId, alone: true })
    if (refused.code === 'NOT_FOUND') throw notFound('deleted-call')
    if (refused.code === 'FORBIDDEN') throw forbidden('calls.restore')
    throw new AppError('REFUSED_BY_SERVER', sentence('server.refused-restore'), {
      reason: refused.code,
    })
  }
  return workspace.run('calls.get', userId, { id })
}

function needsConnection(cause?: unknown): AppError<'UNREACHABLE'> {
  return new AppError('UNREACHABLE', sentence('server.no-deleted-call'), undefined, cause)
}
