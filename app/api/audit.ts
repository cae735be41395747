import type { Cursor } from '../../core/contract/calls.ts'
import type { ProcedureInput } from '../../core/contract/procedures.ts'
import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import type { CallId } from '../../core/id.ts'
import type { TrailCoverage, TrailEntry } from '../../core/model/audit.ts'
import { decodeCursor, encodeCursor } from '../../db/cursor.ts'
import type { AuditQuery } from '../../core/sync/protocol.ts'
import type { Signed } from '../session/sessions.ts'
import type { DeviceSync } from '../sync/device-sync.ts'
import type { HandlerServices, HandlersOf } from './handlers.ts'

type AuditInput = ProcedureInput<'audit.list'>
type TrailPage = { readonly rows: TrailEntry[]; readonly next: Cursor | null; readonly coverage: TrailCoverage }

/** The most lines of a call's history; the newest ones are shown. */
const MOST_LINES = 1_000
const HISTORY_PAGE = 500

/**
 * Returns a page of the audit trail. The server holds the whole trail in its own order. The device puts its unsent lines first, because
 * they get later places in that order. If the server is not reached, the page holds only the lines of this device, and `coverage` is
 * `device`.
 */
async function listTrail(sync: DeviceSync | undefined, signed: Signed, input: AuditInput): Promise<TrailPage> {
  const { workspace, userId } = signed
  const place = placeOf(input.after)
  if (place.of === 'device') {
    // The earlier pages hold lines of this device, so this one does too.
    const { serverUrl } = await workspace.run('engine.deviceState', userId, null)
    return { ...(await workspace.run('audit.listLocal', userId, input)), coverage: serverUrl === null ? 'complete' : 'device' }
  }
  if (place.of === 'server') {
    const found = await sync?.trail(signed, queryOf(input, place.after))
    if (found === undefined || found === null) throw new AppError('UNREACHABLE', sentence('server.no-trail'))
    return pageOf(found.rows.map(answered), serverCursor(found.next))
  }
  if (place.of === 'waiting') {
    const waiting = await workspace.run('audit.waiting', userId, { ...input, before: place.after })
    return pageOf(waiting.rows, waiting.next === null ? serverCursor('') : waitingCursor(waiting.next))
  }
  const { serverUrl } = await workspace.run('engine.deviceState', userId, null)
  if (serverUrl === null) return { ...(await workspace.run('audit.listLocal', userId, input)), coverage: 'complete' }
  // Read the unsent lines before the request: an operation that is answered in between is then in both lists instead of in neither.
  const waiting = await workspace.run('audit.waiting', userId, { ...input, before: null })
  const found = (await sync?.trail(signed, queryOf(input, null))) ?? null
  if (found === null) return { ...(await workspace.run('audit.listLocal', userId, input)), coverage: 'device' }
  if (waiting.next !== null) return pageOf(waiting.rows, waitingCursor(waiting.next))
  const known = new Set(found.rows.map(({ id }) => id))
  const rows = [...waiting.rows.filter(({ id }) => !known.has(id)), ...found.rows.map(answered)]
  return pageOf(rows, serverCursor(found.next))
}

/** The history of a call, newest first. @throws AppError NOT_FOUND */
export async function callHistory(sync: DeviceSync | undefined, signed: Signed, id: CallId): Promise<TrailEntry[]> {
  const local = () => signed.workspace.run('calls.historyLocal', signed.userId, { id })
  const rows: TrailEntry[] = []
  for (let after: Cursor | null = null; ;) {
    const page: TrailPage = await listTrail(sync, signed, { recordId: id, tableName: 'calls', after, limit: HISTORY_PAGE })
    if (page.coverage === 'device') return local()
    rows.push(...page.rows)
    after = page.next
    if (after === null || rows.length >= MOST_LINES) break
  }
  // The file decides whether the call does not exist or has no lines.
  return rows.length > 0 ? rows.slice(0, MOST_LINES) : local()
}

function answered(line: Omit<TrailEntry, 'isWaiting'>): TrailEntry {
  return { ...line, isWaiting: false }
}

function pageOf(rows: TrailEntry[], next: Cursor | null): TrailPage {
  return { rows, next, coverage: 'complete' }
}

function queryOf(input: AuditInput, cursor: string | null): AuditQuery {
  const { recordId, tableName, userId, actions, from, to, limit } = input
  return {
    cursor: cursor === null || cursor === '' ? undefined : cursor,
    record: recordId,
    table: tableName,
    user: userId,
    actions: actions === undefined || actions.length === 0 ? undefined : actions,
    from,
    to,
    limit,
  }
}

type Place =
  | { readonly of: 'start' }
  | { readonly of: 'device'; readonly after: Cursor }
  | { readonly of: 'waiting'; readonly after: number }
  | { readonly of: 'server'; readonly after: string }

const WAITING = 'trail.waiting'
const SERVER = 'trail.server'

/** @throws AppError INVALID if the cursor cannot be read. */
function placeOf(after: Cursor | null): Place {
  if (after === null) return { of: 'start' }
  if (after.startsWith(`["${WAITING}"`)) return { of: 'waiting', after: Number(decodeCursor(WAITING, after, [['number']])[0]) }
  if (after.startsWith(`["${SERVER}"`)) return { of: 'server', after: String(decodeCursor(SERVER, after, [['string']])[0]) }
  return { of: 'device', after }
}

function waitingCursor(deviceSeq: number): Cursor {
  return encodeCursor(WAITING, [deviceSeq])
}

function serverCursor(next: string | null): Cursor | null {
  return next === null ? null : encodeCursor(SERVER, [next])
}

export function auditHandlers({ sessions, sync }: HandlerServices): HandlersOf<'audit'> {
  return { 'audit.list': ({ context, input }) => listTrail(sync, sessions.require(context.connection), input) }
}
