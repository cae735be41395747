import type { UserId } from '../../core/id.ts'
import type { Operation, OperationOrigin, Rejection } from '../../core/sync/operation.ts'
import { LIMITS } from '../../core/sync/protocol.ts'
import { syncTable, type Scalar, type SyncTableName } from '../../core/sync/tables.ts'
import type { ReadableDb, WritableDb } from '../open.ts'
import { aliasesOf, referenceThroughAlias } from './aliases.ts'
import { row, rows, run } from '../statements.ts'

const PENDING = `sync_outbox INDEXED BY sync_outbox_pending WHERE state IN ('pending', 'sent')`

type OutboxRow = Omit<Operation, 'fields' | 'origin'> & {
  readonly fields: string
  readonly origin: OperationOrigin | null
  /** Whether it is sent as its own transaction. */
  readonly isAlone: 0 | 1
}

/**
 * The transaction in which an operation is sent. Imported rows and calls of one bulk action are written hundreds at a time but are
 * independent, so each is sent as its own transaction: a refused row does not cause others to be refused.
 */
export const TRANSACTION = `iif(origin IN ('import', 'bulk'), op_id, tx_id)`

const OPERATION = `op_id AS opId, ${TRANSACTION} AS txId, device_seq AS deviceSeq, schema_version AS schemaVersion, table_name AS "table",
  row_id AS rowId, action, fields, hlc, wall_time AS wallTime, nullif(origin, 'bulk') AS origin, origin IS NOT NULL AS isAlone`

function toOperation({ fields, origin, isAlone: _isAlone, ...found }: OutboxRow): Operation {
  const operation = { ...found, fields: JSON.parse(fields) as Operation['fields'] }
  return origin === null ? operation : { ...operation, origin }
}

/** Marks this transaction's operations after `after` as imported rows. */
export function markImported(db: WritableDb, after: number): void {
  run(db, `UPDATE sync_outbox SET origin = 'import' WHERE device_seq > ?`, after)
}

/** Marks this transaction's operations after `after` as independent of each other. The server does not see the mark. */
export function markIndependent(db: WritableDb, after: number): void {
  run(db, `UPDATE sync_outbox SET origin = 'bulk' WHERE device_seq > ?`, after)
}

/** Returns the number of one person's unanswered operations. Another person's operations wait for that person's token. */
export function countPending(db: ReadableDb, userId: UserId): number {
  return row<{ pending: number }>(db, `SELECT count(*) AS pending FROM ${PENDING} AND user_id = ?`, userId)?.pending ?? 0
}

export function hasPending(db: ReadableDb): boolean {
  return row(db, `SELECT 1 FROM ${PENDING} LIMIT 1`) !== undefined
}

/** Returns those of the operations `ids` that the server has not answered. */
export function waitingAmong(db: ReadableDb, ids: readonly string[]): Set<string> {
  const text = `SELECT op_id AS id FROM ${PENDING} AND op_id IN (SELECT value FROM json_each(?))`
  return new Set(rows<{ id: string }>(db, text, JSON.stringify(ids)).map(({ id }) => id))
}

/** Operations per read. The size of a batch is known only after its operations were read. */
const SLICE = 1_000

/** Bytes of an operation in a push without its values: ids, clocks, numbers. */
const ENVELOPE_BYTES = 160
/** Extra bytes of an operation that is its own transaction: its id, clock and time. */
const TRANSACTION_BYTES = 80
/** `"":{"new":},`, which surrounds every value in the outbox but is not sent. */
const WRAPPER_BYTES = 12

/** Returns the approximate bytes of an operation in a push, in which all operations of a shape share the columns' names. */
function wireBytes({ fields: stored, isAlone }: OutboxRow, { fields }: Operation): number {
  let wrappers = 0
  for (const name in fields) wrappers += WRAPPER_BYTES + name.length
  return ENVELOPE_BYTES + isAlone * TRANSACTION_BYTES + Math.max(0, Buffer.byteLength(stored) - wrappers)
}

/**
 * Returns the next operations to push after `after`: whole transactions, up to about `bytes` of the request's JSON and `most` operations, and
 * at least one transaction. A transaction larger than `piece` is cut, because the server accepts no larger request. Its pieces are judged one
 * by one. The cut depends only on the waiting operations, so a retry sends the same piece.
 */
export function nextOperations(
  db: ReadableDb,
  userId: UserId,
  after: number,
  bytes: number,
  most: number,
  piece: { readonly bytes: number; readonly operations: number } = { bytes: LIMITS.pieceBytes, operations: LIMITS.operations },
): Operation[] {
  const found: Operation[] = []
  let size = 0
  let fits = 0
  for (;;) {
    const slice = rows<OutboxRow>(
      db,
      `SELECT ${OPERATION} FROM ${PENDING} AND user_id = ? AND device_seq > ? ORDER BY device_seq LIMIT ?`,
      userId,
      found.at(-1)?.deviceSeq ?? after,
      SLICE,
    )
    for (const stored of slice) {
      // The previous transaction is complete when the next one begins.
      if (found.at(-1)?.txId !== stored.txId && found.length > 0) {
        if (size > bytes || found.length > most) return fits > 0 ? found.slice(0, fits) : found
        fits = found.length
      }
      const operation = toOperation(stored)
      const added = wireBytes(stored, operation)
      // The first transaction is larger than a request.
      const isFull = size + added > piece.bytes || found.length === piece.operations
      if (fits === 0 && found.length > 0 && isFull) return found
      found.push(operation)
      size += added
      if (fits > 0 && (size > bytes || found.length > most)) return found.slice(0, fits)
    }
    if (slice.length < SLICE) return found
  }
}

