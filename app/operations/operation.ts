import { AppError } from '../../core/errors.ts'
import type { Id } from '../../core/id.ts'
import { may, reach, type Permission, type Reach, type Role } from '../../core/roles.ts'
import type { ReadableDb, WritableDb } from '../../db/open.ts'
import { getPrincipal } from '../../db/queries/users.ts'

/** Who asks. The role is not part of it: it is read from the database at the moment of the operation. */
export type Actor = { readonly clientId: Id; readonly userId: Id }

/** What an operation may rely on. `newId` gives ids that sort in the order of their making. */
export type OperationContext<Db> = {
  readonly db: Db
  readonly actor: Actor
  readonly now: number
  readonly newId: () => Id
}

/** Lists and reports read in threads of their own, so that a heavy report never delays a list. */
export type DatabaseThread = 'write' | 'list' | 'report'

export type ReadOperation<I, O> = {
  readonly thread: 'list' | 'report'
  readonly run: (context: OperationContext<ReadableDb>, input: I) => O
}

export type WriteOperation<I, O> = {
  readonly thread: 'write'
  /** Tables whose readers are told after the commit. */
  readonly changes: readonly string[]
  /** `server`: what it writes came from there and is not sent back. */
  readonly source: 'device' | 'server'
  /** Upkeep of the file itself, which cannot run inside a transaction and changes no row. */
  readonly isUpkeep?: true
  /** One of several transactions that carry out one request. */
  readonly isPart?: true
  readonly run: (context: OperationContext<WritableDb>, input: I) => O
}

export type Operation<I, O> = ReadOperation<I, O> | WriteOperation<I, O>

export function read<I, O>(thread: 'list' | 'report', run: ReadOperation<I, O>['run']): ReadOperation<I, O> {
  return { thread, run }
}

export function write<I, O>(
  changes: readonly string[],
  run: WriteOperation<I, O>['run'],
  source: WriteOperation<I, O>['source'] = 'device',
): WriteOperation<I, O> {
  return { thread: 'write', changes, run, source }
}

/** One of several transactions that carry out one request, so that its errors must not say that nothing was saved. */
export function writeStep<I, O>(changes: readonly string[], run: WriteOperation<I, O>['run']): WriteOperation<I, O> {
  return { ...write(changes, run), isPart: true }
}

/** Upkeep of the file, between transactions. */
export function upkeep<I = null, O = unknown>(run: WriteOperation<I, O>['run']): WriteOperation<I, O> {
  return { thread: 'write', changes: [], run, source: 'server', isUpkeep: true }
}

/** The actor's role now. @throws AppError SESSION_EXPIRED where the user is gone or deactivated. */
export function currentRole(context: OperationContext<ReadableDb>): Role {
  const principal = getPrincipal(context.db, context.actor.userId)
  if (principal === undefined || !principal.isActive)
    throw new AppError('SESSION_EXPIRED', 'This account is no longer active. Saved work is kept; ask an admin.')
  return principal.role
}

export function forbidden(permission: Permission): AppError<'FORBIDDEN'> {
  return new AppError('FORBIDDEN', 'Your role does not allow this. Nothing was changed; ask an admin.', { permission })
}

/** The reach of a permission that the actor must have at least for own records. @throws AppError FORBIDDEN */
export function requireReach(context: OperationContext<ReadableDb>, permission: Permission): Exclude<Reach, 'none'> {
  const reached = reach(currentRole(context), permission)
  if (reached === 'none') throw forbidden(permission)
  return reached
}

/** @throws AppError FORBIDDEN where the actor may not use `permission` on the client's records as a whole. */
export function requireAll(context: OperationContext<ReadableDb>, permission: Permission): void {
  if (requireReach(context, permission) !== 'all') throw forbidden(permission)
}

/** @throws AppError FORBIDDEN where the actor may not use `permission` on a record of `ownerId`. */
export function requireOn(context: OperationContext<ReadableDb>, permission: Permission, ownerId: Id): void {
  if (!may(currentRole(context), permission, context.actor.userId, ownerId)) throw forbidden(permission)
}

/**
 * Refuses to overwrite a change that the person has not seen.
 * @param expected the values by field as they were read; undefined: any value may be replaced.
 * @throws AppError CONFLICT at the first field that has another value.
 */
export function requireUnchanged<T extends object>(record: T, expected: { readonly [K in keyof T]?: unknown } | undefined): void {
  for (const [field, value] of Object.entries(expected ?? {}))
    if (record[field as keyof T] !== value)
      throw new AppError(
        'CONFLICT',
        'Someone else has changed this since you opened it. Their change was kept; yours was not saved. Open it again to see their change.',
        { field },
      )
}

export function notFound(what: string): AppError<'NOT_FOUND'> {
  return new AppError('NOT_FOUND', `There is no such ${what}, or you don’t have access to it.`)
}
