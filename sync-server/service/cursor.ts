import { createHmac, timingSafeEqual } from 'node:crypto'
import { SyncError } from '../../core/sync/errors.ts'
import type { Scope } from '../../core/sync/scope.ts'
import type { Principal, ReadTransaction, Store } from '../store/store.ts'

/**
 * The position of a device. Parents (users, reasons, settings) and calls have separate positions: parents are sent first, so that a call
 * never arrives before the rows that it refers to.
 */
export type Position = {
  /** The scope that the device holds. It never decides which rows the device may get; the current role does. */
  readonly scope: Scope
  /** All changes of the parent tables up to here were sent. */
  readonly parents: number
  /** Every call, removal and conflict up to here was sent, except for the calls that `fill` still sends. */
  readonly calls: number
  readonly fill: Fill | null
  /** In order, not adjacent, and after `parents` or `calls`. */
  readonly known: readonly SeqRange[]
}

/**
 * The newest history in an answer to the device: a head and the chain value there. All rows that the device received, and all its
 * acknowledged operations, are at or before this head, regardless of the cursor's position.
 */
export type Seen = { readonly head: number; readonly chain: Uint8Array }

/** The person, client and server of a cursor. A cursor of another person, client or server is refused. */
export type Seal = Pick<Store, 'epoch' | 'cursorKey'> & Pick<Principal, 'clientId' | 'userId'>

/**
 * The versions after `after`, up to and including `upTo`. The device itself made the versions of a `known` range before it had received
 * earlier changes by others. It holds them, so the feed skips them.
 */
export type SeqRange = { readonly after: number; readonly upTo: number }

/**
 * Bounds the length of a cursor. A device that is behind, and pushes alternately with others more often than this, receives its own
 * changes.
 */
const MOST_KNOWN = 3

/**
 * Calls with versions from `done` (exclusive) to `upTo` that the device still has to receive: all calls of its scope (a snapshot), or only
 * those of others (the scope grew).
 */
export type Fill = { readonly kind: 'scope' | 'others'; readonly done: number; readonly upTo: number }

const CALLS = { own: 'o', all: 'a' } as const
const USERS = { names: 'n', full: 'f' } as const
const KINDS = { scope: 's', others: 'x' } as const
const CURSOR =
  /^(2\.[0-9a-f]{16}\.([oa])([nf])\.([0-9a-z]{1,10})\.([0-9a-z]{1,10})(?:\.([sx])([0-9a-z]{1,10})-([0-9a-z]{1,10}))?((?:\.k[0-9a-z]{1,10}-[0-9a-z]{1,10}){0,3})\.h([0-9a-z]{1,10})-([A-Za-z0-9_-]{22}))\.([A-Za-z0-9_-]{22})$/
/** The format of servers that did not authenticate their cursors, with decimal numbers. */
const UNSEALED =
  /^1\.[0-9a-f]{16}\.([oa])([nf])\.(\d{1,15})\.(\d{1,15})(?:\.([sx])(\d{1,15})-(\d{1,15}))?((?:\.k\d{1,15}-\d{1,15}){0,3})$/
/** The epoch is in plain text and at the same place in every version, because a replaced server cannot authenticate the rest. */
const EPOCH = /^\d+\.([0-9a-f]{16})\./
/** The base of numbers. In base 36, the longest cursor fits into the protocol's 200 characters. */
const RADIX = 36

const MAC_BYTES = 16

/** Returns the MAC. It also covers the person for whom the cursor was made. */
function macOf(body: string, { cursorKey, clientId, userId }: Seal): string {
  const mac = createHmac('sha256', cursorKey).update(`${body}\0${clientId}\0${userId}`).digest()
  return mac.subarray(0, MAC_BYTES).toString('base64url')
}

/** Returns the text of a cursor. Anyone can read it, but only the server can make one. */
export function formatCursor({ scope, parents, calls, fill, known }: Position, seen: Seen, seal: Seal): string {
  const text = (seq: number) => seq.toString(RADIX)
  const body = [
    '2',
    seal.epoch,
    `${CALLS[scope.calls]}${USERS[scope.users]}`,
    text(parents),
    text(calls),
    ...(fill === null ? [] : [`${KINDS[fill.kind]}${text(fill.done)}-${text(fill.upTo)}`]),
    ...known.map(({ after, upTo }) => `k${text(after)}-${text(upTo)}`),
    `h${text(seen.head)}-${Buffer.from(seen.chain).toString('base64url')}`,
  ].join('.')
  return `${body}.${macOf(body, seal)}`
}

/**
 * @throws SyncError EPOCH for a cursor of another server; CURSOR for one that this server did not make for this person.
 */
export function parseCursor(text: string, seal: Seal): { readonly position: Position; readonly seen: Seen } {
  const epoch = EPOCH.exec(text)?.[1]
  if (epoch !== undefined && epoch !== seal.epoch) throw otherHistory(seal.epoch)
  const match = CURSOR.exec(text)
  if (match === null) throw noCursor()
  const [, body = '', ...fields] = match
  const [head, chain = '', mac = ''] = fields.slice(8)
  // Both have the same length. The text is compared, because several texts may decode to the same bytes.
  if (!timingSafeEqual(Buffer.from(mac), Buffer.from(macOf(body, seal)))) throw noCursor()
  return {
    position: positionOf(fields, RADIX),
    seen: { head: Number.parseInt(head ?? '', RADIX), chain: Buffer.from(chain, 'base64url') },
  }
}