/** The parts of a pushed operation that its answer needs. */
export type SentOperation = Pick<Operation, 'opId' | 'deviceSeq' | 'table' | 'rowId' | 'action'> & {
  /** The columns that it wrote; empty for a new call, which is written whole and has no secret. */
  readonly columns: readonly string[]
}

/** Returns the unanswered operations with these numbers, in their order. */
export function sentOperations(db: ReadableDb, userId: UserId, first: number, last: number): SentOperation[] {
  return rows<Omit<SentOperation, 'columns'> & { readonly fields: string | null }>(
    db,
    `SELECT op_id AS opId, device_seq AS deviceSeq, table_name AS "table", row_id AS rowId, action,
       CASE WHEN action <> 'INSERT' OR table_name <> 'calls' THEN fields END AS fields
     FROM ${PENDING} AND user_id = ? AND device_seq BETWEEN ? AND ? ORDER BY device_seq`,
    userId,
    first,
    last,
  ).map(({ fields, ...rest }) => ({
    ...rest,
    columns: fields === null ? [] : Object.keys(JSON.parse(fields) as Operation['fields']),
  }))
}

export function setVerdict(
  db: WritableDb,
  deviceSeq: number,
  state: 'merged' | 'rejected',
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

/** Operations with consecutive numbers whose places in the server's order are consecutive too. */
export type OutboxRange = { readonly first: number; readonly last: number; readonly distance: number }

/** Marks all of a person's waiting operations from the first to the last as accepted. */
export function acceptRange(db: WritableDb, userId: UserId, { first, last, distance }: OutboxRange): void {
  run(
    db,
    `UPDATE sync_outbox SET state = 'accepted', server_seq = device_seq + ?
     WHERE device_seq BETWEEN ? AND ? AND user_id = ? AND state IN ('pending', 'sent')`,
    distance,
    first,
    last,
    userId,
  )
}

/** Stores the versions of the rows of accepted operations, from the first to the last. All of them are new rows. */
export function saveNewVersions(db: WritableDb, userId: UserId, first: number, last: number): void {
  run(
    db,
    `INSERT INTO sync_rows (client_id, table_name, row_id, version, base, fields)
     SELECT client_id, table_name, row_id, server_seq, server_seq, NULL FROM sync_outbox
     WHERE device_seq BETWEEN ? AND ? AND user_id = ? AND state = 'accepted' AND action = 'INSERT'
     ON CONFLICT (client_id, table_name, row_id) DO UPDATE SET version = excluded.version, base = excluded.base, fields = NULL`,
    first,
    last,
    userId,
  )
}

/** Removes an answered operation that contains a secret. */
export function dropAnswered(db: WritableDb, deviceSeq: number): void {
  run(db, `DELETE FROM sync_outbox WHERE device_seq = ? AND state IN ('accepted', 'merged')`, deviceSeq)
}

/** The result of the pending operations on a row. */
export type Overlay = {
  /** Values by column that a pending edit set last. */
  readonly values: Map<string, Scalar>
  /** Whether the row exists after the pending operations; null: they do not decide it. */
  exists: boolean | null
}

/** By row id, for those of the rows `ids` that have pending operations. */
export function pendingOverlays(db: ReadableDb, table: SyncTableName, ids: readonly string[]): Map<string, Overlay> {
  const overlays = new Map<string, Overlay>()
  const aliases = aliasesOf(db, table, ids)
  const found = rows<{ rowId: string; action: string; fields: string }>(
    db,
    `SELECT row_id AS rowId, action, fields FROM ${PENDING} AND table_name = ? AND (action IN ('INSERT', 'UPDATE', 'DELETE') OR (table_name = 'calls' AND action = 'RESTORE'))
       AND row_id IN (SELECT value FROM json_each(?)) ORDER BY device_seq`,
    table,
    JSON.stringify([...ids, ...aliases.keys()]),
  )
  for (const { rowId: sentAs, action, fields } of found) {
    // The server decides about the values that an aliased new row proposes.
    if (aliases.has(sentAs) && action !== 'UPDATE') continue
    const rowId = aliases.get(sentAs) ?? sentAs
    let overlay = overlays.get(rowId)
    if (overlay === undefined) overlays.set(rowId, (overlay = { values: new Map(), exists: null }))
    if (action === 'DELETE') {
      // The values set before it stay: a later RESTORE brings them back.
      overlay.exists = false
      continue
    }
    if (action === 'RESTORE') overlay.exists = true
    if (action === 'INSERT') {
      overlay.exists = true
      // An INSERT proposes null for the columns that it omits.
      for (const { name, writer } of syncTable(table).columns) if (writer === 'operation') overlay.values.set(name, null)
    }
    for (const [column, field] of Object.entries(JSON.parse(fields) as Operation['fields']))
      overlay.values.set(column, referenceThroughAlias(db, table, column, field.new))
  }
  return overlays
}
