import { and, between, eq, gt, inArray, sql, type SQL } from 'drizzle-orm'
import type { TxId, UserId } from '../../core/id.ts'
import type { Operation, Rejection } from '../../core/sync/operation.ts'
import { LIMITS } from '../../core/sync/protocol.ts'
import { syncTable, type Scalar, type SyncTableName } from '../../core/sync/tables.ts'
import { isAmong, updateOf } from '../../platform/sqlite/prepared.ts'
import type { ReadableDb, WritableDb } from '../open.ts'
import { isChangeOfRow, isPending, PENDING_INDEX, selectPending } from '../pending.ts'
import { manyRows, query, statement, type Named, type RowOf } from '../prepared.ts'
import { syncOutbox } from '../sync-schema.ts'
import { aliasesOf, referenceThroughAlias } from './aliases.ts'

/**
 * The transaction in which an operation is sent. Imported rows and calls of one bulk action are written hundreds at a time but are
 * independent, so each is sent as its own transaction: a refused row does not cause others to be refused.
 */
export const sentTransaction: SQL<TxId> = sql`iif(${syncOutbox.origin} IN ('import', 'bulk'), ${syncOutbox.opId}, ${syncOutbox.txId})`

type OfUser = Named<{ userId: UserId }>

const pendingOfUser = query((orm, { userId }: OfUser) =>
  selectPending(orm, { pending: sql<number>`count(*)` }).where(and(isPending, eq(syncOutbox.userId, userId))),
)

const anyPending = query((orm) => selectPending(orm, { deviceSeq: syncOutbox.deviceSeq }).where(isPending).limit(1))

const pendingAmong = query((orm, { ids }: Named<{ ids: string }>) =>
  selectPending(orm, { id: syncOutbox.opId }).where(and(isPending, isAmong(syncOutbox.opId, ids))),
)

const operationColumns = {
  opId: syncOutbox.opId,
  txId: sentTransaction,
  deviceSeq: syncOutbox.deviceSeq,
  schemaVersion: syncOutbox.schemaVersion,
  table: syncOutbox.tableName,
  rowId: syncOutbox.rowId,
  action: syncOutbox.action,
  fields: syncOutbox.fields,
  hlc: syncOutbox.hlc,
  wallTime: syncOutbox.wallTime,
  origin: syncOutbox.origin,
}
type OutboxRow = RowOf<typeof operationColumns>

const sentColumns = {
  opId: syncOutbox.opId,
  deviceSeq: syncOutbox.deviceSeq,
  table: syncOutbox.tableName,
  rowId: syncOutbox.rowId,
  action: syncOutbox.action,
  fields: sql<
    string | null
  >`CASE WHEN ${syncOutbox.action} <> 'INSERT' OR ${syncOutbox.tableName} <> 'calls' THEN ${syncOutbox.fields} END`,
}

/** A read of pending operations in their order, from its FROM on. */
const pendingInOrder = (where: SQL | undefined) =>
  sql`FROM ${syncOutbox} INDEXED BY ${sql.identifier(PENDING_INDEX)} WHERE ${and(isPending, where)} ORDER BY ${syncOutbox.deviceSeq}`

const nextOfUser = manyRows(
  operationColumns,
  ({ userId, after, limit }: Named<{ userId: UserId; after: number; limit: number }>) =>
    sql`${pendingInOrder(and(eq(syncOutbox.userId, userId), gt(syncOutbox.deviceSeq, after)))} LIMIT ${limit}`,
)

type OfRange = Named<{ userId: UserId; first: number; last: number }>

/** Whether the operation is the person's and its number is in the range. */
export const isInRange = ({ userId, first, last }: OfRange) =>
  and(between(syncOutbox.deviceSeq, first, last), eq(syncOutbox.userId, userId))

const sentInRange = manyRows(sentColumns, (range: OfRange) => pendingInOrder(isInRange(range)))

const changesOfRows = manyRows(
  { rowId: syncOutbox.rowId, action: syncOutbox.action, fields: syncOutbox.fields },
  ({ table, ids }: Named<{ table: SyncTableName; ids: string }>) =>
    pendingInOrder(and(eq(syncOutbox.tableName, table), isChangeOfRow, isAmong(syncOutbox.rowId, ids))),
)

const fieldsBySeq = query((orm, { deviceSeq }: Named<{ deviceSeq: number }>) =>
  orm.select({ fields: syncOutbox.fields }).from(syncOutbox).where(eq(syncOutbox.deviceSeq, deviceSeq)),
)

