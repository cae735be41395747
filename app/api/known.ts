import { AppError, isAppError } from '../../core/errors.ts'
import type { ReportFilter } from '../../core/contract/reports.ts'
import type { AuditEntry } from '../../core/model/audit.ts'
import { requireUndoable, type ChangeLine } from '../../db/queries/undone-changes.ts'
import type { Signed } from '../session/sessions.ts'
import type { DeviceSync } from '../sync/device-sync.ts'
import type { HandlerServices, HandlersOf } from './handlers.ts'

const PAGE = 500
/** The maximum number of lines that are fetched from the server. They are held in memory until the report is computed. */
const MOST_FETCHED = 1_000_000

function changeLine({ id, userId, recordId, action, oldValues, createdAt }: AuditEntry): ChangeLine {
  return { id, userId, recordId, action, oldValues: action === 'INSERT' ? null : oldValues, createdAt }
}

const CALL_CHANGES = { tableName: 'calls', actions: ['INSERT', 'UPDATE', 'DELETE'] } as const

function needsConnection(cause?: unknown): AppError<'UNREACHABLE'> {
  return new AppError(
    'UNREACHABLE',
    'The history of these calls is stored on the server, and the server does not answer. Nothing was changed. Try again when this device is online.',
    undefined,
    cause,
  )
}

/**
 * Returns the lines about calls since an instant, newest first. A joined device has only the lines of its own changes, so all lines are
 * fetched from the server. Its unsent lines come first, because they get later places in the server's order.
 * @returns null if this device's own trail is complete
 * @throws AppError FORBIDDEN, UNREACHABLE, INVALID
 */
async function linesSince(
  sync: DeviceSync | undefined,
  signed: Signed,
  request: ReportFilter & { readonly knownAt: number },
): Promise<ChangeLine[] | null> {
  const { workspace, userId } = signed
  await workspace.run('known.begin', userId, request)
  const since = request.knownAt
  const { serverUrl } = await workspace.run('engine.deviceState', userId, null)
  if (serverUrl === null) return null
  if (sync === undefined) throw needsConnection()
  try {
    // Fetches first, so that the calls on this device match the trail.
    await sync.settle(signed)
  } catch (error) {
    throw isAppError(error, 'UNREACHABLE') ? needsConnection(error) : error
  }
  const lines: ChangeLine[] = []
  const waitingIds = new Set<string>()
  const wanted = { ...CALL_CHANGES, actions: [...CALL_CHANGES.actions], from: since, limit: PAGE }
  for (let before: number | null = null; ;) {
    const page: { readonly rows: readonly AuditEntry[]; readonly next: number | null } = await workspace.run(
      'audit.waiting',
      userId,
      { ...wanted, before },
    )
    for (const line of page.rows) {
      waitingIds.add(line.id)
      lines.push(changeLine(line))
    }
    before = page.next
    if (before === null) break
  }
  for (let cursor: string | undefined; ;) {
    const query = { table: wanted.tableName, actions: wanted.actions, from: since, limit: PAGE, cursor }
    const page = await sync.trail(signed, query)
    if (page === null) throw needsConnection()
    // An operation that was answered in between is in both lists.
    for (const line of page.rows) if (!waitingIds.has(line.id)) lines.push(changeLine(line))
    requireUndoable(lines.length, MOST_FETCHED)
    if (page.next === null) return lines
    cursor = page.next
  }
}

export function knownHandlers({ sessions, sync }: HandlerServices): HandlersOf<'reports.known'> {
  return {
    'reports.known.page': async ({ context, input }) => {
      const signed = sessions.require(context.connection)
      const lines = await linesSince(sync, signed, input)
      return signed.workspace.run('known.computePage', signed.userId, { request: input, lines })
    },
    'reports.known.corrections': async ({ context, input }) => {
      const signed = sessions.require(context.connection)
      const lines = await linesSince(sync, signed, input)
      return signed.workspace.run('known.findCorrections', signed.userId, { request: input, lines })
    },
  }
}
