import { AppError } from '../../core/errors.ts'
import { reach, type Permission, type Reach, type Role } from '../../core/roles.ts'
import type { ReadableDb } from '../../db/open.ts'
import { getPrincipal } from '../../db/queries/users.ts'
import { command, forbidden, query, type Command, type OperationContext, type Query } from './operation.ts'

// Operations of sync that check the role in their handlers, until each declares its access.

type Read<I, O> = Query<'internal', I, O>
type Write<I, O> = Command<'internal', I, O>

export function read<I, O>(thread: 'list' | 'report', run: Read<I, O>['run']): Read<I, O> {
  return query({ access: 'internal', thread, run })
}

export function write<I, O>(
  changes: readonly string[],
  run: Write<I, O>['run'],
  source: 'device' | 'server' = 'device',
): Write<I, O> {
  return command({ access: 'internal', changes, source, run })
}

export function upkeep<I = null, O = unknown>(run: Write<I, O>['run']): Write<I, O> {
  return command({ access: 'internal', changes: [], source: 'server', isUpkeep: true, run })
}

export function currentRole(context: OperationContext<ReadableDb>): Role {
  const principal = getPrincipal(context.db, context.actor.userId)
  if (principal === undefined || !principal.isActive)
    throw new AppError('SESSION_EXPIRED', 'This account is no longer active. Saved work is kept; ask an admin.')
  return principal.role
}

export function requireReach(context: OperationContext<ReadableDb>, permission: Permission): Exclude<Reach, 'none'> {
  const reached = reach(currentRole(context), permission)
  if (reached === 'none') throw forbidden(permission)
  return reached
}

export function requireAll(context: OperationContext<ReadableDb>, permission: Permission): void {
  if (requireReach(context, permission) !== 'all') throw forbidden(permission)
}
