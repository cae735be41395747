import type { AuditEntry, TrailEntry } from '../../core/model/audit.ts'
import { shownTrailLine } from '../../core/sync/trail-audience.ts'
import type { ReadableDb } from '../../db/open.ts'
import type { AuditRestriction } from '../../db/queries/audit.ts'
import { waitingAmong } from '../../db/sync/outbox.ts'
import { getDeviceState } from '../../db/sync/device-state.ts'
import { currentRole, requireReach, type OperationContext } from './operation.ts'

/** Returns which records and which values of the local trail the actor may read. @throws AppError FORBIDDEN */
export function trailReader(context: OperationContext<ReadableDb>): {
  readonly restrict: AuditRestriction | null
  readonly shown: (lines: readonly AuditEntry[]) => TrailEntry[]
} {
  const { userId } = context.actor
  const restrict = requireReach(context, 'audit.read') === 'own' ? { ownRecordsOf: userId } : null
  const reader = { role: currentRole(context), userId }
  const isConnected = getDeviceState(context.db).serverUrl !== null
  return {
    restrict,
    shown: (lines) => {
      const visible = lines.flatMap((line) => shownTrailLine(line, reader) ?? [])
      const waiting = isConnected
        ? waitingAmong(
            context.db,
            visible.map(({ id }) => id),
          )
        : new Set<string>()
      return visible.map((line) => ({ ...line, isWaiting: waiting.has(line.id) }))
    },
  }
}
