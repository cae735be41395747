import type { SyncStatus } from '../../core/contract/sync.ts'
import type { UserId } from '../../core/id.ts'
import { may, type Role } from '../../core/roles.ts'
import { isOfflineProblem, mostSevere } from '../../core/sync/problems.ts'
import type { ReadableDb } from '../../db/open.ts'
import { countWaitingChanges } from '../../db/queries/status.ts'
import { snapshot } from '../../db/statements.ts'
import { countOpenConflicts } from '../../db/sync/conflicts.ts'
import { getDeviceState } from '../../db/sync/device-state.ts'
import { countRejections } from '../../db/sync/rejections.ts'
import type { Actor, MemberContext } from '../declaration/operation.ts'

/** For this time after a contact the server counts as reached, ms. Another process on the device may have had the contact. */
const CONTACT_FRESH_MS = 90_000

/** Returns the status that the file shows, read in one transaction: the writer may empty the outbox between two reads. */
export function syncStatus(context: MemberContext<ReadableDb>): SyncStatus {
  return snapshot(context.db, () => readStatus(context))
}

/** Returns whether the actor may read calls of an owner; null: a row without an owner. */
export function readableOwner({
  role,
  actor,
}: {
  readonly role: Role
  readonly actor: Actor
}): (owner: UserId | null) => boolean {
  return (owner) => owner === null || may(role, 'calls.read', actor.userId, owner)
}

function readStatus(context: MemberContext<ReadableDb>): SyncStatus {
  const { db, actor, now } = context
  const { serverUrl, lastContactAt, ...connection } = getDeviceState(db)
  const problem = mostSevere([connection.problem, connection.pushProblem, connection.pullProblem])
  const pending = countWaitingChanges(db, serverUrl === null ? null : actor.userId)
  const rejections = countRejections(db, actor.userId)
  const conflicts = serverUrl === null ? 0 : countOpenConflicts(db, actor.clientId, readableOwner(context))
  // A contact in the future is stale (the clock was set back).
  const isFresh = lastContactAt !== null && Math.abs(now - lastContactAt) < CONTACT_FRESH_MS
  const needsPerson = (problem !== null && !isOfflineProblem(problem)) || rejections > 0 || conflicts > 0
  const status = { pending, rejections, conflicts, serverUrl, isReached: serverUrl !== null && isFresh, lastContactAt, problem }
  if (serverUrl === null) return { ...status, state: 'local' }
  if (needsPerson) return { ...status, state: 'attention' }
  if (!isFresh || problem !== null) return { ...status, state: 'offline' }
  return { ...status, state: pending > 0 ? 'pending' : 'up_to_date' }
}
