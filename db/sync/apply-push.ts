import { assert, must } from '../../core/assert.ts'
import type { UserId } from '../../core/id.ts'
import type { PushResponse } from '../../core/sync/protocol.ts'
import { columnarLength, type Columnar } from '../../core/sync/columnar.ts'
import { withVersion } from '../../core/sync/field-versions.ts'
import { columnOf, isSyncTable, SYNC_TABLE_NAMES, type Scalar } from '../../core/sync/tables.ts'
import { recordEvent } from '../commands/events.ts'
import type { WritableDb } from '../open.ts'
import { applyRows, requireKnown } from './apply-rows.ts'
import { saveConflict } from './conflicts.ts'
import { markScrubPending, setCursor } from './device-state.ts'
import { forgetCalls, mayRemember } from './forget-calls.ts'
import { acceptRange, dropAnswered, sentOperations, setVerdict, type SentOperation, type OutboxRange } from './outbox.ts'
import { settleDeletedImports, settleMadeAgain } from './rejections.ts'
import { removeRows, sweepUnused } from './remove-rows.ts'
import { replaceAliased, saveAliases } from './replace-aliased.ts'
import { takeBack } from './step-aside.ts'
import { fieldVersions, forgetVersion, saveNewVersions, saveVersions, versionsOf } from './versions.ts'

export type PushOutcome = { readonly accepted: number; readonly merged: number; readonly rejected: number }

/**
 * Applies the server's answer to the operations from `first` to `last`: the verdicts, the server's rows and the cursor, all in the
 * caller's transaction (S5, S12). A second run with the same answer changes nothing.
 * @throws UnknownColumnError before anything is written.
 */
export function applyPushResponse(
  db: WritableDb,
  userId: UserId,
  first: number,
  last: number,
  response: PushResponse,
): PushOutcome {
  for (const page of response.rows) requireKnown(page)
  const operations = sentOperations(db, userId, first, last)
  if (operations.length === 0) return { accepted: 0, merged: 0, rejected: 0 }
  assert(operations.length === response.seq.length, 'The server answers every operation of a push')
  const merged = new Set(response.merged)
  const rejected = new Map(response.rejected.map((each) => [each.index, each]))
  const judged = operations.map((operation, index): Judged => {
    const seq = must(response.seq[index], 'Every operation has its number')
    return { operation, seq, verdict: rejected.has(index) ? 'rejected' : merged.has(index) ? 'merged' : 'accepted' }
  })
  for (const [index, { operation, seq, verdict }] of judged.entries())
    if (verdict !== 'accepted') setVerdict(db, operation.deviceSeq, verdict, seq, rejected.get(index))
  for (const range of ranges(judged)) acceptRange(db, userId, range)
  settleDeletedImports(db, first, last)
  settleMadeAgain(db, userId, first, last)
  saveOwnVersions(db, userId, judged, response.isCovered)
  for (const { operation, verdict } of judged)
    if (verdict !== 'rejected' && carriesSecret(operation)) dropAnswered(db, operation.deviceSeq)
  const { removed } = response
  // The answer lists a call that moved away as removed, because it contains nothing about another person's calls.
  const foreign = removed.filter(({ table, id }) => table === 'calls' && !mayRemember(db, userId, id)).map(({ id }) => id)
  removeRows(db, removed)
  forgetCalls(db, foreign)
  if (foreign.length > 0) markScrubPending(db, true)
  saveAliases(db, response.aliases)
  for (const page of response.rows) applyRows(db, page, 0, columnarLength(page))
  replaceAliased(db, response.aliases)
  // A row in the answer has the server's value already, which may be newer than this device's value.
  const arrived = new Set(response.rows.flatMap((page) => idsOf(page).map((id) => `${page.table} ${String(id)}`)))
  for (const { operation, verdict } of judged)
    if (verdict === 'accepted' && !arrived.has(`${operation.table} ${operation.rowId}`))
      takeBack(db, operation.deviceSeq, operation.table, operation.rowId)
  if (rejected.size > 0) sweepUnused(db)
  for (const { index, code, field } of response.rejected) {
    const { table, rowId, opId } = must(operations[index], 'A verdict is about an operation of the push')
    recordEvent(db, { tableName: table, recordId: rowId, action: 'SYNC_REJECTED', newValues: { op_id: opId, code, field } })
  }
  for (const conflict of response.conflicts) saveConflict(db, conflict)
  setCursor(db, response.cursor, response.complete)
  return { accepted: operations.length - merged.size - rejected.size, merged: merged.size, rejected: rejected.size }
}

