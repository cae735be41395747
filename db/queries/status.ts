import { must } from '../../core/assert.ts'
import type { UserId } from '../../core/id.ts'
import { openSchemaVersion, type ReadableDb } from '../open.ts'
import { row } from '../statements.ts'

export type WorkspaceCounts = {
  readonly schemaVersion: number
  readonly calls: number
  readonly users: number
  readonly auditEntries: number
  readonly outbox: number
}

/** How much is in the file. */
export function workspaceCounts(db: ReadableDb): WorkspaceCounts {
  const counts = row<Omit<WorkspaceCounts, 'schemaVersion'>>(
    db,
    `SELECT (SELECT count(*) FROM calls) AS calls, (SELECT count(*) FROM users) AS users,
       (SELECT count(*) FROM audit_logs) AS auditEntries, (SELECT count(*) FROM sync_outbox) AS outbox`,
  )
  return { schemaVersion: openSchemaVersion(db), ...must(counts, 'An aggregate has one row') }
}

/**
 * Counts the changes of data that the server has not answered. Sign-ins, exports and other events are sent too, but no one waits for them.
 * @param userId null: of all people.
 */
export function countWaitingChanges(db: ReadableDb, userId: UserId | null): number {
  const found = row<{ waiting: number }>(
    db,
    `SELECT count(*) AS waiting FROM sync_outbox INDEXED BY sync_outbox_pending WHERE state IN ('pending', 'sent')
       AND (action IN ('INSERT', 'UPDATE', 'DELETE') OR (action = 'RESTORE' AND table_name = 'calls'))
       ${userId === null ? '' : 'AND user_id = ?'}`,
    ...(userId === null ? [] : [userId]),
  )
  return must(found, 'An aggregate has one row').waiting
}