const setOrigin = statement((orm, { origin, after }: Named<{ origin: 'import' | 'bulk'; after: number }>) =>
  updateOf(orm, syncOutbox, { origin }).where(gt(syncOutbox.deviceSeq, after)),
)

const acceptInRange = statement((orm, range: Named<{ userId: UserId; first: number; last: number; distance: number }>) =>
  updateOf(orm, syncOutbox, { state: 'accepted', serverSeq: sql`${syncOutbox.deviceSeq} + ${range.distance}` }).where(
    and(isPending, isInRange(range)),
  ),
)

type Answer = Pick<
  typeof syncOutbox.$inferSelect,
  'deviceSeq' | 'state' | 'serverSeq' | 'rejectCode' | 'rejectField' | 'rejectCurrent'
>

const setAnswer = statement((orm, { deviceSeq, state, serverSeq, rejectCode, rejectField, rejectCurrent }: Named<Answer>) =>
  updateOf(orm, syncOutbox, { state, serverSeq, rejectCode, rejectField, rejectCurrent }).where(
    eq(syncOutbox.deviceSeq, deviceSeq),
  ),
)

const removeAnswered = statement((orm, { deviceSeq }: Named<{ deviceSeq: number }>) =>
  orm.delete(syncOutbox).where(and(eq(syncOutbox.deviceSeq, deviceSeq), inArray(syncOutbox.state, ['accepted', 'merged']))),
)

function toOperation({ fields, origin, ...rest }: OutboxRow): Operation {
  const operation = { ...rest, fields: JSON.parse(fields) as Operation['fields'] }
  // The server does not distinguish the calls of a bulk action.
  return origin === 'import' ? { ...operation, origin } : operation
}

/** Marks this transaction's operations after `after` as imported rows. */
export function markImported(db: WritableDb, after: number): void {
  setOrigin(db, { origin: 'import', after })
}

/** Marks this transaction's operations after `after` as independent of each other. The server does not see the mark. */
export function markIndependent(db: WritableDb, after: number): void {
  setOrigin(db, { origin: 'bulk', after })
}

/** Returns the number of one person's unanswered operations. Another person's operations wait for that person's token. */
export function countPending(db: ReadableDb, userId: UserId): number {
  return pendingOfUser.get(db, { userId })?.pending ?? 0
}

export function hasPending(db: ReadableDb): boolean {
  return anyPending.get(db) !== undefined
}

/** Returns those of the operations `ids` that the server has not answered. */
export function waitingAmong(db: ReadableDb, ids: readonly string[]): Set<string> {
  return new Set(pendingAmong.all(db, { ids: JSON.stringify(ids) }).map(({ id }) => id))
}

/** Returns the values of an operation by column; none if this device no longer has it. */
export function fieldsOfOperation(db: ReadableDb, deviceSeq: number): Operation['fields'] {
  return JSON.parse(fieldsBySeq.get(db, { deviceSeq })?.fields ?? '{}') as Operation['fields']
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
function wireBytes({ fields: stored, origin }: OutboxRow, { fields }: Operation): number {
  let wrappers = 0
  for (const name in fields) wrappers += WRAPPER_BYTES + name.length
  const envelope = ENVELOPE_BYTES + (origin === null ? 0 : TRANSACTION_BYTES)
  return envelope + Math.max(0, Buffer.byteLength(stored) - wrappers)
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
    const slice = nextOfUser(db, { userId, after: found.at(-1)?.deviceSeq ?? after, limit: SLICE })
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
  return sentInRange(db, { userId, first, last }).map(({ fields, ...rest }) => ({
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
  const current = rejection?.current ?? null
  setAnswer(db, {
    deviceSeq,
    state,
    serverSeq,
    rejectCode: rejection?.code ?? null,
    rejectField: rejection?.field ?? null,
    rejectCurrent: current === null ? null : JSON.stringify(current),
  })
}

/** Operations with consecutive numbers whose places in the server's order are consecutive too. */
export type OutboxRange = { readonly first: number; readonly last: number; readonly distance: number }

/** Marks all of a person's waiting operations from the first to the last as accepted. */
export function acceptRange(db: WritableDb, userId: UserId, range: OutboxRange): void {
  acceptInRange(db, { userId, ...range })
}

/** Removes an answered operation that contains a secret. */
export function dropAnswered(db: WritableDb, deviceSeq: number): void {
  removeAnswered(db, { deviceSeq })
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
  const found = changesOfRows(db, { table, ids: JSON.stringify([...ids, ...aliases.keys()]) })
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
