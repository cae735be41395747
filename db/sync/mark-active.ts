import { and, eq, ne } from 'drizzle-orm'
import type { UserId } from '../../core/id.ts'
import type { WritableDb } from '../open.ts'
import { changeRows } from '../prepared.ts'
import { users } from '../schema.ts'

/**
 * Records the state of the account of the person who syncs here, as the server reported it, before the row arrives in a page. Runs in
 * the transaction that applies the server's data.
 */
export function markActive(db: WritableDb, userId: UserId, isActive: boolean): void {
  const isOther = and(eq(users.id, userId), ne(users.isActive, isActive))
  changeRows(db, db.orm.update(users).set({ isActive }).where(isOther))
}
