import type { OpId, TxId, UserId } from '../../core/id.ts'
import type { Operation, RejectCode } from '../../core/sync/operation.ts'
import type { Scalar } from '../../core/sync/tables.ts'
import type { ReadableDb, WritableDb } from '../open.ts'
import { row, rows, run } from '../statements.ts'
import { currentWrite } from '../write-transaction.ts'
import { referenceThroughAlias, throughAlias } from './aliases.ts'
import { TRANSACTION } from './outbox.ts'

/** An operation of a person that the server refused. It stays until a person settles it (S12). */
export type Rejected = {
  readonly opId: OpId
  readonly txId: TxId
  readonly table: string
  readonly rowId: string
  /** `RESTORE`: restores a deleted call. */
  readonly action: 'INSERT' | 'UPDATE' | 'DELETE' | 'RESTORE'
  /** The typed values by column. */
  readonly values: Readonly<Record<string, Scalar>>
  readonly code: RejectCode
  readonly field: string | null
  /** The server's value at `field`. */
  readonly current: Scalar
  /** The time of the change, ms. */
  readonly at: number
}

type RejectedRow = Omit<Rejected, 'values' | 'current'> & { readonly fields: string; readonly current: string | null }

const REJECTED = `op_id AS opId, ${TRANSACTION} AS txId, table_name AS "table", row_id AS rowId, action, fields, reject_code AS code,
  reject_field AS field, reject_current AS current, wall_time AS at`
const OPEN = `state = 'rejected' AND settled_at IS NULL 
  AND (action IN ('INSERT', 'UPDATE', 'DELETE') OR (table_name = 'calls' AND action = 'RESTORE')) AND user_id = ?`

function toRejected(db: ReadableDb, { fields, current, ...rest }: RejectedRow): Rejected {
  const entries = Object.entries(JSON.parse(fields) as Operation['fields']).map(
    ([name, field]) => [name, referenceThroughAlias(db, rest.table, name, field.new)] as const,
  )
  return {
    ...rest,
    rowId: throughAlias(db, rest.rowId),
    values: Object.fromEntries(entries),
    current: current === null ? null : (JSON.parse(current) as Scalar),
  }
}

/** Newest first. Refused events are not included, because no one can correct them. */
export function openRejections(db: ReadableDb, userId: UserId): Rejected[] {
  return rows<RejectedRow>(
    db,
    `SELECT ${REJECTED} FROM sync_outbox INDEXED BY sync_outbox_attention WHERE ${OPEN} ORDER BY device_seq DESC`,
    userId,
  ).map((found) => toRejected(db, found))
}

export function countRejections(db: ReadableDb, userId: UserId): number {
  return (
    row<{ open: number }>(db, `SELECT count(*) AS open FROM sync_outbox INDEXED BY sync_outbox_attention WHERE ${OPEN}`, userId)
      ?.open ?? 0
  )
}

/** Returns the base versions of a refused edit, by column. */
export function refusedBases(db: ReadableDb, opId: OpId): Readonly<Record<string, number>> {
  const found = row<{ fields: string }>(db, 'SELECT fields FROM sync_outbox WHERE op_id = ?', opId)
  const fields = JSON.parse(found?.fields ?? '{}') as Operation['fields']
  return Object.fromEntries(Object.entries(fields).map(([name, { base = 0 }]) => [name, base]))
}

/** Returns a refused operation and the others of its transaction in their order, because they were refused together (S4). */
export function rejectedTogether(db: ReadableDb, userId: UserId, opId: OpId): Rejected[] {
  return openRejections(db, userId)
    .filter(({ txId }, _, all) => txId === all.find((each) => each.opId === opId)?.txId)
    .toReversed()
}

/**
 * Returns the refused operations to retry together, in their order: those of one transaction, those that made the rows they point to, and
 * those that point to rows they make. The retry of a call does not include other calls of its reason; the retry of a reason includes all.
 */
export function rejectedToRetry(db: ReadableDb, userId: UserId, opId: OpId): Rejected[] {
  const all = openRejections(db, userId)
  const made = new Map(all.flatMap((each) => (each.action === 'INSERT' ? [[each.rowId, each] as const] : [])))
  const pointsTo = (each: Rejected) => [each.rowId, ...Object.values(each.values)].flatMap((id) => made.get(String(id)) ?? [])
  const wanted = new Set(rejectedTogether(db, userId, opId).map((each) => each.opId))
  const ids = new Set(all.flatMap((each) => (wanted.has(each.opId) && each.action === 'INSERT' ? [each.rowId] : [])))
  for (const each of all) if (pointsTo(each).some(({ rowId }) => ids.has(rowId))) wanted.add(each.opId)
  // Repeat until nothing is added, because added operations point to rows too.
  for (const waiting = all.filter((each) => wanted.has(each.opId)); waiting.length > 0;)
    for (const parent of pointsTo(waiting.pop() as Rejected))
      if (!wanted.has(parent.opId)) {
        wanted.add(parent.opId)
        waiting.push(parent)
      }
  return all.filter((each) => wanted.has(each.opId)).toReversed()
}

/** Settles refusals of rows that the server has accepted since: a refused row that was imported again. */
export function settleMadeAgain(db: WritableDb, userId: UserId, first: number, last: number): void {
  run(
    db,
    `UPDATE sync_outbox SET settled_at = ? WHERE state = 'rejected' AND settled_at IS NULL AND action = 'INSERT' AND user_id = ?
       AND (table_name, row_id) IN (SELECT table_name, row_id FROM sync_outbox
         WHERE device_seq BETWEEN ? AND ? AND user_id = ? AND action = 'INSERT' AND state IN ('accepted', 'merged'))`,
    currentWrite(db).now,
    userId,
    first,
    last,
    userId,
  )
}

/**
 * Settles refusals of imported rows whose calls a person deleted elsewhere. No one typed them and no decision is needed, so the list of
 * refusals does not show them; the audit trail does.
 */
export function settleDeletedImports(db: WritableDb, first: number, last: number): void {
  run(
    db,
    `UPDATE sync_outbox SET settled_at = ?
     WHERE device_seq BETWEEN ? AND ? AND state = 'rejected' AND reject_code = 'DELETED' AND origin = 'import' AND action = 'INSERT'`,
    currentWrite(db).now,
    first,
    last,
  )
}

export function settleRejection(db: WritableDb, opId: OpId): void {
  run(db, 'UPDATE sync_outbox SET settled_at = ? WHERE op_id = ?', currentWrite(db).now, opId)
}
