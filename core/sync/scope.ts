import type { UserId } from '../id.ts'
import { reach, type Role } from '../roles.ts'
import { isPersonal, syncTable, type SyncTableName } from './tables.ts'

/**
 * How much of the client a device receives (S14), by the role of its user. `names`: of colleagues only the columns whose audience is
 * everyone.
 */
export type Scope = { readonly calls: 'own' | 'all'; readonly users: 'names' | 'full' }

export function scopeOf(role: Role): Scope {
  return {
    calls: reach(role, 'calls.read') === 'all' ? 'all' : 'own',
    users: reach(role, 'users.read') === 'all' ? 'full' : 'names',
  }
}

export function sameScope(a: Scope, b: Scope): boolean {
  return a.calls === b.calls && a.users === b.users
}

/**
 * Whether a device of `userId` may receive a row. `ownerId` is null for rows that belong to the whole client. The targets of a person are
 * received by the people who see that person's calls.
 */
export function inScope(scope: Scope, table: SyncTableName, userId: UserId, ownerId: UserId | null): boolean {
  if (ownerId === userId) return true
  if (isPersonal(table)) return false
  return scope.calls === 'all' || (table !== 'calls' && ownerId === null)
}

/** The columns of a row that may be sent (S16). `own`: the row is about the reader. */
export function visibleColumns(scope: Scope, table: SyncTableName, own: boolean): readonly string[] {
  const detailed = scope.users === 'full' || own
  return syncTable(table)
    .columns.filter(
      ({ audience }) => audience === 'everyone' || (audience === 'users.read' && detailed) || (audience === 'self' && own),
    )
    .map(({ name }) => name)
}
