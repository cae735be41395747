import type { AuditEntry, TrailEntry } from '../../core/model/audit.ts'
import { shownTrailLine } from '../../core/sync/trail-audience.ts'
import type { ReadableDb } from '../../db/open.ts'
import type { AuditRestriction } from '../../db/queries/audit.ts'
import { waitingAmong } from '../../db/sync/outbox.ts'
import { getDeviceState } from '../../db/sync/device-state.ts'
import type { PermittedContext } from '../declaration/operation.ts'

/** Returns which records and which values of the local trail the actor may read. @param context of an operation with `audit.read` */
export function trailReader({ db, actor, role, reach }: PermittedContext<ReadableDb>): {
  readonly restrict: AuditRestriction | null
  readonly shown: (lines: readonly AuditEntry[]) => TrailEntry[]
} {
  const { userId } = actor
  const restrict = reach === 'own' ? { ownRecordsOf: userId } : null
  const isConnected = getDeviceState(db).serverUrl !== null
  return {
    restrict,
    shown: (lines) => {
      const visible = lines.flatMap((line) => shownTrailLine(line, { role, userId }) ?? [])
      const ids = visible.map(({ id }) => id)
      const waiting = isConnected ? waitingAmong(db, ids) : new Set<string>()
      return visible.map((line) => ({ ...line, isWaiting: waiting.has(line.id) }))
    },
  }
}
