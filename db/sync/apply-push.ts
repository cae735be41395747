import { assert, must } from '../../core/assert.ts'
import type { Id } from '../../core/id.ts'
import { DATA_ACTIONS } from '../../core/model/audit.ts'
import type { Operation } from '../../core/sync/operation.ts'
import type { PushResponse } from '../../core/sync/protocol.ts'
import { columnarLength } from '../../core/sync/columnar.ts'
import { columnOf, isSyncTable, versionKey, type SyncTableName } from '../../core/sync/tables.ts'
import { recordEvent } from '../commands/events.ts'
import type { WritableDb } from '../open.ts'
import { currentWrite } from '../write-transaction.ts'
import { applyRows, forgetVersion, getVersion, requireKnown, saveVersion } from './apply-rows.ts'
import { saveConflict } from './conflicts.ts'
import { setCursor } from './connection.ts'
import { dropAnswered, sentOperations, setVerdict } from './outbox.ts'
import { removeRow, sweepUnused } from './remove-rows.ts'

export type PushOutcome = { readonly accepted: number; readonly merged: number; readonly rejected: number }

/**
 * Takes the server's answer to the operations from `first` to `last`: their verdicts, the rows of those that did not go through as
 * they were, and the cursor, all in the caller's transaction (S5, S12). Run twice, the second run finds nothing that waits.
 * @throws UnknownColumnError before anything is written.
 */
export function applyPushResponse(db: WritableDb, userId: Id, first: number, last: number, response: PushResponse): PushOutcome {
  for (const page of response.rows) requireKnown(page)
  const operations = sentOperations(db, userId, first, last)
  if (operations.length === 0) return { accepted: 0, merged: 0, rejected: 0 }
  assert(operations.length === response.seq.length, 'The server answers every operation of a push')
  const merged = new Set(response.merged)
  const rejected = new Map(response.rejected.map((each) => [each.index, each]))
  for (const [index, operation] of operations.entries()) {
    const seq = must(response.seq[index], 'Every operation has its place')
    const rejection = rejected.get(index)
    const verdict = rejection !== undefined ? 'rejected' : merged.has(index) ? 'merged' : 'accepted'
    setVerdict(db, operation.deviceSeq, verdict, seq, rejection)
    if (verdict === 'accepted') saveOwnVersion(db, operation, seq, response.cursor !== null)
    if (verdict !== 'rejected' && carriesSecret(operation)) dropAnswered(db, operation.deviceSeq)
  }
  // Children first: what points to a row goes before it.
  const removed = response.removed.toSorted((a, b) => Number(b.table === 'calls') - Number(a.table === 'calls'))
  for (const removal of removed) removeRow(db, removal)
  for (const page of response.rows) applyRows(db, page, 0, columnarLength(page))
  if (rejected.size > 0) sweepUnused(db)
  for (const { index, code, field } of response.rejected) {
    const { table, rowId, opId } = must(operations[index], 'A verdict is about an operation of the push')
    recordEvent(db, { tableName: table, recordId: rowId, action: 'SYNC_REJECTED', newValues: { op_id: opId, code, field } })
  }
  for (const conflict of response.conflicts) saveConflict(db, conflict)
  if (response.cursor !== null) setCursor(db, response.cursor, true)
  return { accepted: operations.length - merged.size - rejected.size, merged: merged.size, rejected: rejected.size }
}

function carriesSecret({ table, fields }: Operation): boolean {
  return isSyncTable(table) && Object.keys(fields).some((name) => columnOf(table, name)?.audience === 'self')
}

/**
 * The versions of a row after an operation of this device went through whole.
 * @param wasAtHead nobody had changed anything that this device did not know.
 */
function saveOwnVersion(db: WritableDb, { table, action, rowId, fields }: Operation, seq: number, wasAtHead: boolean): void {
  if (!isSyncTable(table) || !DATA_ACTIONS.some((each) => each === action)) return
  const { clientId } = currentWrite(db)
  if (action === 'DELETE') forgetVersion(db, clientId, table, rowId)
  else if (action === 'INSERT') saveVersion(db, clientId, table, rowId, { version: seq, base: seq, fields: null })
  else {
    const before = getVersion(db, clientId, table, rowId) ?? { base: 0, fields: null }
    saveVersion(db, clientId, table, rowId, {
      version: wasAtHead ? seq : 0,
      base: before.base,
      fields: written(table, before.fields, Object.keys(fields), seq),
    })
  }
}

function written(table: SyncTableName, before: string | null, columns: readonly string[], seq: number): string {
  const versions = (before === null ? {} : JSON.parse(before)) as Record<string, number>
  for (const column of columns) versions[versionKey(table, column)] = seq
  return JSON.stringify(versions)
}
