import { and, eq, sql } from 'drizzle-orm'
import { must } from '../../core/assert.ts'
import type { UserId } from '../../core/id.ts'
import type { Orm } from '../../platform/sqlite/prepared.ts'
import { openSchemaVersion, type ReadableDb } from '../open.ts'
import { query, type Named } from '../prepared.ts'
import { auditLogs, calls, users } from '../schema.ts'
import { syncOutbox } from '../sync-schema.ts'
import { isChangeOfRow, isPending, selectPending } from '../pending.ts'

export type WorkspaceCounts = {
  readonly schemaVersion: number
  readonly calls: number
  readonly users: number
  readonly auditEntries: number
  readonly outbox: number
}

/** One statement, so that all counts are of the same state. */
const counts = query((orm) =>
  orm
    .select({
      calls: sql<number>`(SELECT count(*) FROM ${calls})`,
      users: sql<number>`(SELECT count(*) FROM ${users})`,
      auditEntries: sql<number>`(SELECT count(*) FROM ${auditLogs})`,
      outbox: sql<number>`(SELECT count(*) FROM ${syncOutbox})`,
    })
    .from(sql`(SELECT 1)`),
)

/** Returns the numbers of rows in the file. */
export function workspaceCounts(db: ReadableDb): WorkspaceCounts {
  return { schemaVersion: openSchemaVersion(db), ...must(counts.get(db), 'An aggregate has one row') }
}

const isWaitingChange = and(isPending, isChangeOfRow)

const waiting = (orm: Orm) => selectPending(orm, { waiting: sql<number>`count(*)` })

const waitingOfAll = query((orm) => waiting(orm).where(isWaitingChange))

const waitingOfUser = query((orm, { userId }: Named<{ userId: UserId }>) =>
  waiting(orm).where(and(isWaitingChange, eq(syncOutbox.userId, userId))),
)

/**
 * Counts the changes of data that the server has not answered. Sign-ins, exports and other events are sent too, but no one waits for them.
 * @param userId null: of all people.
 */
export function countWaitingChanges(db: ReadableDb, userId: UserId | null): number {
  const found = userId === null ? waitingOfAll.get(db) : waitingOfUser.get(db, { userId })
  return must(found, 'An aggregate has one row').waiting
}
