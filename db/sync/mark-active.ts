import type { Id } from '../../core/id.ts'
import type { WritableDb } from '../open.ts'
import { run } from '../statements.ts'

/**
 * Records what the server said of the account of the person who replicates here, before its row comes with a page. In a transaction of
 * what the server sent.
 */
export function markActive(db: WritableDb, userId: Id, isActive: boolean): void {
  run(db, 'UPDATE users SET is_active = ? WHERE id = ? AND is_active <> ?', isActive ? 1 : 0, userId, isActive ? 1 : 0)
}
