import { and, desc, eq, inArray, isNotNull, like, ne, sql } from 'drizzle-orm'
import type { UserId } from '../../core/id.ts'
import { DATA_ACTIONS } from '../../core/model/audit.ts'
import { may, reach } from '../../core/roles.ts'
import { isAmong, selectBy, updateOf, type Orm } from '../../platform/sqlite/prepared.ts'
import type { ReadableDb, WritableDb } from '../open.ts'
import { query, statement, type Named } from '../prepared.ts'
import { getPrincipal } from '../queries/users.ts'
import { localDrafts, localHandovers, localLeftCalls } from '../local-schema.ts'
import { auditLogs, calls } from '../schema.ts'
import { syncConflicts, syncOutbox } from '../sync-schema.ts'
import { run } from '../statements.ts'
import { isPending, selectPending } from '../pending.ts'

/*
 * Removes the remains of calls that a person may no longer see (S14, S15): the lines of the local trail, answered operations, conflicts,
 * and drafts of the call's form. Typed values stay while they need an answer or a decision (S12): waiting operations, and refused ones that
 * no one has settled. Those keep only the typed values; the server's value of the refusal is removed.
 */

/** Whether a line of the trail is about a change of a row; the others are events. */
const IS_CHANGE = `action IN (${DATA_ACTIONS.map((action) => `'${action}'`).join(', ')})`
const IS_ANSWERED = `(state IN ('accepted', 'merged') OR (state = 'rejected' AND settled_at IS NOT NULL))`
const isChange = sql.raw(IS_CHANGE)
const isAnswered = sql.raw(IS_ANSWERED)
const isLineOfCall = eq(auditLogs.tableName, 'calls')
const isOnCall = eq(syncOutbox.tableName, 'calls')

type OfCalls = Named<{ ids: string }>

/** The statements by which calls are forgotten. */
const forgetting = [
  statement((orm, { ids }: OfCalls) => orm.delete(auditLogs).where(and(isLineOfCall, isAmong(auditLogs.recordId, ids)))),
  statement((orm, { ids }: OfCalls) => orm.delete(syncOutbox).where(and(isOnCall, isAnswered, isAmong(syncOutbox.rowId, ids)))),
  statement((orm, { ids }: OfCalls) =>
    updateOf(orm, syncOutbox, { rejectCurrent: null }).where(
      and(isOnCall, isNotNull(syncOutbox.rejectCurrent), isAmong(syncOutbox.rowId, ids)),
    ),
  ),
  statement((orm, { ids }: OfCalls) =>
    orm.delete(syncConflicts).where(and(eq(syncConflicts.tableName, 'calls'), isAmong(syncConflicts.rowId, ids))),
  ),
  statement((orm, { ids }: OfCalls) => orm.delete(localHandovers).where(isAmong(localHandovers.callId, ids))),
  statement((orm, { ids }: OfCalls) => orm.delete(localLeftCalls).where(isAmong(localLeftCalls.callId, ids))),
  statement((orm, { ids }: OfCalls) =>
    orm.delete(localDrafts).where(sql`EXISTS (SELECT 1 FROM json_each(${ids}) WHERE instr(${localDrafts.form}, value) > 0)`),
  ),
]

/** Forgets calls that are no longer in this device's tables. Runs in the transaction that applies the server's data. */
export function forgetCalls(db: WritableDb, ids: readonly string[]): void {
  if (ids.length === 0) return
  const list = JSON.stringify(ids)
  for (const forget of forgetting) forget(db, { ids: list })
}

const ownerOfCall = query((orm, { id }: Named<{ id: string }>) =>
  orm.select({ owner: calls.userId }).from(calls).where(eq(calls.id, id)),
)

const ownerInTrail = query((orm, { id }: Named<{ id: string }>) => {
  const owner = sql<UserId>`coalesce(${auditLogs.newValues} ->> '$.user_id', ${auditLogs.oldValues} ->> '$.user_id')`
  return selectBy(orm, { owner }, auditLogs, 'audit_logs_by_record')
    .where(and(eq(auditLogs.recordId, id), isLineOfCall, isChange, isNotNull(owner)))
    .orderBy(desc(auditLogs.rowid))
    .limit(1)
})

