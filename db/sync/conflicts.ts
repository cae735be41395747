import type { ClientId, UserId } from '../../core/id.ts'
import type { Values } from '../../core/sync/merge.ts'
import type { ConflictRecord } from '../../core/sync/protocol.ts'
import { isSyncTable, versionKey, type SyncTableName } from '../../core/sync/tables.ts'
import type { ReadableDb, WritableDb } from '../open.ts'
import { row, rows, run } from '../statements.ts'
import { currentWrite } from '../write-transaction.ts'

/** A value that lost a merge (S10). */
export type OpenConflict = {
  readonly id: string
  readonly table: SyncTableName
  readonly rowId: string
  readonly winning: Values
  readonly losing: Values
  readonly winningUserId: UserId
  readonly losingUserId: UserId
  readonly createdAt: number
}

/** The columns that decide whether a conflict is open, and for whom. */
type ConflictState = {
  readonly tableName: string
  readonly field: string
  readonly version: number
  /** The present versions of the row's fields. */
  readonly base: number
  readonly fields: string | null
  /** The owner of the call. */
  readonly owner: UserId | null
}
type ConflictRow = ConflictState &
  Omit<OpenConflict, 'table' | 'winning' | 'losing'> & { readonly winning: string; readonly losing: string }

const STATE = `c.table_name AS tableName, c.field, c.version, v.base, v.fields, k.user_id AS owner`
const CONFLICT = `${STATE}, c.id, c.row_id AS rowId, c.winning, c.losing, c.winning_user_id AS winningUserId,
  c.losing_user_id AS losingUserId, c.created_at AS createdAt`
const OPEN = `sync_conflicts AS c
  JOIN sync_rows AS v ON v.client_id = c.client_id AND v.table_name = c.table_name AND v.row_id = c.row_id
  LEFT JOIN calls AS k ON c.table_name = 'calls' AND k.id = c.row_id
  WHERE c.client_id = ? AND c.settled_at IS NULL`

/** Stores conflicts. The same conflict comes with the push that caused it and with the feed. */
export function saveConflict(db: WritableDb, conflict: ConflictRecord): void {
  const { clientId } = currentWrite(db)
  const field = conflict.columns.join(',')
  run(
    db,
    `INSERT INTO sync_conflicts (id, client_id, table_name, row_id, field, winning, losing, winning_op_id, losing_op_id,
       winning_user_id, losing_user_id, server_seq, version, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
    `${conflict.seq}.${conflict.columns[0] ?? ''}`,
    clientId,
    conflict.table,
    conflict.rowId,
    field,
    JSON.stringify(conflict.winning),
    JSON.stringify(conflict.losing),
    conflict.winningOpId,
    conflict.losingOpId,
    conflict.winningUserId,
    conflict.losingUserId,
    conflict.seq,
    conflict.version,
    conflict.createdAt,
  )
}

/** Whether the row exists and the merged fields have not been edited since the merge. A later edit settles the conflict. */
function isOpen({ tableName, field, version, base, fields, owner }: ConflictState): boolean {
  if (!isSyncTable(tableName) || (tableName === 'calls' && owner === null)) return false
  const overrides = (fields === null ? {} : JSON.parse(fields)) as Readonly<Record<string, number>>
  return (overrides[versionKey(tableName, field.split(',')[0] ?? '')] ?? base) === version
}

function toConflict(found: ConflictRow): OpenConflict {
  const { id, tableName, rowId, winning, losing, winningUserId, losingUserId, createdAt } = found
  return {
    id,
    table: tableName as SyncTableName,
    rowId,
    winning: JSON.parse(winning) as Values,
    losing: JSON.parse(losing) as Values,
    winningUserId,
    losingUserId,
    createdAt,
  }
}

/** Returns whether the reader may see conflicts of an owner's calls; null: of rows without an owner. */
type MaySee = (owner: UserId | null) => boolean

/** Newest first. */
export function openConflicts(db: ReadableDb, clientId: ClientId, maySee: MaySee): OpenConflict[] {
  return rows<ConflictRow>(db, `SELECT ${CONFLICT} FROM ${OPEN} ORDER BY c.server_seq DESC`, clientId)
    .filter((each) => isOpen(each) && maySee(each.owner))
    .map(toConflict)
}

export function countOpenConflicts(db: ReadableDb, clientId: ClientId, maySee: MaySee): number {
  const found = rows<ConflictState>(db, `SELECT ${STATE} FROM ${OPEN}`, clientId)
  return found.filter((each) => isOpen(each) && maySee(each.owner)).length
}

export function getOpenConflict(db: ReadableDb, clientId: ClientId, id: string, maySee: MaySee): OpenConflict | undefined {
  const found = row<ConflictRow>(db, `SELECT ${CONFLICT} FROM ${OPEN} AND c.id = ?`, clientId, id)
  return found !== undefined && isOpen(found) && maySee(found.owner) ? toConflict(found) : undefined
}

export function settleConflict(db: WritableDb, id: string): void {
  run(db, 'UPDATE sync_conflicts SET settled_at = ? WHERE id = ?', currentWrite(db).now, id)
}
