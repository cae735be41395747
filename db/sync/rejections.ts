import type { Id } from '../../core/id.ts'
import type { Operation, RejectCode } from '../../core/sync/operation.ts'
import type { Scalar } from '../../core/sync/tables.ts'
import type { ReadableDb, WritableDb } from '../open.ts'
import { row, rows, run } from '../statements.ts'
import { currentWrite } from '../write-transaction.ts'

/** What a person did and the server refused; it stays until someone deals with it (S12). */
export type Rejected = {
  readonly opId: Id
  readonly txId: Id
  readonly table: string
  readonly rowId: string
  /** `RESTORE`: of a deleted call. */
  readonly action: 'INSERT' | 'UPDATE' | 'DELETE' | 'RESTORE'
  /** What was typed, by column. */
  readonly values: Readonly<Record<string, Scalar>>
  readonly code: RejectCode
  readonly field: string | null
  /** The server's value at `field`. */
  readonly current: Scalar
  /** When it was done, ms. */
  readonly at: number
}

type RejectedRow = Omit<Rejected, 'values' | 'current'> & { readonly fields: string; readonly current: string | null }

const REJECTED = `op_id AS opId, tx_id AS txId, table_name AS "table", row_id AS rowId, action, fields, reject_code AS code,
  reject_field AS field, reject_current AS current, wall_time AS at`
const OPEN = `state = 'rejected' AND settled_at IS NULL 
  AND (action IN ('INSERT', 'UPDATE', 'DELETE') OR (table_name = 'calls' AND action = 'RESTORE')) AND user_id = ?`

function toRejected({ fields, current, ...rest }: RejectedRow): Rejected {
  const entries = Object.entries(JSON.parse(fields) as Operation['fields']).map(([name, field]) => [name, field.new] as const)
  return { ...rest, values: Object.fromEntries(entries), current: current === null ? null : (JSON.parse(current) as Scalar) }
}

/** Newest first. Events that the server refused are not among them: nobody can do anything about those. */
export function openRejections(db: ReadableDb, userId: Id): Rejected[] {
  return rows<RejectedRow>(
    db,
    `SELECT ${REJECTED} FROM sync_outbox INDEXED BY sync_outbox_attention WHERE ${OPEN} ORDER BY device_seq DESC`,
    userId,
  ).map(toRejected)
}

export function countRejections(db: ReadableDb, userId: Id): number {
  return (
    row<{ open: number }>(db, `SELECT count(*) AS open FROM sync_outbox INDEXED BY sync_outbox_attention WHERE ${OPEN}`, userId)
      ?.open ?? 0
  )
}

/** The versions of the fields that a refused edit was made on, by column. */
export function refusedBases(db: ReadableDb, opId: Id): Readonly<Record<string, number>> {
  const found = row<{ fields: string }>(db, 'SELECT fields FROM sync_outbox WHERE op_id = ?', opId)
  const fields = JSON.parse(found?.fields ?? '{}') as Operation['fields']
  return Object.fromEntries(Object.entries(fields).map(([name, { base = 0 }]) => [name, base]))
}

/** A refused operation with the others of its transaction, in their order: they were refused together (S4). */
export function rejectedTogether(db: ReadableDb, userId: Id, opId: Id): Rejected[] {
  return openRejections(db, userId)
    .filter(({ txId }, _, all) => txId === all.find((each) => each.opId === opId)?.txId)
    .toReversed()
}

export function settleRejection(db: WritableDb, opId: Id): void {
  run(db, 'UPDATE sync_outbox SET settled_at = ? WHERE op_id = ?', currentWrite(db).now, opId)
}