/** Returns the call's owner, or for a removed call the owner in the newest line of the trail that names one; null if no line does. */
function lastOwner(db: ReadableDb, id: string): UserId | null {
  return (ownerOfCall.get(db, { id }) ?? ownerInTrail.get(db, { id }))?.owner ?? null
}

/** Whether an operation sets the owner of a call. Until the server accepts it, the owner is a proposal and gives no right to the call. */
const setsOwner = and(isOnCall, eq(syncOutbox.action, 'UPDATE'), sql`${syncOutbox.fields} ->> '$.user_id' IS NOT NULL`)

const proposedOwner = query((orm, { id }: Named<{ id: string }>) =>
  orm
    .select({ deviceSeq: syncOutbox.deviceSeq })
    .from(syncOutbox)
    .where(and(setsOwner, inArray(syncOutbox.state, ['pending', 'sent', 'rejected']), eq(syncOutbox.rowId, id))),
)

/**
 * Selects the calls whose owner in this device's tables is a proposal that the server has not answered. The answer to a refused one restored
 * the server's owner.
 */
export const waitingOwners = (orm: Orm) => selectPending(orm, { id: syncOutbox.rowId }).where(and(isPending, setsOwner))

/**
 * Whether the lines of a call that an answer removes may stay. The answer does not say whether the call was deleted or belongs to another
 * person. A person who sees only their own calls keeps the lines of calls that were theirs when this device last held them, by more than
 * a proposal of this device; if such a call moved away, the feed reports that later.
 */
export function mayRemember(db: ReadableDb, userId: UserId, id: string): boolean {
  const role = getPrincipal(db, userId)?.role
  if (role === undefined || !may(role, 'calls.read', userId, lastOwner(db, id))) return false
  return reach(role, 'calls.read') === 'all' || proposedOwner.get(db, { id }) === undefined
}

/**
 * Selects the lines that a person who sees only their own calls may keep. For each own call these are the lines since it became theirs: since
 * the last local line that sets the owner, or since the last handover by the server, whichever is later. No line of a call is kept if the trail
 * does not reach back to that moment, or if the call left the tables after a handover and the trail does not show that it was the person's.
 * A line that sets the owner does not count if the server has not accepted it.
 */
const OWN_LINES = `WITH person (id) AS (VALUES (:userId)), began AS MATERIALIZED (
    SELECT s.record_id, max(s.rowid) AS since FROM audit_logs AS s
    WHERE s.table_name = 'calls' AND s.new_values ->> '$.user_id' IS NOT NULL AND (s.action = 'INSERT' OR s.action = 'UPDATE'
        AND s.id NOT IN (SELECT op_id FROM sync_outbox WHERE table_name = 'calls' AND state IN ('pending', 'sent', 'rejected'))
        AND NOT EXISTS (
          SELECT 1 FROM audit_logs AS r INDEXED BY audit_logs_by_record WHERE r.record_id = s.record_id AND r.table_name = 'calls'
            AND r.action = 'SYNC_REJECTED' AND r.new_values ->> '$.op_id' = s.id))
    GROUP BY s.record_id
  )
  SELECT a.rowid FROM audit_logs AS a
  LEFT JOIN began ON began.record_id = a.record_id
  LEFT JOIN audit_logs AS b ON b.rowid = began.since
  LEFT JOIN local_handovers AS h ON h.call_id = a.record_id
  WHERE a.table_name = 'calls' AND CASE WHEN h.last_line >= coalesce(began.since, 0)
    THEN a.rowid > h.last_line AND (SELECT id FROM person) = coalesce(
      (SELECT c.user_id FROM calls AS c WHERE c.id = a.record_id),
      (SELECT d.old_values ->> '$.user_id' FROM audit_logs AS d INDEXED BY audit_logs_by_record
       WHERE d.record_id = a.record_id AND d.table_name = 'calls' AND d.action = 'DELETE' AND d.rowid > h.last_line
       ORDER BY d.rowid DESC LIMIT 1))
    ELSE b.new_values ->> '$.user_id' = (SELECT id FROM person) AND (a.rowid > began.since OR (a.rowid = began.since AND a.action = 'INSERT')) END`