function positionOf(fields: readonly (string | undefined)[], radix: number): Position {
  const [calls, users, parentsAt, callsAt, kind, done, upTo, known = ''] = fields
  const seq = (digits: string | undefined) => Number.parseInt(digits ?? '', radix)
  return {
    scope: { calls: calls === 'a' ? 'all' : 'own', users: users === 'f' ? 'full' : 'names' },
    parents: seq(parentsAt),
    calls: seq(callsAt),
    fill: kind === undefined ? null : { kind: kind === 's' ? 'scope' : 'others', done: seq(done), upTo: seq(upTo) },
    known: Array.from(known.matchAll(/k([0-9a-z]+)-([0-9a-z]+)/g), ([, from, to]) => ({ after: seq(from), upTo: seq(to) })),
  }
}

/**
 * Returns the position of a cursor that this server made before an update, when cursors were not authenticated. Authentication is not
 * needed: the current role decides which rows a page shows, so an invented position only withholds rows from its own device.
 * @throws SyncError EPOCH if it contains numbers that the file had not given out before the update: the file is an older copy.
 */
async function readUnsealed(tx: ReadTransaction, text: string, seal: Seal): Promise<Position | undefined> {
  const match = UNSEALED.exec(text)
  const client = match === null ? undefined : await tx.client(seal.clientId)
  if (match === null || client === undefined || client.unsealedUntil === 0) return undefined
  if (EPOCH.exec(text)?.[1] !== seal.epoch) return undefined
  const position = positionOf(match.slice(1), 10)
  const { parents, calls, fill, known } = position
  const newest = Math.max(parents, calls, fill?.done ?? 0, fill?.upTo ?? 0, ...known.map(({ upTo }) => upTo))
  if (newest > client.unsealedUntil) throw otherHistory(seal.epoch)
  return settle(position)
}

function noCursor(): SyncError<'CURSOR'> {
  return new SyncError('CURSOR', 'This server did not make this cursor for this person')
}

function otherHistory(epoch: string): SyncError<'EPOCH'> {
  return new SyncError('EPOCH', 'The server was restored from an older backup or replaced; nothing was changed', { epoch })
}

/**
 * Reads a cursor and compares its history with this server's. Comparing numbers is not enough: a restored server soon gives out the same
 * numbers again for other operations.
 * @throws SyncError CURSOR; EPOCH if the server has another history (S6).
 */
export async function readCursor(tx: ReadTransaction, text: string, seal: Seal): Promise<Position> {
  const unsealed = await readUnsealed(tx, text, seal)
  if (unsealed !== undefined) return unsealed
  const { position, seen } = parseCursor(text, seal)
  const chain = await tx.chainAt(seal.clientId, seen.head)
  if (chain === undefined || Buffer.compare(chain, seen.chain) !== 0) throw otherHistory(seal.epoch)
  return settle(position)
}

/** Returns the position of a device that has everything up to `head`. */
export function positionAt(scope: Scope, head: number): Position {
  return { scope, parents: head, calls: head, fill: null, known: [] }
}

/**
 * Returns the start of a snapshot: the rows in scope, then the feed from the present head, which sends rows that change meanwhile again.
 */
export function snapshotStart(scope: Scope, head: number): Position {
  return { scope, parents: 0, calls: head, fill: { kind: 'scope', done: 0, upTo: head }, known: [] }
}

/** Returns the last version up to which nothing is missing, for a device that has everything up to `at` and the known ranges. */
function beyond(at: number, known: readonly SeqRange[]): number {
  return known.reduce((place, { after, upTo }) => (after <= place && upTo > place ? upTo : place), at)
}

/** Moves the position over the known ranges that it reaches, and removes them. */
export function settle(at: Position): Position {
  const [parents, calls] = [beyond(at.parents, at.known), beyond(at.calls, at.known)]
  return { ...at, parents, calls, known: at.known.filter(({ upTo }) => upTo > parents || upTo > calls) }
}

/** Returns the parts of a range that are not known, in order. */
export function gaps({ after, upTo }: SeqRange, known: readonly SeqRange[]): SeqRange[] {
  const found: SeqRange[] = []
  let at = after
  for (const range of known) {
    if (range.after > at && at < upTo) found.push({ after: at, upTo: Math.min(range.after, upTo) })
    at = Math.max(at, range.upTo)
  }
  if (at < upTo) found.push({ after: at, upTo })
  return found
}

/** Returns whether the device holds a row with this version, if everything up to `sentUpTo` was sent. */
export function holds({ known }: Position, sentUpTo: number, version: number): boolean {
  return version <= sentUpTo || known.some(({ after, upTo }) => after < version && version <= upTo)
}

/** Returns the position of a device that also holds the range; null if the cursor has no room for it. */
export function withKnown(at: Position, range: SeqRange): Position | null {
  const last = at.known.at(-1)
  const known =
    last?.upTo === range.after ? [...at.known.slice(0, -1), { after: last.after, upTo: range.upTo }] : [...at.known, range]
  return known.length > MOST_KNOWN ? null : settle({ ...at, known })
}
