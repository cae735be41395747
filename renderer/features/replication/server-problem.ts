import type { ReplicationStatus } from '../../../core/contract/replication.ts'

const SIGN_IN_PROBLEMS: Readonly<Record<string, string>> = {
  UNAUTHENTICATED: 'The server does not know this device any more.',
  USER_DEACTIVATED: 'The server says that this account was deactivated. Once an admin has activated it, sign in again.',
}

/** Whether replication stands still until the person has signed in to the server again. */
export function needsSignIn({ problem }: Pick<ReplicationStatus, 'problem'>): boolean {
  return problem !== null && problem in SIGN_IN_PROBLEMS
}

export function signInProblem(problem: string | null): string {
  return SIGN_IN_PROBLEMS[problem ?? ''] ?? ''
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
