import type { SyncStatus } from '../../../core/contract/sync.ts'
import { isOfflineProblem, mostSevere } from '../../../core/sync/problems.ts'
import type { EngineView } from './engine.ts'

/**
 * Returns the status of the file with the newer state of this process's engine. The last contact comes only from the file, so that every
 * process on this device shows the same.
 */
export function correctedStatus(stored: SyncStatus, { isBusy, isReached: reached, unsaved }: EngineView): SyncStatus {
  const isReached = reached ?? stored.isReached
  // With an empty outbox a problem of sending is over, even before the engine has cleared it.
  const current = [...unsaved].flatMap(([of, code]) => (of === 'push' && stored.pending === 0 ? [] : [code]))
  const problem = mostSevere([stored.problem, ...current])
  const status = { ...stored, isReached, problem }
  if (stored.state === 'attention' || (problem !== null && !isOfflineProblem(problem))) return { ...status, state: 'attention' }
  if (!isReached && !(isBusy && reached === null)) return { ...status, state: 'offline' }
  if (isBusy) return { ...status, state: 'syncing' }
  return { ...status, state: problem !== null ? 'offline' : stored.pending > 0 ? 'pending' : 'up_to_date' }
}
