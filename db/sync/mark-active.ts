import type { Id } from '../../core/id.ts'
import type { WritableDb } from '../open.ts'
import { run } from '../statements.ts'
import { leaveTrail } from './apply-rows.ts'

/**
 * Records what the server said of the account of the person who replicates here, before its row comes with a page. It leaves no line in
 * the trail, because nobody on this device did it and the server does not say who did.
 */
export function markActive(db: WritableDb, userId: Id, isActive: boolean): void {
  leaveTrail(db, false)
  run(db, 'UPDATE users SET is_active = ? WHERE id = ? AND is_active <> ?', isActive ? 1 : 0, userId, isActive ? 1 : 0)
  leaveTrail(db, true)
}
