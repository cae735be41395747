import { SyncError } from '../../core/sync/errors.ts'
import { toColumnar, type Columnar } from '../../core/sync/columnar.ts'
import { isSyncTable, type Scalar } from '../../core/sync/tables.ts'
import { may, reach } from '../../core/roles.ts'
import type { AuditRecord, Principal, ReadTransaction, Store } from '../store/store.ts'
import { authenticate } from './authenticate.ts'

/** Lines of one record's trail that are sent; a record with more is read with the newest. */
const MOST_LINES = 1_000

const COLUMNS = ['id', 'user_id', 'action', 'old_values', 'new_values', 'created_at']

/**
 * The audit trail of one record, oldest first: what a device that joined later does not hold itself. Whoever may see only
 * own calls gets a call's trail from the moment it became his (S14).
 */
export async function readHistory(
  store: Store,
  token: string | undefined,
  table: string,
  rowId: string,
): Promise<{ history: Columnar; clientId: string }> {
  return store.read(async (tx) => {
    const principal = await authenticate(tx, token)
    const { clientId, userId, role } = principal
    const owner = await ownerOf(tx, principal, table, rowId)
    if (owner === undefined || !may(role, 'audit.read', userId, owner))
      throw new SyncError('NOT_FOUND', 'There is no such record, or it is not yours to see')
    const trail = await tx.trail(clientId, table, rowId, MOST_LINES)
    const seen = reach(role, 'audit.read') === 'all' || table !== 'calls' ? trail : sinceOwned(trail, userId)
    const rows = seen.map((line): Scalar[] => [line.id, line.userId, line.action, line.oldValues, line.newValues, line.createdAt])
    return { history: toColumnar('audit_logs', COLUMNS, rows), clientId }
  })
}

/** Whose the record is: null for one of the client as a whole, undefined where there is none. */
async function ownerOf(
  tx: ReadTransaction,
  { clientId }: Principal,
  table: string,
  rowId: string,
): Promise<string | null | undefined> {
  if (!isSyncTable(table)) return undefined
  const row = (await tx.rows(clientId, table, [rowId])).get(rowId)
  if (table === 'users') return row === undefined ? undefined : rowId
  if (table !== 'calls') return row === undefined ? undefined : null
  return row === undefined ? (await tx.deletedOwners(clientId, [rowId])).get(rowId) : String(row.values['user_id'])
}

function valuesOf(json: string | null): Readonly<Record<string, Scalar>> {
  return json === null ? {} : (JSON.parse(json) as Record<string, Scalar>)
}

/** From the line that made the call `userId`'s; what it replaced was another's. */
function sinceOwned(trail: readonly AuditRecord[], userId: string): readonly AuditRecord[] {
  const start = trail.findLastIndex(
    ({ action, newValues }) => action !== 'SYNC_REJECTED' && valuesOf(newValues)['user_id'] === userId,
  )
  return trail
    .slice(Math.max(start, 0))
    .map((line, place) => (place === 0 && line.action === 'UPDATE' ? { ...line, oldValues: null } : line))
}
