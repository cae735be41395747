import { sql } from 'drizzle-orm'
import type { CallId, ClientId, Id } from '../../core/id.ts'
import type { Call } from '../../core/model/call.ts'
import type { ReadableDb } from '../open.ts'
import { readRows } from '../prepared.ts'
import { calls } from '../schema.ts'
import { rows } from '../statements.ts'
import { callColumns } from './call-columns.ts'
import { callLines, type CallLine } from './import-lines.ts'

/** Returns those of `ids` that are calls of the client, by id. */
export function callsById(db: ReadableDb, clientId: ClientId, ids: readonly CallId[]): Map<CallId, Call> {
  const found: Call[] = readRows(
    db,
    callColumns,
    sql`FROM json_each(${JSON.stringify(ids)}) AS wanted CROSS JOIN calls ON ${calls.id} = wanted.value
      WHERE ${calls.clientId} = ${clientId}`,
  )
  return new Map(found.map((call) => [call.id, call]))
}

/**
 * Returns those of `ids` that someone deleted at some time according to the audit trail, whether or not they were restored. The removal of
 * a refused row does not count as a deletion, and neither does a refused deletion or the undo of an import.
 */
export function everDeletedCalls(db: ReadableDb, clientId: ClientId, ids: readonly CallId[]): Set<CallId> {
  const lines = rows<{
    id: CallId
    lineId: string
    action: 'INSERT' | 'DELETE' | 'SYNC_REJECTED'
    refused: string | null
    isUndo: number
  }>(
    db,
    `SELECT a.record_id AS id, a.id AS lineId, a.action, ${REFUSED_OPERATION} AS refused, ${IS_UNDO} AS isUndo
     FROM json_each(?) AS wanted CROSS JOIN audit_logs AS a INDEXED BY audit_logs_by_record ON a.record_id = wanted.value
     WHERE a.client_id = ? AND a.table_name = 'calls' AND a.action IN ('INSERT', 'DELETE', 'SYNC_REJECTED') ORDER BY a.rowid`,
    JSON.stringify(ids),
    clientId,
  )
  const refused = new Set(lines.map((line) => line.refused))
  const deleted = new Set<CallId>()
  const neverMade = new Set<CallId>()
  for (const { id, lineId, action, isUndo } of lines) {
    if (isUndo === 1) continue
    if (action === 'INSERT') {
      if (refused.has(lineId)) neverMade.add(id)
      else neverMade.delete(id)
    } else if (action === 'DELETE' && !refused.has(lineId) && !neverMade.delete(id)) deleted.add(id)
  }
  return deleted
}

/** Whether the undo of an import wrote the line `a`. */
const IS_UNDO = `EXISTS (SELECT 1 FROM local_import_lines AS u WHERE u.is_undo = 1 AND u.last_line >= a.rowid
  AND u.start_line = (SELECT max(start_line) FROM local_import_lines WHERE start_line <= a.rowid))`

/** Returns those of `ids` that the undo of an import deleted, and that nothing has changed since on this device. */
export function undoneCalls(db: ReadableDb, clientId: ClientId, ids: readonly CallId[]): Set<CallId> {
  const found = rows<{ id: CallId }>(
    db,
    `SELECT a.record_id AS id FROM json_each(?) AS wanted CROSS JOIN audit_logs AS a ON a.rowid = (
       SELECT max(l.rowid) FROM audit_logs AS l INDEXED BY audit_logs_by_record
       WHERE l.record_id = wanted.value AND l.table_name = 'calls' AND l.action IN ('INSERT', 'UPDATE', 'DELETE'))
     WHERE a.client_id = ? AND a.action = 'DELETE' AND ${IS_UNDO}`,
    JSON.stringify(ids),
    clientId,
  )
  return new Set(found.map(({ id }) => id))
}

/** The operation of a line about the server's verdict. It is also the id of the change's own line. */
const REFUSED_OPERATION = `iif(action = 'SYNC_REJECTED', new_values ->> '$.op_id')`

/** By column of the database. */
export type HeldValues = ReadonlyMap<string, ReadonlySet<string | number | null>>

/**
 * Returns every value that each column of a call has ever held, under the database's names, read from its audit trail. Values of an import
 * that was undone do not count. Undefined where the trail does not reach back to the call's creation.
 */
export function valuesEverHeld(db: ReadableDb, clientId: ClientId, id: CallId): HeldValues | undefined {
  const { lines } = historyOf(db, clientId, id)
  return lines[0]?.action === 'INSERT' ? heldIn(lines) : undefined
}

/** Returns values that only imports wrote that were undone. The server's trail has these values too and does not distinguish them. */
export function valuesUndone(db: ReadableDb, clientId: ClientId, id: CallId): HeldValues {
  const { lines, undone } = historyOf(db, clientId, id)
  const held = heldIn(lines)
  return new Map([...heldIn(undone)].map(([column, values]) => [column, without(values, held.get(column))]))
}

export function without<T>(values: Iterable<T>, others: ReadonlySet<T> | undefined): Set<T> {
  return new Set([...values].filter((value) => others?.has(value) !== true))
}

/** Returns a call's insertions and changes without those that the server refused; `undone` are those of imports that were undone. */
function historyOf(db: ReadableDb, clientId: ClientId, id: CallId): { readonly lines: CallLine[]; readonly undone: CallLine[] } {
  const all = callLines(db, clientId, [id]).get(id) ?? []
  const takenBack = new Set(all.flatMap(({ isUndo, importId }) => (isUndo ? [importId] : [])))
  const changes = all.filter(({ action }) => action !== 'DELETE')
  return {
    lines: changes.filter(({ importId }) => importId === null || !takenBack.has(importId)),
    undone: changes.filter(({ importId, isUndo }) => importId !== null && takenBack.has(importId) && !isUndo),
  }
}

function heldIn(lines: readonly CallLine[]): HeldValues {
  const held = new Map<string, Set<string | number | null>>()
  const inserted = new Set(lines[0]?.action === 'INSERT' ? Object.keys(lines[0].new) : [])
  for (const line of lines)
    for (const [column, value] of Object.entries(line.new)) {
      // An insertion is recorded without its nulls.
      if (!held.has(column)) held.set(column, new Set(lines[0]?.action !== 'INSERT' || inserted.has(column) ? [] : [null]))
      held.get(column)?.add(value)
    }
  return held
}

/** Names that the client's users or loss reasons have now or had before, from the audit trail. */
export function namesEverHeld(
  db: ReadableDb,
  clientId: ClientId,
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
