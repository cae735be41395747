import type { UserId } from '../../core/id.ts'
import { may, reach } from '../../core/roles.ts'
import type { ReadableDb, WritableDb } from '../open.ts'
import { getPrincipal } from '../queries/users.ts'
import { row, run } from '../statements.ts'

/*
 * Removes the remains of calls that a person may no longer see (S14, S15): the lines of the local trail, answered operations, conflicts,
 * and drafts of the call's form. Typed values stay while they need an answer or a decision (S12): waiting operations, and refused ones that
 * no one has settled. Those keep only the typed values; the server's value of the refusal is removed.
 */

const IS_CHANGE = `(action = 'INSERT' OR action = 'UPDATE' OR action = 'DELETE')`
const ANSWERED = `(state IN ('accepted', 'merged') OR (state = 'rejected' AND settled_at IS NOT NULL))`

/** Forgets calls that are no longer in this device's tables. Runs in the transaction that applies the server's data. */
export function forgetCalls(db: WritableDb, ids: readonly string[]): void {
  if (ids.length === 0) return
  const list = JSON.stringify(ids)
  const among = (column: string) => `${column} IN (SELECT value FROM json_each(?))`
  run(db, `DELETE FROM audit_logs WHERE table_name = 'calls' AND ${among('record_id')}`, list)
  run(db, `DELETE FROM sync_outbox WHERE table_name = 'calls' AND ${ANSWERED} AND ${among('row_id')}`, list)
  run(
    db,
    `UPDATE sync_outbox SET reject_current = NULL WHERE table_name = 'calls' AND reject_current IS NOT NULL AND ${among('row_id')}`,
    list,
  )
  run(db, `DELETE FROM sync_conflicts WHERE table_name = 'calls' AND ${among('row_id')}`, list)
  for (const table of ['local_handovers', 'local_left_calls']) run(db, `DELETE FROM ${table} WHERE ${among('call_id')}`, list)
  run(db, `DELETE FROM local_drafts WHERE EXISTS (SELECT 1 FROM json_each(?) WHERE instr(form, value) > 0)`, list)
}

/** Returns the call's owner, or for a removed call the owner in the newest line of the trail that names one; null if no line does. */
function lastOwner(db: ReadableDb, id: string): string | null {
  const found = row<{ owner: string | null }>(
    db,
    `SELECT coalesce(
       (SELECT user_id FROM calls WHERE id = ?),
       (SELECT coalesce(new_values ->> '$.user_id', old_values ->> '$.user_id') AS owner
        FROM audit_logs INDEXED BY audit_logs_by_record
        WHERE record_id = ? AND table_name = 'calls' AND ${IS_CHANGE} AND owner IS NOT NULL ORDER BY rowid DESC LIMIT 1)) AS owner`,
    id,
    id,
  )
  return found?.owner ?? null
}

const NOT_ACCEPTED = `state IN ('pending', 'sent', 'rejected')`
const SETS_OWNER = `table_name = 'calls' AND action = 'UPDATE' AND fields ->> '$.user_id' IS NOT NULL`

/**
 * Selects the calls whose owner an operation of this device sets that the server has not accepted. Until then the owner in this device's
 * tables is only a proposal and gives no right to the call.
 */
const PROPOSED_OWNERS = `SELECT row_id FROM sync_outbox WHERE ${SETS_OWNER} AND ${NOT_ACCEPTED}`

/**
 * Selects the calls whose owner in this device's tables is a proposal that the server has not answered. The answer to a refused one restored
 * the server's owner.
 */
export const WAITING_OWNERS = `SELECT row_id FROM sync_outbox WHERE ${SETS_OWNER} AND state IN ('pending', 'sent')`

/**
 * Whether the lines of a call that an answer removes may stay. The answer does not say whether the call was deleted or belongs to another
 * person. A person who sees only their own calls keeps the lines of calls that were theirs when this device last held them, by more than
 * a proposal of this device; if such a call moved away, the feed reports that later.
 */
export function mayRemember(db: ReadableDb, userId: UserId, id: string): boolean {
  const role = getPrincipal(db, userId)?.role
  if (role === undefined || !may(role, 'calls.read', userId, lastOwner(db, id))) return false
  return reach(role, 'calls.read') === 'all' || row(db, `SELECT 1 WHERE ? IN (${PROPOSED_OWNERS})`, id) === undefined
}