const IS_OWN = `(EXISTS (SELECT 1 FROM calls AS c WHERE c.id = row_id AND c.user_id = :userId) OR EXISTS (
  SELECT 1 FROM audit_logs AS a INDEXED BY audit_logs_by_record WHERE a.record_id = row_id AND a.table_name = 'calls' AND a.action = 'DELETE'))`

/**
 * SQL text: the call of a draft of a form whose name begins with `call:`. The name may continue after the id, for example for a call that is started
 * from this one, or for a refused change.
 */
export const DRAFTED_CALL = 'substr(form, 6, 36)'

/** SQL text: most conditions are subqueries about the statement's own row that name their index. The statements depend on their order. */
const FORGET_CALLS_OF_OTHERS = [
  `DELETE FROM audit_logs WHERE table_name = 'calls' AND ${IS_CHANGE} AND rowid NOT IN (${OWN_LINES})`,
  `DELETE FROM audit_logs WHERE table_name IN ('calls', 'users') AND NOT ${IS_CHANGE} AND user_id IS NOT :userId`,
  `DELETE FROM sync_outbox WHERE ${IS_ANSWERED} AND (user_id <> :userId OR (table_name = 'calls' AND NOT ${IS_OWN}))`,
  `UPDATE sync_outbox SET reject_current = NULL WHERE table_name = 'calls' AND reject_current IS NOT NULL AND NOT ${IS_OWN}`,
  `DELETE FROM sync_conflicts WHERE table_name = 'calls' AND NOT ${IS_OWN}`,
  // A draft may hold values from before a handover.
  `DELETE FROM local_drafts WHERE form LIKE 'call:%' AND form <> 'call:new'
     AND (${DRAFTED_CALL} IN (SELECT call_id FROM local_handovers)
       OR NOT EXISTS (SELECT 1 FROM calls WHERE id = ${DRAFTED_CALL} AND user_id = :userId))`,
  // No line from before a handover is left.
  'DELETE FROM local_handovers',
  `DELETE FROM local_left_calls WHERE call_id NOT IN (SELECT record_id FROM audit_logs WHERE table_name = 'calls')`,
]

/**
 * Forgets all calls except one person's, after the others were removed from `calls`. This includes calls that this device deleted itself,
 * and values that an own call had before it became theirs.
 */
export function forgetCallsOfOthers(db: WritableDb, userId: UserId): void {
  for (const text of FORGET_CALLS_OF_OTHERS) run(db, text, { userId })
}

type OfUser = Named<{ userId: UserId }>

const isOnOther = ({ userId }: OfUser) => and(eq(syncOutbox.tableName, 'users'), ne(syncOutbox.rowId, userId))

/** The statements by which the details of all people except one are forgotten. */
const forgettingDetails = [
  statement((orm, { userId }: OfUser) =>
    orm.delete(auditLogs).where(and(eq(auditLogs.tableName, 'users'), ne(auditLogs.recordId, userId), isChange)),
  ),
  statement((orm, ofUser: OfUser) => orm.delete(syncOutbox).where(and(isOnOther(ofUser), isAnswered))),
  statement((orm, ofUser: OfUser) =>
    updateOf(orm, syncOutbox, { rejectCurrent: null }).where(and(isOnOther(ofUser), isNotNull(syncOutbox.rejectCurrent))),
  ),
  statement((orm, { userId }: OfUser) =>
    orm.delete(syncConflicts).where(and(eq(syncConflicts.tableName, 'users'), ne(syncConflicts.rowId, userId))),
  ),
  statement((orm, { userId }: OfUser) =>
    orm.delete(localDrafts).where(and(like(localDrafts.form, 'user:%'), sql`${localDrafts.form} <> 'user:' || ${userId}`)),
  ),
]

/** Forgets colleagues' details in all other tables, after they were removed from `users`. Names stay. */
export function forgetDetailsOfOthers(db: WritableDb, userId: UserId): void {
  for (const forget of forgettingDetails) forget(db, { userId })
}
