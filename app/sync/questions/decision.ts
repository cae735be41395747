import { AppError } from '../../../core/errors.ts'
import { sentence } from '../../../core/messages/sentence.ts'
import type { UserId } from '../../../core/id.ts'
import type { Signed } from '../../session/sessions.ts'

type Settling = { readonly settle: (signed: Signed) => Promise<void> }

/**
 * Prepares a change that the server decides once the workspace is connected (a role, a deactivation, another person's password). Checks
 * that the server answers, and returns the function to call after the change with the row that it is about: it sends the change and waits
 * for the verdict. Other refusals of that time, for example of an edit in another window, stay in the list.
 * @throws AppError UNREACHABLE before anything is changed; REFUSED_BY_SERVER, here or after. A refused change is rolled back and is in no
 * list, because the person sees the refusal at once.
 */
export async function beginDecision(sync: Settling, signed: Signed): Promise<(aboutId: UserId) => Promise<void>> {
  const { workspace, userId } = signed
  const { serverUrl } = await workspace.run('engine.deviceState', userId, null)
  if (serverUrl === null) return async () => {}
  await sync.settle(signed)
  const before = new Set((await workspace.run('sync.rejections', userId, null)).map(({ opId }) => opId))
  return async (aboutId) => {
    await sync.settle(signed)
    const rejections = await workspace.run('sync.rejections', userId, null)
    const refused = rejections.find(({ opId, table, rowId }) => table === 'users' && rowId === aboutId && !before.has(opId))
    if (refused === undefined) return
    await workspace.run('sync.discard', userId, { opId: refused.opId, alone: false })
    throw new AppError('REFUSED_BY_SERVER', sentence('server.refused-change'), { reason: refused.code })
  }
}
