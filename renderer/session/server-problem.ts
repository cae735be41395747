import { t } from '@lingui/core/macro'
import type { SyncStatus } from '../../core/contract/sync.ts'
import { needsSignIn as codeNeedsSignIn } from '../../core/sync/problems.ts'

/** Returns whether the person must sign in to the server again. */
export function needsSignIn({ problem }: Pick<SyncStatus, 'problem'>): boolean {
  return codeNeedsSignIn(problem)
}

/** Returns why a change that the server decides is blocked; null if it is possible. */
export function decisionBarrier({
  serverUrl,
  isReached,
  problem,
}: Pick<SyncStatus, 'serverUrl' | 'isReached' | 'problem'>): string | null {
  if (serverUrl === null) return null
  if (needsSignIn({ problem }))
    return t`This can be changed only while connected to the server. Sign in to the server again in the settings.`
  return isReached ? null : t`This can be changed only while connected to the server. The server is not reached at the moment.`
}
