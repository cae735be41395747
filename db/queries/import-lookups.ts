import { and, eq, getTableName, inArray, isNotNull, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import type { CallId, ClientId, Id } from '../../core/id.ts'
import { DATA_ACTIONS } from '../../core/model/audit.ts'
import type { Call } from '../../core/model/call.ts'
import type { ReadableDb } from '../open.ts'
import { manyRows, query, type Named } from '../prepared.ts'
import { auditLogs, calls } from '../schema.ts'
import { callColumns } from './call-columns.ts'
import { callLines, eachTable, isOfUndo, linesOf, type AddedTable, type CallLine } from './import-lines.ts'

/** `ids`: a JSON array. */
type OfCalls = Named<{ ids: string; clientId: ClientId }>

const storedCalls = manyRows(
  callColumns,
  ({ ids, clientId }: OfCalls) =>
    sql`FROM json_each(${ids}) AS wanted CROSS JOIN ${calls} ON ${calls.id} = wanted.value WHERE ${calls.clientId} = ${clientId}`,
)

/** Returns those of `ids` that are calls of the client, by id. */
export function callsById(db: ReadableDb, clientId: ClientId, ids: readonly CallId[]): Map<CallId, Call> {
  const found: Call[] = storedCalls(db, { ids: JSON.stringify(ids), clientId })
  return new Map(found.map((call) => [call.id, call]))
}

const madeAndDeleted = manyRows(
  {
    id: auditLogs.recordId,
    lineId: auditLogs.id,
    action: auditLogs.action,
    /** The operation of a line about the server's verdict. It is also the id of the change's own line. */
    refused: sql<string | null>`iif(${auditLogs.action} = 'SYNC_REJECTED', ${auditLogs.newValues} ->> '$.op_id')`,
    isUndo: isOfUndo,
  },
  ({ ids, clientId }: OfCalls) => {
    const isLine = and(
      eq(auditLogs.clientId, clientId),
      eq(auditLogs.tableName, 'calls'),
      inArray(auditLogs.action, ['INSERT', 'DELETE', 'SYNC_REJECTED']),
    )
    return sql`FROM ${linesOf(ids)} WHERE ${isLine} ORDER BY ${auditLogs.rowid}`
  },
)

/**
 * Returns those of `ids` that someone deleted at some time according to the audit trail, whether or not they were restored. The removal of
 * a refused row does not count as a deletion, and neither does a refused deletion or the undo of an import.
 */
export function everDeletedCalls(db: ReadableDb, clientId: ClientId, ids: readonly CallId[]): Set<CallId> {
  const lines = madeAndDeleted(db, { ids: JSON.stringify(ids), clientId })
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

const change = alias(auditLogs, 'change')
const newestChange = sql`(SELECT max(${change.rowid}) FROM ${auditLogs} AS ${change} INDEXED BY audit_logs_by_record
  WHERE ${change.recordId} = wanted.value AND ${change.tableName} = 'calls' AND ${inArray(change.action, [...DATA_ACTIONS])})`

const undone = manyRows(
  { id: auditLogs.recordId },
  ({
    ids,
    clientId,
  }: OfCalls) => sql`FROM json_each(${ids}) AS wanted CROSS JOIN ${auditLogs} ON ${auditLogs.rowid} = ${newestChange}
    WHERE ${auditLogs.clientId} = ${clientId} AND ${auditLogs.action} = 'DELETE' AND ${isOfUndo}`,
)

/** Returns those of `ids` that the undo of an import deleted, and that nothing has changed since on this device. */
export function undoneCalls(db: ReadableDb, clientId: ClientId, ids: readonly CallId[]): Set<CallId> {
  return new Set(undone(db, { ids: JSON.stringify(ids), clientId }).map(({ id }) => id))
}

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
  const { lines, takenBack } = historyOf(db, clientId, id)
  const held = heldIn(lines)
  return new Map([...heldIn(takenBack)].map(([column, values]) => [column, without(values, held.get(column))]))
}

export function without<T>(values: Iterable<T>, others: ReadonlySet<T> | undefined): Set<T> {
  return new Set([...values].filter((value) => others?.has(value) !== true))
}

/** Returns a call's insertions and changes without those that the server refused; `takenBack` are those of imports that were undone. */
function historyOf(
  db: ReadableDb,
  clientId: ClientId,
  id: CallId,
): { readonly lines: CallLine[]; readonly takenBack: CallLine[] } {
  const all = callLines(db, clientId, [id]).get(id) ?? []
  const imports = new Set(all.flatMap(({ isUndo, importId }) => (isUndo ? [importId] : [])))
  const changes = all.filter(({ action }) => action !== 'DELETE')
  return {
    lines: changes.filter(({ importId }) => importId === null || !imports.has(importId)),
    takenBack: changes.filter(({ importId, isUndo }) => importId !== null && imports.has(importId) && !isUndo),
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

const name = sql<string>`${auditLogs.newValues} ->> '$.name'`

const namesOf = eachTable(({ table }) =>
  query((orm, { clientId }: Named<{ clientId: ClientId }>) =>
    orm
      .selectDistinct({ id: table.id, name })
      .from(table)
      .crossJoin(sql`${auditLogs} INDEXED BY audit_logs_by_record`)
      .where(
        and(
          eq(table.clientId, clientId),
          eq(auditLogs.recordId, table.id),
          eq(auditLogs.tableName, getTableName(table)),
          inArray(auditLogs.action, ['INSERT', 'UPDATE']),
          isNotNull(name),
        ),
      ),
  ),
)

/** Returns names that the client's users or loss reasons have now or had before, from the audit trail. */
export function namesEverHeld(
  db: ReadableDb,
  clientId: ClientId,
  table: AddedTable,
): { readonly id: Id; readonly name: string }[] {
  return namesOf[table].all(db, { clientId })
}
