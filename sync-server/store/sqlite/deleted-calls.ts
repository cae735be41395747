import { and, asc, eq, isNotNull, notExists, sql, type AnyColumn, type SQL } from 'drizzle-orm'
import type { CallId, ClientId, UserId } from '../../../core/id.ts'
import type { Values } from '../../../core/sync/merge.ts'
import { syncTable } from '../../../core/sync/tables.ts'
import {
  insertOf,
  isAmong,
  query,
  selectBy,
  statement,
  type Named,
  type Orm,
  type OrmConnection,
} from '../../../platform/sqlite/prepared.ts'
import type { Changes, DeletedCall, DeletedCallReads } from '../store.ts'
import { auditLogs, calls, deletedCalls, departures } from './schema.ts'

/** @param ids as JSON. */
type AmongIds = { clientId: ClientId; ids: string }

/*
 * These queries name the index of the ids. SQLite itself prefers an index in the order of the answer, and reads the client's whole trail.
 */

/** The owner in the values of a deletion. */
const lastOwner = sql<UserId>`${auditLogs.oldValues} ->> '$.user_id'`

const deletions = query((orm, { clientId, ids }: Named<AmongIds>) =>
  selectBy(orm, { id: departures.rowId, owner: departures.userId }, departures, 'departures_of_row')
    .where(
      and(
        eq(departures.clientId, clientId),
        isAmong(departures.rowId, ids),
        eq(departures.reason, 'deleted'),
        notExists(callNamed(orm, departures.clientId, departures.rowId)),
      ),
    )
    .orderBy(asc(departures.seq)),
)

/** Whether a line of the trail is the deletion of one of the calls. */
function isDeletion(clientId: Named<AmongIds>['clientId'], ids: Named<AmongIds>['ids']): SQL | undefined {
  const { table, action } = auditLogs
  return and(eq(auditLogs.clientId, clientId), isAmong(auditLogs.recordId, ids), eq(table, 'calls'), eq(action, 'DELETE'))
}

const earlierDeletions = query((orm, { clientId, ids }: Named<AmongIds>) =>
  selectBy(orm, { id: auditLogs.recordId, owner: lastOwner }, auditLogs, 'audit_logs_of_record')
    .where(
      and(isDeletion(clientId, ids), isNotNull(lastOwner), notExists(callNamed(orm, auditLogs.clientId, auditLogs.recordId))),
    )
    .orderBy(asc(auditLogs.id)),
)

/** Selects the call that another row names. */
function callNamed(orm: Orm, clientId: AnyColumn, id: AnyColumn) {
  return orm
    .select({ id: calls.id })
    .from(calls)
    .where(and(eq(calls.clientId, clientId), eq(calls.id, id)))
}

const deletedCallsAmong = query((orm, { clientId, ids }: Named<AmongIds>) =>
  orm
    .select()
    .from(deletedCalls)
    .where(and(eq(deletedCalls.clientId, clientId), isAmong(deletedCalls.rowId, ids))),
)

const DELETION_LINE = {
  id: auditLogs.recordId,
  oldValues: auditLogs.oldValues,
  createdAt: auditLogs.createdAt,
  userId: auditLogs.userId,
}

const deletionLines = query((orm, { clientId, ids }: Named<AmongIds>) =>
  selectBy(orm, DELETION_LINE, auditLogs, 'audit_logs_of_record')
    .where(and(isDeletion(clientId, ids), isNotNull(auditLogs.oldValues)))
    .orderBy(asc(auditLogs.createdAt), asc(auditLogs.id)),
)

export function deletedCallReads(db: OrmConnection): DeletedCallReads {
  return {
    async deletedOwners(clientId, ids) {
      const owners = new Map<string, UserId>()
      if (ids.length === 0) return owners
      const among = { clientId, ids: JSON.stringify(ids) }
      // A call that was deleted before its workspace was published occurs only in the published trail.
      for (const { id, owner } of earlierDeletions.all(db, among)) owners.set(id, owner)
      for (const { id, owner } of deletions.all(db, among)) owners.set(id, owner)
      return owners
    },

    async deletedCalls(clientId, ids) {
      const found = new Map<string, DeletedCall>()
      if (ids.length === 0) return found
      for (const each of deletedCallsAmong.all(db, { clientId, ids: JSON.stringify(ids) })) {
        const { rowId, seq, version, changedBy } = each
        const versions = { base: each.base, overrides: each.fields }
        found.set(rowId, { seq, row: { values: callValues(each.values), version, versions, changedBy } })
      }
      const others = ids.filter((id) => !found.has(id))
      if (others.length === 0) return found
      for (const { id, oldValues, createdAt, userId } of deletionLines.all(db, { clientId, ids: JSON.stringify(others) })) {
        const values = { ...callValues(JSON.parse(oldValues ?? '{}') as Values), updated_at: createdAt }
        found.set(id, { seq: 0, row: { values, version: 0, versions: { base: 0, overrides: null }, changedBy: userId ?? '' } })
      }
      return found
    },
  }
}

/** Returns the values of a call from an object that has no nulls. */
function callValues(present: Values): Values {
  return Object.fromEntries(syncTable('calls').columns.map(({ name }) => [name, present[name] ?? null]))
}

const deleteCall = statement((orm, { clientId, id }: Named<{ clientId: ClientId; id: CallId }>) =>
  orm.delete(calls).where(and(eq(calls.clientId, clientId), eq(calls.id, id))),
)
const insertDeletedCall = insertOf(deletedCalls)
const forgetDeletedCall = statement((orm, { clientId, id }: Named<{ clientId: ClientId; id: CallId }>) =>
  orm.delete(deletedCalls).where(and(eq(deletedCalls.clientId, clientId), eq(deletedCalls.rowId, id))),
)
/** Deletes calls, and keeps their last state for a restore. */
export function deleteCalls(db: OrmConnection, clientId: ClientId, deleted: Changes['deletedCalls']): void {
  for (const { id, row, seq } of deleted) {
    deleteCall(db, { clientId, id })
    forgetDeletedCall(db, { clientId, id })
    const { versions, values, version, changedBy } = row
    const present = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
    const { base, overrides } = versions
    insertDeletedCall(db, { clientId, rowId: id, seq, values: present, version, base, fields: overrides, changedBy })
  }
}

export function forgetDeletedCalls(db: OrmConnection, clientId: ClientId, restored: Changes['restoredCalls']): void {
  for (const id of restored) forgetDeletedCall(db, { clientId, id })
}
