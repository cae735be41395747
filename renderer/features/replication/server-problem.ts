import type { ReplicationStatus } from '../../../core/contract/replication.ts'
import { needsSignIn as codeNeedsSignIn, problemText } from '../../../core/sync/problems.ts'

/** Whether the person has to sign in to the server again. */
export function needsSignIn({ problem }: Pick<ReplicationStatus, 'problem'>): boolean {
  return codeNeedsSignIn(problem)
}

/** What happened, without what to do: for the corner of the window. */
export function problemTitle(problem: string): string {
  return problemText(problem)?.split(/[.,;] /)[0] ?? problem
}

/** Why what the server decides cannot be changed now; null where it can be. */
export function decisionBarrier({
  serverUrl,
  isReached,
  problem,
}: Pick<ReplicationStatus, 'serverUrl' | 'isReached' | 'problem'>): string | null {
  if (serverUrl === null) return null
  if (needsSignIn({ problem })) return 'The server decides this; sign in to it again first, in the settings.'
  return isReached ? null : 'The server decides this, and it is not reached at the moment.'
}
