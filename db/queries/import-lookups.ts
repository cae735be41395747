import type { Id } from '../../core/id.ts'
import type { Call } from '../../core/model/call.ts'
import type { ReadableDb } from '../open.ts'
import { rows } from '../statements.ts'

/** Those of `ids` that are calls of the client, by id. */
export function callsById(db: ReadableDb, clientId: Id, ids: readonly Id[]): Map<Id, Call> {
  const found = rows<Call>(
    db,
    `SELECT c.id, c.client_id AS clientId, c.user_id AS userId, c.prospect_name AS prospectName, c.prospect_email AS prospectEmail,
       c.prospect_phone AS prospectPhone, c.call_type AS callType, c.status, c.outcome, c.loss_reason_id AS lossReasonId, c.notes,
       c.call_duration AS callDuration, c.scheduled_at AS scheduledAt, c.completed_at AS completedAt, c.event_at AS eventAt,
       c.created_at AS createdAt, c.updated_at AS updatedAt
     FROM json_each(?) AS wanted CROSS JOIN calls AS c ON c.id = wanted.value
     WHERE c.client_id = ?`,
    JSON.stringify(ids),
    clientId,
  )
  return new Map(found.map((call) => [call.id, call]))
}

/**
 * Returns those of `ids` that someone deleted at some time according to the audit trail, whether or not they were restored. The removal of
 * a refused row does not count as a deletion, and neither does a refused deletion.
 */
export function everDeletedCalls(db: ReadableDb, clientId: Id, ids: readonly Id[]): Set<Id> {
  const lines = rows<{ id: Id; lineId: string; action: 'INSERT' | 'DELETE' | 'SYNC_REJECTED'; refused: string | null }>(
    db,
    `SELECT a.record_id AS id, a.id AS lineId, a.action, ${REFUSED_OPERATION} AS refused
     FROM json_each(?) AS wanted CROSS JOIN audit_logs AS a INDEXED BY audit_logs_by_record ON a.record_id = wanted.value
     WHERE a.client_id = ? AND a.table_name = 'calls' AND a.action IN ('INSERT', 'DELETE', 'SYNC_REJECTED') ORDER BY a.rowid`,
    JSON.stringify(ids),
    clientId,
  )
  const refused = new Set(lines.map((line) => line.refused))
  const deleted = new Set<Id>()
  const neverMade = new Set<Id>()
  for (const { id, lineId, action } of lines) {
    if (action === 'INSERT') {
      if (refused.has(lineId)) neverMade.add(id)
      else neverMade.delete(id)
    } else if (action === 'DELETE' && !refused.has(lineId) && !neverMade.delete(id)) deleted.add(id)
  }
  return deleted
}

/** The operation of a line about the server's verdict. It is also the id of the change's own line. */
const REFUSED_OPERATION = `iif(action = 'SYNC_REJECTED', new_values ->> '$.op_id')`

/**
 * Every value that each column of a call has ever held, under the database's names, read from its audit trail. Undefined where the
 * trail does not reach back to the call's beginning.
 */
export function valuesEverHeld(
  db: ReadableDb,
  clientId: Id,
  id: Id,
): ReadonlyMap<string, ReadonlySet<string | number | null>> | undefined {
  const lines = rows<{ lineId: string; action: string; newValues: string | null; refused: string | null }>(
    db,
    `SELECT id AS lineId, action, new_values AS newValues, ${REFUSED_OPERATION} AS refused FROM audit_logs INDEXED BY audit_logs_by_record
     WHERE record_id = ? AND client_id = ? AND table_name = 'calls' AND action IN ('INSERT', 'UPDATE', 'SYNC_REJECTED') ORDER BY rowid`,
    id,
    clientId,
  )
  // The field never held a refused value.
  const refused = new Set(lines.map((line) => line.refused))
  const trail = lines.filter(({ action, lineId }) => action !== 'SYNC_REJECTED' && !refused.has(lineId))
  if (trail[0]?.action !== 'INSERT') return undefined
  const held = new Map<string, Set<string | number | null>>()
  const inserted = new Set(Object.keys(JSON.parse(trail[0].newValues ?? '{}') as object))
  for (const { newValues } of trail)
    for (const [column, value] of Object.entries(JSON.parse(newValues ?? '{}') as Record<string, string | number | null>)) {
      // An insertion is recorded without its nulls.
      if (!held.has(column)) held.set(column, new Set(inserted.has(column) ? [] : [null]))
      held.get(column)?.add(value)
    }
  return held
}

/** Names that the client's users or loss reasons have now or had before, from the audit trail. */
export function namesEverHeld(
  db: ReadableDb,
  clientId: Id,
  table: 'users' | 'loss_reasons',
): { readonly id: Id; readonly name: string }[] {
  return rows(
    db,
    `SELECT DISTINCT r.id, a.new_values ->> '$.name' AS name
     FROM ${table} AS r CROSS JOIN audit_logs AS a INDEXED BY audit_logs_by_record ON a.record_id = r.id
     WHERE r.client_id = ? AND a.table_name = ? AND a.action IN ('INSERT', 'UPDATE') AND a.new_values ->> '$.name' IS NOT NULL`,
    clientId,
    table,
  )
}
