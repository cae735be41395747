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
  /** In order, apart from each other, and beyond `parents` or `calls`. */
  readonly known: readonly Stretch[]
}

/**
 * Versions after `after` up to and with `upTo`. Those of a stretch that is `known` were made by the device itself, while it had not
 * yet got what others had done before: it holds them, and the feed passes over them.
 */
export type Stretch = { readonly after: number; readonly upTo: number }

/** A cursor has a bounded length. A device that is behind and pushes in between others' pushes more often gets what it sent back. */
const MOST_KNOWN = 3

/**
 * Calls with versions from `done` (exclusive) to `upTo` that the device has yet to get: all of its scope (a snapshot), or
 * others' calls only (a scope that grew).
 */
export type Fill = { readonly kind: 'scope' | 'others'; readonly done: number; readonly upTo: number }

const CALLS = { own: 'o', all: 'a' } as const
const USERS = { names: 'n', full: 'f' } as const
const KINDS = { scope: 's', others: 'x' } as const
const CURSOR =
  /^1\.([0-9a-f]{16})\.([oa])([nf])\.(\d{1,15})\.(\d{1,15})(?:\.([sx])(\d{1,15})-(\d{1,15}))?((?:\.k\d{1,15}-\d{1,15}){0,3})$/

export function formatCursor({ epoch, scope, parents, calls, fill, known }: Position): string {
  const owed = fill === null ? '' : `.${KINDS[fill.kind]}${fill.done}-${fill.upTo}`
  const own = known.map(({ after, upTo }) => `.k${after}-${upTo}`).join('')
  return `1.${epoch}.${CALLS[scope.calls]}${USERS[scope.users]}.${parents}.${calls}${owed}${own}`
}

/** @throws SyncError CURSOR for a text that `formatCursor` did not make. */
export function parseCursor(text: string): Position {
  const match = CURSOR.exec(text)
  if (match === null) throw new SyncError('CURSOR', 'This server did not give this cursor; take a snapshot')
  const [, epoch = '', calls, users, parentsAt, callsAt, kind, done, upTo, known = ''] = match
  return {
    epoch,
    scope: { calls: calls === 'a' ? 'all' : 'own', users: users === 'f' ? 'full' : 'names' },
    parents: Number(parentsAt),
    calls: Number(callsAt),
    fill: kind === undefined ? null : { kind: kind === 's' ? 'scope' : 'others', done: Number(done), upTo: Number(upTo) },
    known: Array.from(known.matchAll(/k(\d+)-(\d+)/g), ([, from, to]) => ({ after: Number(from), upTo: Number(to) })),
  }
}

/** Where a device is that has everything up to `head`. */
export function positionAt(epoch: string, scope: Scope, head: number): Position {
  return { epoch, scope, parents: head, calls: head, fill: null, known: [] }
}

/** Where one is who has everything up to `at` and the stretches that are known. */
function beyond(at: number, known: readonly Stretch[]): number {
  return known.reduce((place, { after, upTo }) => (after <= place && upTo > place ? upTo : place), at)
}

/** The same position without the stretches that it has reached. */
export function settle(at: Position): Position {
  const [parents, calls] = [beyond(at.parents, at.known), beyond(at.calls, at.known)]
  return { ...at, parents, calls, known: at.known.filter(({ upTo }) => upTo > parents || upTo > calls) }
}

/** What is not known of the versions after `after` up to `upTo`, in order. */
export function gaps({ after, upTo }: Stretch, known: readonly Stretch[]): Stretch[] {
  const found: Stretch[] = []
  let at = after
  for (const stretch of known) {
    if (stretch.after > at && at < upTo) found.push({ after: at, upTo: Math.min(stretch.after, upTo) })
    at = Math.max(at, stretch.upTo)
  }
  if (at < upTo) found.push({ after: at, upTo })
  return found
}

/** Whether the device holds the row whose last change is `version`, once all that stands in the cursor was sent. */
export function holds({ known }: Position, sentUpTo: number, version: number): boolean {
  return version <= sentUpTo || known.some(({ after, upTo }) => after < version && version <= upTo)
}

/** The position of a device that holds the stretch too; null where a cursor has no more room. */
export function withKnown(at: Position, stretch: Stretch): Position | null {
  const last = at.known.at(-1)
  const known =
    last?.upTo === stretch.after ? [...at.known.slice(0, -1), { after: last.after, upTo: stretch.upTo }] : [...at.known, stretch]
  return known.length > MOST_KNOWN ? null : settle({ ...at, known })
}
