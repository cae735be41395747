import type { UserId } from '../../core/id.ts'
import type { WritableDb } from '../../db/open.ts'
import type { TestWorkspace } from '../../db/testing/test-workspace.ts'
import type { InternalContext } from '../declaration/operation.ts'

/** Returns the context in which an operation of the person runs, without threads. @param now ms since the epoch */
export function operationContext(
  { db, clientId, newId, ...workspace }: TestWorkspace,
  userId: UserId,
  now = workspace.now,
): InternalContext<WritableDb> {
  return { db, actor: { clientId, userId }, now, newId, thread: { incomingPage: undefined } }
}
