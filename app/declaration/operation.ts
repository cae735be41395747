import { AppError, explainedError } from '../../core/errors.ts'
import { sentence, type MessageId } from '../../core/messages/sentence.ts'
import type { ClientId, Id, UserId } from '../../core/id.ts'
import { may, reach, type Permission, type Reach, type Role } from '../../core/roles.ts'
import type { ReadableDb, WritableDb } from '../../db/open.ts'
import type { PageApplier } from '../../db/sync/apply-page.ts'

/** The person who runs an operation. The role is read from the database by each operation. */
export type Actor = { readonly clientId: ClientId; readonly userId: UserId }

/**
 * Who may run an operation. The runner checks it before the handler starts.
 *
 * - a permission: people whose role has it
 * - `member`: every active person of the client
 * - `internal`: no check, because no one is signed in yet or the server decides. No procedure passes a caller's input to it unchecked.
 */
export type Access = Permission | 'member' | 'internal'

/** `newId` returns ids that sort in the order of their creation. */
export type OperationContext<Db> = {
  readonly db: Db
  readonly actor: Actor
  /** ms since the epoch */
  readonly now: number
  readonly newId: () => Id
}

/** The state that the database thread keeps between operations. */
export type ThreadState = {
  /** The page that several operations write part by part. */
  incomingPage: { readonly applier: PageApplier; readonly after: string | null } | undefined
}

export type InternalContext<Db> = OperationContext<Db> & { readonly thread: ThreadState }

/** `role` is the actor's at the start of the operation, read in the same transaction. */
export type MemberContext<Db> = OperationContext<Db> & { readonly role: Role }

/** `reach` is that of the declared permission. */
export type PermittedContext<Db> = MemberContext<Db> & { readonly reach: Exclude<Reach, 'none'> }

type ContextOf<A extends Access, Db> = A extends 'internal'
  ? InternalContext<Db>
  : A extends 'member'
    ? MemberContext<Db>
    : PermittedContext<Db>

/** Lists and reports have separate threads, so that a slow report never delays a list. */
export type DatabaseThread = 'write' | 'list' | 'report'

type Declared<A extends Access> = {
  readonly access: A
  /** The least reach of the permission; default: all. With `own`, the handler restricts itself to the actor's own records. */
  readonly reach?: 'own'
  /** Permissions that the handler checks for some inputs. */
  readonly also?: readonly Permission[]
}

type Effects<I> = {
  /** Tables whose changes are announced after the commit. */
  readonly changes: readonly string[]
  /** `server`: the rows come from the server and are not sent back. Default: `device`. */
  readonly source?: 'device' | 'server'
  /** One of several transactions of one request. Its errors must not report that nothing was saved. */
  readonly isPart?: true
  /** Maintenance of the file. It cannot run inside a transaction and changes no row. */
  readonly isUpkeep?: true
  /**
   * Returns the row on which the server decides once the workspace is connected; undefined: this input needs no decision. Offline such a
   * request is refused. Its answer waits for the server's verdict.
   */
  readonly decidedRow?: (input: I) => Id | undefined
}

type Run<A extends Access, Db, I, O> = { readonly run: (context: ContextOf<A, Db>, input: I) => O }
type ReadThread = { readonly thread: 'list' | 'report' }
type WriteThread = { readonly thread: 'write' }

export type Query<A extends Access, I, O> = Declared<A> & ReadThread & Run<A, ReadableDb, I, O>

type CommandDeclaration<A extends Access, I, O> = Declared<A> & Effects<I> & Run<A, WritableDb, I, O>

/** A command that a person requests counts as their activity and delays the idle lock. A query does not. */
export type Command<A extends Access, I, O> = CommandDeclaration<A, I, O> & WriteThread

/** An operation of any context, input and result. */
export type Operation = Declared<Access> &
  (ReadThread | (WriteThread & Effects<never>)) & { readonly run: (context: never, input: never) => unknown }

/** Declares an operation that reads. */
export function query<A extends Access, I, O>(declaration: Query<A, I, O>): Query<A, I, O> {
  return declaration
}

/** Declares an operation that writes, in one transaction. */
export function command<A extends Access, I, O>(declaration: CommandDeclaration<A, I, O>): Command<A, I, O> {
  return { ...declaration, thread: 'write' }
}

export function forbidden(permission: Permission): AppError<'FORBIDDEN'> {
  return explainedError('FORBIDDEN', sentence('role.forbidden'), sentence('role.unchanged'), { permission })
}

/** Returns the reach of a permission that the actor has at least for their own records. @throws AppError FORBIDDEN */
export function requireReach({ role }: MemberContext<ReadableDb>, permission: Permission): Exclude<Reach, 'none'> {
  const reached = reach(role, permission)
  if (reached === 'none') throw forbidden(permission)
  return reached
}

/** @throws AppError FORBIDDEN unless the actor may use `permission` on all records of the client. */
export function requireAll(context: MemberContext<ReadableDb>, permission: Permission): void {
  if (requireReach(context, permission) !== 'all') throw forbidden(permission)
}

/** @throws AppError FORBIDDEN unless the actor may use `permission` on a record of `ownerId`. */
export function requireOn({ role, actor }: MemberContext<ReadableDb>, permission: Permission, ownerId: UserId): void {
  if (!may(role, permission, actor.userId, ownerId)) throw forbidden(permission)
}

/**
 * Refuses to overwrite a change that the person has not seen.
 * @param expected the values by field as they were read; undefined: any value may be replaced.
 * @throws AppError CONFLICT at the first field that has another value.
 */
export function requireUnchanged<T extends object>(record: T, expected: { readonly [K in keyof T]?: unknown } | undefined): void {
  for (const [field, value] of Object.entries(expected ?? {}))
    if (record[field as keyof T] !== value)
      throw new AppError('CONFLICT', sentence('changed-since'), { field, changedSince: true })
}

type Missing<M extends string = MessageId> = M extends `missing.${infer What}` ? What : never

export function notFound(what: Missing): AppError<'NOT_FOUND'> {
  return new AppError('NOT_FOUND', sentence(`missing.${what}`))
}
