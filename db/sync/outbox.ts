import type { Id } from '../../core/id.ts'
import type { Operation, Rejection } from '../../core/sync/operation.ts'
import type { Scalar, SyncTableName } from '../../core/sync/tables.ts'
import type { ReadableDb, WritableDb } from '../open.ts'
import { row, rows, run } from '../statements.ts'

const PENDING = `sync_outbox INDEXED BY sync_outbox_pending WHERE state IN ('pending', 'sent')`

type OutboxRow = Omit<Operation, 'fields'> & { readonly fields: string }

const OPERATION = `op_id AS opId, tx_id AS txId, device_seq AS deviceSeq, schema_version AS schemaVersion, table_name AS "table",
  row_id AS rowId, action, fields, hlc, wall_time AS wallTime`

function toOperation(found: OutboxRow): Operation {
  return { ...found, fields: JSON.parse(found.fields) as Operation['fields'] }
}

/** Operations of one person that no server has answered. Another person's wait for that person's own token. */
export function countPending(db: ReadableDb, userId: Id): number {
  return row<{ pending: number }>(db, `SELECT count(*) AS pending FROM ${PENDING} AND user_id = ?`, userId)?.pending ?? 0
}

export function hasPending(db: ReadableDb): boolean {
  return row(db, `SELECT 1 FROM ${PENDING} LIMIT 1`) !== undefined
}

/** The last number that the device gave to an operation; 0: none yet. */
export function lastDeviceSeq(db: ReadableDb): number {
  return row<{ seq: number }>(db, `SELECT seq FROM sqlite_sequence WHERE name = 'sync_outbox'`)?.seq ?? 0
}

/**
 * The next operations to push after `after`: whole transactions, as many as fit into `bytes` and `most`, and at least one however
 * large it is.
 */
export function nextOperations(db: ReadableDb, userId: Id, after: number, bytes: number, most: number): Operation[] {
  const found = rows<OutboxRow>(
    db,
    `SELECT ${OPERATION} FROM ${PENDING} AND user_id = ? AND device_seq > ? ORDER BY device_seq LIMIT ?`,
    userId,
    after,
    most + 1,
  )
  let size = 0
  let fits = 0
  for (const [at, operation] of found.entries()) {
    size += operation.fields.length
    const endsTransaction = found[at + 1]?.txId !== operation.txId && (at + 1 < found.length || found.length <= most)
    if (endsTransaction && (fits === 0 || (size <= bytes && at < most))) fits = at + 1
    if (size > bytes && fits > 0) break
  }
  if (fits === 0 && found.length > 0) return wholeTransaction(db, found[0]?.txId ?? '')
  return found.slice(0, fits).map(toOperation)
}

function wholeTransaction(db: ReadableDb, txId: string): Operation[] {
  return rows<OutboxRow>(db, `SELECT ${OPERATION} FROM ${PENDING} AND tx_id = ? ORDER BY device_seq`, txId).map(toOperation)
}

/** What was pushed with these numbers and is still to be answered, in its order. */
export function sentOperations(db: ReadableDb, userId: Id, first: number, last: number): Operation[] {
  return rows<OutboxRow>(
    db,
    `SELECT ${OPERATION} FROM ${PENDING} AND user_id = ? AND device_seq BETWEEN ? AND ? ORDER BY device_seq`,
    userId,
    first,
    last,
  ).map(toOperation)
}

export function setVerdict(
  db: WritableDb,
  deviceSeq: number,
  state: 'accepted' | 'merged' | 'rejected',
  serverSeq: number,
  rejection: Rejection | undefined,
): void {
  run(
    db,
    `UPDATE sync_outbox SET state = ?, server_seq = ?, reject_code = ?, reject_field = ?, reject_current = ? WHERE device_seq = ?`,
    state,
    serverSeq,
    rejection?.code ?? null,
    rejection?.field ?? null,
    rejection === undefined || rejection.current === null ? null : JSON.stringify(rejection.current),
    deviceSeq,
  )
}

/** An answered operation that carried a secret has done its work. */
export function dropAnswered(db: WritableDb, deviceSeq: number): void {
  run(db, `DELETE FROM sync_outbox WHERE device_seq = ? AND state IN ('accepted', 'merged')`, deviceSeq)
}

/** What the pending operations make of a row. */
export type Overlay = {
  /** Values by column that a pending edit set last. */
  readonly values: Map<string, Scalar>
  /** Whether the row is there in the end; null: no pending operation says so. */
  exists: boolean | null
}

/** By row id, for those of the rows `ids` that have pending operations. */
export function pendingOverlays(db: ReadableDb, table: SyncTableName, ids: readonly string[]): Map<string, Overlay> {
  const overlays = new Map<string, Overlay>()
  const found = rows<{ rowId: string; action: string; fields: string }>(
    db,
    `SELECT row_id AS rowId, action, fields FROM ${PENDING} AND table_name = ? AND action IN ('INSERT', 'UPDATE', 'DELETE')
       AND row_id IN (SELECT value FROM json_each(?)) ORDER BY device_seq`,
    table,
    JSON.stringify(ids),
  )
  for (const { rowId, action, fields } of found) {
    let overlay = overlays.get(rowId)
    if (overlay === undefined) overlays.set(rowId, (overlay = { values: new Map(), exists: null }))
    if (action === 'DELETE') {
      overlay.values.clear()
      overlay.exists = false
      continue
    }
    if (action === 'INSERT') overlay.exists = true
    for (const [column, field] of Object.entries(JSON.parse(fields) as Operation['fields'])) overlay.values.set(column, field.new)
  }
  return overlays
}
