import type { UserId } from '../../core/id.ts'
import type { WritableDb } from '../open.ts'
import { run } from '../statements.ts'

/**
 * Records the state of the account of the person who syncs here, as the server reported it, before the row arrives in a page. Runs in
 * the transaction that applies the server's data.
 */
export function markActive(db: WritableDb, userId: UserId, isActive: boolean): void {
  run(db, 'UPDATE users SET is_active = ? WHERE id = ? AND is_active <> ?', isActive ? 1 : 0, userId, isActive ? 1 : 0)
}
