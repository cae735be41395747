import { SyncError } from '../../core/sync/errors.ts'
import type { Scope } from '../../core/sync/scope.ts'

/**
 * Where a device is. Parents (users, reasons, settings) and calls have places of their own: parents go ahead, so that a
 * call never arrives before what it points to.
 */
export type Position = {
  readonly epoch: string
  /** What the device holds. */
  readonly scope: Scope
  /** Everything of the parent tables up to here was sent. */
  readonly parents: number
  /** Every call, removal and conflict up to here was sent, but for what `fill` still owes. */
  readonly calls: number
  readonly fill: Fill | null
}

/**
 * Calls with versions from `done` (exclusive) to `upTo` that the device has yet to get: all of its scope (a snapshot), or
 * others' calls only (a scope that grew).
 */
export type Fill = { readonly kind: 'scope' | 'others'; readonly done: number; readonly upTo: number }

const CALLS = { own: 'o', all: 'a' } as const
const USERS = { names: 'n', full: 'f' } as const
const KINDS = { scope: 's', others: 'x' } as const
const CURSOR = /^1\.([0-9a-f]{16})\.([oa])([nf])\.(\d{1,15})\.(\d{1,15})(?:\.([sx])(\d{1,15})-(\d{1,15}))?$/

export function formatCursor({ epoch, scope, parents, calls, fill }: Position): string {
  const rest = fill === null ? '' : `.${KINDS[fill.kind]}${fill.done}-${fill.upTo}`
  return `1.${epoch}.${CALLS[scope.calls]}${USERS[scope.users]}.${parents}.${calls}${rest}`
}

/** @throws SyncError CURSOR for a text that `formatCursor` did not make. */
export function parseCursor(text: string): Position {
  const match = CURSOR.exec(text)
  if (match === null) throw new SyncError('CURSOR', 'This server did not give this cursor; take a snapshot')
  const [, epoch = '', calls, users, parentsAt, callsAt, kind, done, upTo] = match
  return {
    epoch,
    scope: { calls: calls === 'a' ? 'all' : 'own', users: users === 'f' ? 'full' : 'names' },
    parents: Number(parentsAt),
    calls: Number(callsAt),
    fill: kind === undefined ? null : { kind: kind === 's' ? 'scope' : 'others', done: Number(done), upTo: Number(upTo) },
  }
}

/** Where a device is that has everything up to `head`. */
export function positionAt(epoch: string, scope: Scope, head: number): Position {
  return { epoch, scope, parents: head, calls: head, fill: null }
}