function idsOf({ columns, data }: Columnar): readonly Scalar[] {
  return must(data[columns.indexOf('id')], 'A row page has ids')
}

type Judged = {
  readonly operation: SentOperation
  readonly seq: number
  readonly verdict: 'accepted' | 'merged' | 'rejected'
}

/** Returns the accepted operations as ranges, as few as possible. */
function ranges(judged: readonly Judged[]): OutboxRange[] {
  const found: OutboxRange[] = []
  let isBroken = true
  for (const { operation, seq, verdict } of judged) {
    const last = found.at(-1)
    const distance = seq - operation.deviceSeq
    if (verdict !== 'accepted') isBroken = true
    else if (isBroken || last === undefined || last.distance !== distance) {
      found.push({ first: operation.deviceSeq, last: operation.deviceSeq, distance })
      isBroken = false
    } else found[found.length - 1] = { ...last, last: operation.deviceSeq }
  }
  return found
}

function carriesSecret({ table, columns }: SentOperation): boolean {
  return isSyncTable(table) && columns.some((name) => columnOf(table, name)?.audience === 'self')
}

/**
 * Stores the versions of the rows of accepted operations. Consecutive new rows get theirs in one statement, and so do consecutive edits.
 * @param wasAtHead the device had received all changes of others before this push.
 */
function saveOwnVersions(db: WritableDb, userId: UserId, judged: readonly Judged[], wasAtHead: boolean): void {
  let [first, last]: [number | null, number] = [null, 0]
  let edits: Judged[] = []
  const flush = () => {
    if (first !== null) saveNewVersions(db, userId, first, last)
    first = null
    saveEdits(db, edits, wasAtHead)
    edits = []
  }
  for (const each of judged) {
    const { operation, verdict } = each
    const { table, action, deviceSeq, rowId } = operation
    const isNew = verdict === 'accepted' && isSyncTable(table) && action === 'INSERT'
    const isEdit = verdict === 'accepted' && isSyncTable(table) && action === 'UPDATE'
    if (isNew ? edits.length > 0 : first !== null) flush()
    if (isNew) {
      first ??= deviceSeq
      last = deviceSeq
    } else if (isEdit) edits.push(each)
    else if (verdict === 'accepted' && isSyncTable(table) && action === 'DELETE') {
      flush()
      forgetVersion(db, table, rowId)
    }
  }
  flush()
}

/** Stores the versions of rows after edits of this device were accepted whole. */
function saveEdits(db: WritableDb, edits: readonly Judged[], wasAtHead: boolean): void {
  for (const table of SYNC_TABLE_NAMES) {
    const ofTable = edits.filter(({ operation }) => operation.table === table)
    if (ofTable.length === 0) continue
    const ids = ofTable.map(({ operation }) => operation.rowId)
    const versions = versionsOf(db, table, ids)
    // A row may have several edits.
    for (const { operation, seq } of ofTable) {
      const before = fieldVersions(versions.get(operation.rowId))
      const { base, overrides } = withVersion(before, table, operation.columns, seq)
      versions.set(operation.rowId, { version: wasAtHead ? seq : 0, base, fields: JSON.stringify(overrides) })
    }
    saveVersions(db, table, versions)
  }
}
