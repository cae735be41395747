import type { UserId } from '../../../core/id.ts'
import type { PageEnvelope } from '../../../core/sync/envelope.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import type { Answer } from '../transport/server-transport.ts'

/**
 * Writes a page in several transactions, so that the person's own writes run in between.
 * @returns whether removed rows have to be erased from the disk (S15).
 */
export async function writePage(
  workspace: Workspace,
  userId: UserId,
  page: Answer<PageEnvelope>,
  after: string | null,
): Promise<{ readonly isScrubPending: boolean }> {
  let part = await workspace.run('engine.page', userId, { ...page, after })
  while (!part.isLast) part = await workspace.run('engine.more', userId, null)
  return part
}
