import type { Id } from '../../core/id.ts'
import type { Values } from '../../core/sync/merge.ts'
import type { ConflictRecord } from '../../core/sync/protocol.ts'
import { isSyncTable, versionKey, type SyncTableName } from '../../core/sync/tables.ts'
import type { ReadableDb, WritableDb } from '../open.ts'
import { row, rows, run } from '../statements.ts'
import { currentWrite } from '../write-transaction.ts'
import { getVersion } from './apply-rows.ts'

/** A value that lost a merge (S10). */
export type OpenConflict = {
  readonly id: string
  readonly table: SyncTableName
  readonly rowId: string
  readonly winning: Values
  readonly losing: Values
  readonly winningUserId: Id
  readonly losingUserId: Id
  readonly createdAt: number
}

type ConflictRow = Omit<OpenConflict, 'table' | 'winning' | 'losing'> & {
  readonly tableName: string
  readonly field: string
  readonly winning: string
  readonly losing: string
  readonly version: number
}

const CONFLICT = `id, table_name AS tableName, row_id AS rowId, field, winning, losing, winning_user_id AS winningUserId,
  losing_user_id AS losingUserId, version, created_at AS createdAt`

/** Keeps what lost. The same conflict comes with the push that made it and with the feed. */
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

/** Whether the merged fields are still as the merge left them: whoever edited them since has decided. */
function stands(db: ReadableDb, clientId: Id, { tableName, rowId, field, version }: ConflictRow): boolean {
  if (!isSyncTable(tableName)) return false
  const found = getVersion(db, clientId, tableName, rowId)
  if (found === undefined) return false
  const overrides = (found.fields === null ? {} : JSON.parse(found.fields)) as Readonly<Record<string, number>>
  return (overrides[versionKey(tableName, field.split(',')[0] ?? '')] ?? found.base) === version
}

function toConflict({ tableName, winning, losing, field: _field, version: _version, ...rest }: ConflictRow): OpenConflict {
  return {
    ...rest,
    table: tableName as SyncTableName,
    winning: JSON.parse(winning) as Values,
    losing: JSON.parse(losing) as Values,
  }
}

/** Newest first. */
export function openConflicts(db: ReadableDb, clientId: Id): OpenConflict[] {
  return rows<ConflictRow>(
    db,
    `SELECT ${CONFLICT} FROM sync_conflicts WHERE client_id = ? AND settled_at IS NULL ORDER BY server_seq DESC`,
    clientId,
  )
    .filter((conflict) => stands(db, clientId, conflict))
    .map(toConflict)
}

export function getOpenConflict(db: ReadableDb, clientId: Id, id: string): OpenConflict | undefined {
  const found = row<ConflictRow>(
    db,
    `SELECT ${CONFLICT} FROM sync_conflicts WHERE client_id = ? AND id = ? AND settled_at IS NULL`,
    clientId,
    id,
  )
  return found !== undefined && stands(db, clientId, found) ? toConflict(found) : undefined
}

export function settleConflict(db: WritableDb, id: string): void {
  run(db, 'UPDATE sync_conflicts SET settled_at = ? WHERE id = ?', currentWrite(db).now, id)
}
