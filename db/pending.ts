import { and, eq, inArray, or, sql } from 'drizzle-orm'
import { DATA_ACTIONS } from '../core/model/audit.ts'
import { selectBy, type Fields, type Orm } from '../platform/sqlite/prepared.ts'
import { syncOutbox } from './sync-schema.ts'

export const PENDING_INDEX = 'sync_outbox_pending'

/**
 * Begins a query of the operations that the server has not answered. Its condition must contain `isPending`; else SQLite refuses the index.
 */
export const selectPending = <F extends Fields>(orm: Orm, fields: F) => selectBy(orm, fields, syncOutbox, PENDING_INDEX)

/** As literals: SQLite uses the partial index only if the query repeats its condition. */
export const isPending = sql`${syncOutbox.state} IN ('pending', 'sent')`

/** Whether the operation changes a row; the others are events. */
export const isChangeOfRow = or(
  inArray(syncOutbox.action, [...DATA_ACTIONS]),
  and(eq(syncOutbox.tableName, 'calls'), eq(syncOutbox.action, 'RESTORE')),
)
