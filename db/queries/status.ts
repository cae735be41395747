import { must } from '../../core/assert.ts'
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

/** Changes that no server has answered yet. */
export function outboxPending(db: ReadableDb): number {
  const found = row<{ pending: number }>(
    db,
    `SELECT count(*) AS pending FROM sync_outbox INDEXED BY sync_outbox_pending WHERE state IN ('pending', 'sent')`,
  )
  return must(found, 'An aggregate has one row').pending
}