/**
 * Selects the lines that a person who sees only their own calls may keep. For each own call these are the lines since it became theirs: since
 * the last local line that sets the owner, or since the last handover by the server, whichever is later. No line of a call is kept if the trail
 * does not reach back to that moment, or if the call left the tables after a handover and the trail does not show that it was the person's.
 * A line that sets the owner does not count if the server has not accepted it.
 */
const OWN_LINES = `WITH person (id) AS (VALUES (?)), began AS MATERIALIZED (
    SELECT s.record_id, max(s.rowid) AS since FROM audit_logs AS s
    WHERE s.table_name = 'calls' AND s.new_values ->> '$.user_id' IS NOT NULL AND (s.action = 'INSERT' OR s.action = 'UPDATE'
        AND s.id NOT IN (SELECT op_id FROM sync_outbox WHERE table_name = 'calls' AND ${NOT_ACCEPTED})
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

/**
 * Forgets all calls except one person's, after the others were removed from `calls`. This includes calls that this device deleted itself,
 * and values that an own call had before it became theirs.
 */
export function forgetCallsOfOthers(db: WritableDb, userId: UserId): void {
  run(db, `DELETE FROM audit_logs WHERE table_name = 'calls' AND ${IS_CHANGE} AND rowid NOT IN (${OWN_LINES})`, userId)
  run(
    db,
    `DELETE FROM audit_logs WHERE (table_name = 'calls' OR table_name = 'users') AND NOT ${IS_CHANGE} AND user_id IS NOT ?`,
    userId,
  )
  const isOwn = `(EXISTS (SELECT 1 FROM calls AS c WHERE c.id = row_id AND c.user_id = ?) OR EXISTS (
    SELECT 1 FROM audit_logs AS a INDEXED BY audit_logs_by_record WHERE a.record_id = row_id AND a.table_name = 'calls' AND a.action = 'DELETE'))`
  run(
    db,
    `DELETE FROM sync_outbox WHERE ${ANSWERED} AND (user_id <> ? OR (table_name = 'calls' AND NOT ${isOwn}))`,
    userId,
    userId,
  )
  run(
    db,
    `UPDATE sync_outbox SET reject_current = NULL WHERE table_name = 'calls' AND reject_current IS NOT NULL AND NOT ${isOwn}`,
    userId,
  )
  run(db, `DELETE FROM sync_conflicts WHERE table_name = 'calls' AND NOT ${isOwn}`, userId)
  // A draft may hold values from before a handover.
  run(
    db,
    `DELETE FROM local_drafts WHERE form LIKE 'call:%' AND form <> 'call:new'
       AND (substr(form, 6) IN (SELECT call_id FROM local_handovers)
         OR NOT EXISTS (SELECT 1 FROM calls WHERE id = substr(form, 6) AND user_id = ?))`,
    userId,
  )
  // No line from before a handover is left.
  run(db, 'DELETE FROM local_handovers')
  run(db, `DELETE FROM local_left_calls WHERE call_id NOT IN (SELECT record_id FROM audit_logs WHERE table_name = 'calls')`)
}

/** Forgets colleagues' details in all other tables, after they were removed from `users`. Names stay. */
export function forgetDetailsOfOthers(db: WritableDb, userId: UserId): void {
  run(db, `DELETE FROM audit_logs WHERE table_name = 'users' AND record_id <> ? AND ${IS_CHANGE}`, userId)
  run(db, `DELETE FROM sync_outbox WHERE table_name = 'users' AND row_id <> ? AND ${ANSWERED}`, userId)
  run(
    db,
    `UPDATE sync_outbox SET reject_current = NULL WHERE table_name = 'users' AND reject_current IS NOT NULL AND row_id <> ?`,
    userId,
  )
  run(db, `DELETE FROM sync_conflicts WHERE table_name = 'users' AND row_id <> ?`, userId)
  run(db, `DELETE FROM local_drafts WHERE form LIKE 'user:%' AND form <> 'user:' || ?`, userId)
}
