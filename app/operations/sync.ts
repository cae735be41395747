import type { z } from 'zod'
import { AppError } from '../../core/errors.ts'
import { assert, must } from '../../core/assert.ts'
import type { SyncStatus } from '../../core/contract/sync.ts'
import type { Id } from '../../core/id.ts'
import { parsedJson } from '../../core/parsed-json.ts'
import { may, type Permission } from '../../core/roles.ts'
import type { Columnar } from '../../core/sync/columnar.ts'
import type { Values } from '../../core/sync/merge.ts'
import { isOfflineProblem, mostSevere, problemText, PROBLEMS, type Direction } from '../../core/sync/problems.ts'
import { LIMITS, pageSchema, pushResponseSchema } from '../../core/sync/protocol.ts'
import { encodePush } from '../../core/sync/push-batch.ts'
import { columnOf, isSyncTable, type Scalar, type SyncTableName } from '../../core/sync/tables.ts'
import type { ReadableDb, WritableDb } from '../../db/open.ts'
import { insertSyncedRow, removeSyncedRow, updateSyncedRow } from '../../db/sync/edit-again.ts'
import { PageApplier } from '../../db/sync/apply-page.ts'
import { UnknownColumnError } from '../../db/sync/apply-rows.ts'
import { applyPushResponse } from '../../db/sync/apply-push.ts'
import { beginBulkLoad, finishBulkLoad } from '../../db/sync/bulk-load.ts'
import { countOpenConflicts, getOpenConflict, openConflicts, settleConflict, type OpenConflict } from '../../db/sync/conflicts.ts'
import {
  acquireEngineLease,
  connect,
  getDeviceState,
  moveServer,
  noteContact,
  noteSuccess,
  markScrubPending,
  releaseEngine,
  renewDeviceId,
  setCursor,
  setProblem,
  type WatchedHeartbeat,
} from '../../db/sync/device-state.ts'
import { markActive } from '../../db/sync/mark-active.ts'
import { scrubFile } from '../../db/sync/scrub.ts'
import { scrubTextStep } from '../../db/sync/text-index.ts'
import { countPending, nextOperations } from '../../db/sync/outbox.ts'
import { freeze, markPublished, planPublication, readChunk, type ChunkPlace } from '../../db/sync/publication.ts'
import {
  countRejections,
  openRejections,
  refusedBases,
  rejectedToRetry,
  rejectedTogether,
  settleRejection,
  type Rejected,
} from '../../db/sync/rejections.ts'
import { countWaitingChanges } from '../../db/queries/status.ts'
import { holderOf } from '../../db/commands/unique-names.ts'
import { requestRestore, restoreCall } from '../../db/commands/calls.ts'
import { deletedCallOwner, getCall } from '../../db/queries/calls.ts'
import { snapshot } from '../../db/statements.ts'
import { forbidden, notFound, query, type OperationContext } from './operation.ts'
import { currentRole, read, requireAll, requireReach, upkeep, write } from './undeclared.ts'

/** Told to windows with every change of the sync's own records; no table of the client's data. */
export const SYNC_TOPIC = 'sync'

const SYNCED_TOPICS = ['clients', 'users', 'loss_reasons', 'client_settings', 'calls', 'audit_logs', SYNC_TOPIC]

/** After this long without a sign of life another process may run the engine. */
const ENGINE_STALE_MS = 30_000
/** The server is taken for reachable for this long after it answered another process. */
const CONTACT_FRESH_MS = 90_000

export type PreparedPush = {
  /** The request's body without the time and the cursor, which are known when it is sent: JSON after its opening brace. */
  readonly rest: Uint8Array
  readonly first: number
  readonly last: number
  readonly count: number
  /** How far the device had come. */
  readonly cursor: string | null
}

/** The page that is on its way into the tables; one a writer thread. */
let intake: { readonly page: PageApplier; readonly after: string | null } | undefined

const EDIT_PERMISSION = {
  clients: 'settings.edit',
  users: 'users.edit',
  loss_reasons: 'loss_reasons.edit',
  client_settings: 'settings.edit',
} as const satisfies Record<Exclude<SyncTableName, 'calls'>, Permission>

/** The rights that an edit through the forms would ask for. */
function requireEdit(
  context: OperationContext<ReadableDb>,
  table: SyncTableName,
  rowId: string,
  action: Exclude<Rejected['action'], 'RESTORE'>,
  values: Values,
): void {
  if (table !== 'calls') return requireAll(context, EDIT_PERMISSION[table])
  const { clientId, userId } = context.actor
  const role = currentRole(context)
  const owner = getCall(context.db, clientId, rowId)?.userId
  if (action !== 'INSERT') {
    if (owner === undefined || !may(role, 'calls.read', userId, owner)) throw notFound('call')
    const permission = action === 'DELETE' ? 'calls.delete' : 'calls.edit'
    if (!may(role, permission, userId, owner)) throw forbidden(permission)
  }
  const next = values['user_id']
  const isGiven = typeof next === 'string' && next !== (owner ?? userId)
  if (isGiven && !may(role, 'calls.reassign', userId, owner ?? next)) throw forbidden('calls.reassign')
}

/** Restores a call again. If the device holds no values of it, it requests them from the server. Does nothing if the call exists. */
function restoreAgain(context: OperationContext<WritableDb>, id: Id): void {
  const { clientId } = context.actor
  requireReach(context, 'calls.restore')
  if (getCall(context.db, clientId, id) !== undefined) return
  if (deletedCallOwner(context.db, clientId, id) === undefined) requestRestore(context.db, id)
  else restoreCall(context.db, id)
}

/** Returns `values` with references to refused rows replaced by references to the rows that exist instead. */
function pointingTo(existing: ReadonlyMap<string, string>, table: SyncTableName, values: Values): Values {
  const entries = Object.entries(values).map(([name, value]): [string, Scalar] =>
    columnOf(table, name)?.refersTo === undefined ? [name, value] : [name, existing.get(String(value)) ?? value],
  )
  return Object.fromEntries(entries)
}

/** Returns the loss reason that has taken the name of a refused new one. For people only the server decides this. */
function holderOfName(
  { db, actor }: OperationContext<ReadableDb>,
  table: SyncTableName,
  rowId: string,
  values: Values,
): string | undefined {
  const name = values['name']
  if (table !== 'loss_reasons' || typeof name !== 'string') return undefined
  return holderOf(db, table, 'name', actor.clientId, name, rowId)
}

function withoutSecrets(table: string, values: Values): Record<string, Scalar> {
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => !isSyncTable(table) || columnOf(table, name)?.audience !== 'self'),
  )
}

function mayReadCalls(context: OperationContext<ReadableDb>): (owner: Id | null) => boolean {
  const role = currentRole(context)
  return (owner) => owner === null || may(role, 'calls.read', context.actor.userId, owner)
}

function openConflict(context: OperationContext<ReadableDb>, id: string): OpenConflict {
  const conflict = getOpenConflict(context.db, context.actor.clientId, id, mayReadCalls(context))
  if (conflict === undefined) throw notFound('open conflict')
  return conflict
}

/** Reads in one transaction, because the writer may empty the outbox and clear its problem between two reads. */
function status(context: OperationContext<ReadableDb>): SyncStatus {
  return snapshot(context.db, () => statusNow(context))
}

function statusNow(context: OperationContext<ReadableDb>): SyncStatus {
  const { serverUrl, lastContactAt, ...connection } = getDeviceState(context.db)
  const problem = mostSevere([connection.problem, connection.pushProblem, connection.pullProblem])
  const { userId } = context.actor
  const pending = countWaitingChanges(context.db, serverUrl === null ? null : userId)
  const rejections = countRejections(context.db, userId)
  const conflicts = serverUrl === null ? 0 : countOpenConflicts(context.db, context.actor.clientId, mayReadCalls(context))
  // A contact in the future is stale (the clock was set back).
  const isFresh = lastContactAt !== null && Math.abs(context.now - lastContactAt) < CONTACT_FRESH_MS
  const needsPerson = (problem !== null && !isOfflineProblem(problem)) || rejections > 0 || conflicts > 0
  const state =
    serverUrl === null
      ? 'local'
      : needsPerson
        ? 'attention'
        : !isFresh || problem !== null
          ? 'offline'
          : pending > 0
            ? 'pending'
            : 'up_to_date'
  return { state, pending, rejections, conflicts, serverUrl, isReached: serverUrl !== null && isFresh, lastContactAt, problem }
}

/** @throws AppError REFUSED_BY_SERVER with the reason NOT_THE_SERVER, if the text is not an answer of the protocol. */
function parsed<S extends z.ZodType>(schema: S, text: string): z.infer<S> {
  const found = schema.safeParse(parsedJson(text))
  if (found.success) return found.data
  throw new AppError('REFUSED_BY_SERVER', problemText('NOT_THE_SERVER') ?? '', { reason: 'NOT_THE_SERVER' })
}

/** Stops before any part of an answer is written, if it contains a column that this release does not store (S22). */
function withKnownColumns<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof UnknownColumnError)) throw error
    throw new AppError('REFUSED_BY_SERVER', problemText('UPDATE_NEEDED') ?? '', { reason: 'UPDATE_NEEDED' }, error)
  }
}

/** A page whose last part is in has nothing left. */
function writePart(db: WritableDb, now: number): { readonly isLast: boolean; readonly isScrubPending: boolean } {
  const { page, after } = must(intake, 'A page is under way')
  // Two processes may sync one home for some seconds, when one was thought dead. An older page's rows over a newer one's would
  // stay, were it broken off between them; the cursor tells.
  if (getDeviceState(db).cursor !== after)
    throw new AppError(
      'CONFLICT',
      'Another process on this device has synced meanwhile. Nothing was changed; this process continues from there.',
      {},
    )
  const isLast = page.write(db)
  if (isLast) {
    intake = undefined
    noteSuccess(db, 'pull', now)
  }
  return { isLast, isScrubPending: isLast && getDeviceState(db).isScrubPending }
}

/**
 * Steps of sync. Those named `engine.…` and `publication.…` ask for no role: only `app/sync/` calls them, never the API router
 * with a caller's own input; whose operations are sent and what comes back is decided by the server from the device's token.
 */
export const syncOperations = {
  'sync.statusLocal': read('list', (context) => {
    currentRole(context)
    return status(context)
  }),
  'sync.conflicts': read('list', (context) => openConflicts(context.db, context.actor.clientId, mayReadCalls(context))),
  'sync.rejections': read('list', (context) => {
    currentRole(context)
    return openRejections(context.db, context.actor.userId).map((each) => ({
      ...each,
      values: withoutSecrets(each.table, each.values),
    }))
  }),
  /** "Use mine": the losing value as a new edit on top of what stands (S10). */
  'sync.useMine': write(SYNCED_TOPICS, (context, input: { id: string }) => {
    const { table, rowId, losing } = openConflict(context, input.id)
    requireEdit(context, table, rowId, 'UPDATE', losing)
    updateSyncedRow(context.db, table, rowId, losing)
    settleConflict(context.db, input.id)
    return {}
  }),
  'sync.keepTheirs': write([SYNC_TOPIC], (context, input: { id: string }) => {
    settleConflict(context.db, openConflict(context, input.id).id)
    return {}
  }),
  'sync.retry': write(SYNCED_TOPICS, (context, input: { opId: Id }) => {
    currentRole(context)
    const together = rejectedToRetry(context.db, context.actor.userId, input.opId)
    if (together.length === 0) throw notFound('refused change')
    const existing = new Map<string, string>()
    for (const { opId, table, rowId, action, values: typed } of together) {
      assert(isSyncTable(table), 'A refused change is of a synced table')
      const values = pointingTo(existing, table, typed)
      if (action === 'RESTORE') restoreAgain(context, rowId)
      else requireEdit(context, table, rowId, action, values)
      const sameNamed = action === 'INSERT' && opId !== input.opId ? holderOfName(context, table, rowId, values) : undefined
      if (sameNamed !== undefined) {
        // A reason of this name exists, so the retried rows point to it.
        existing.set(rowId, sameNamed)
        settleRejection(context.db, opId)
        continue
      }
      if (action === 'INSERT') insertSyncedRow(context.db, table, rowId, values)
      else if (action === 'UPDATE') updateSyncedRow(context.db, table, rowId, values, refusedBases(context.db, opId))
      else if (action === 'DELETE') removeSyncedRow(context.db, table, rowId)
      settleRejection(context.db, opId)
    }
    return {}
  }),
  'sync.discard': write([SYNC_TOPIC], (context, input: { opId: Id; alone: boolean }) => {
    currentRole(context)
    const together = rejectedTogether(context.db, context.actor.userId, input.opId)
    if (together.length === 0) throw notFound('refused change')
    for (const { opId } of together) if (!input.alone || opId === input.opId) settleRejection(context.db, opId)
    return {}
  }),
  /** @throws AppError FORBIDDEN, CONFLICT where it is on a server already. */
  'sync.requirePublisher': query({
    access: 'devices.edit',
    thread: 'list',
    run: (context) => {
      if (getDeviceState(context.db).serverUrl !== null)
        throw new AppError('CONFLICT', 'This workspace is connected to a server already. Nothing was changed.', {
          field: 'serverUrl',
        })
      return null
    },
  }),

  'engine.connection': read('list', (context) => getDeviceState(context.db)),
  'engine.pending': read('list', (context) => countPending(context.db, context.actor.userId)),
  'engine.acquireLease': write(
    [],
    (context, { owner, dead, watched }: { owner: string; dead: readonly string[]; watched?: WatchedHeartbeat | null }) =>
      acquireEngineLease(context.db, owner, context.now, ENGINE_STALE_MS, (other) => dead.includes(other), watched),
    'server',
  ),
  'engine.release': write(
    [],
    (context, input: { owner: string }) => {
      releaseEngine(context.db, input.owner)
      return null
    },
    'server',
  ),
  'engine.problem': write(
    [SYNC_TOPIC],
    (context, { of, code }: { of: Direction | null; code: string | null }) => {
      setProblem(context.db, of, code)
      return null
    },
    'server',
  ),
  /** The server is not reached. Earlier refusals stay: only an answer of the server clears them. */
  'engine.away': write(
    [SYNC_TOPIC],
    (context, { problem }: { problem: 'NOT_THE_SERVER' | null }) => {
      const known = getDeviceState(context.db).problem
      if (known === null || isOfflineProblem(known)) setProblem(context.db, null, problem)
      return null
    },
    'server',
  ),
  /** The server refuses the token. A deactivated person loses access to the workspace on this device; their outbox is kept (S17). */
  'engine.lost': write(
    SYNCED_TOPICS,
    (context, { code }: { code: string }) => {
      setProblem(context.db, null, code)
      if (code === 'USER_DEACTIVATED') markActive(context.db, context.actor.userId, false)
      return null
    },
    'server',
  ),
  /** Stores the new token of a sign-in at the server, and a new device id if the file was a copy. */
  'engine.renewed': write(
    SYNCED_TOPICS,
    (context, { deviceId }: { deviceId: Id }) => {
      const { db, actor } = context
      if (getDeviceState(db).deviceId !== deviceId) {
        renewDeviceId(db, deviceId)
        setProblem(db, 'push', null)
      }
      setProblem(db, null, null)
      markActive(db, actor.userId, true)
      return null
    },
    'server',
  ),
  'engine.moveServer': write(
    [SYNC_TOPIC],
    (context, { serverUrl }: { serverUrl: string }) => {
      moveServer(context.db, serverUrl)
      noteContact(context.db, context.now)
      return null
    },
    'server',
  ),
  /** In the thread of reports: packing a thousand operations must not hold up a list. */
  'engine.prepare': read('report', (context, input: { after: number }): PreparedPush | null => {
    const operations = nextOperations(context.db, context.actor.userId, input.after, LIMITS.pushBytes, LIMITS.operations)
    const [first] = operations
    const last = operations.at(-1)
    if (first === undefined || last === undefined) return null
    const { sentAt: _sentAt, cursor: _cursor, ...rest } = encodePush(operations, 0, null)
    return {
      rest: new TextEncoder().encode(JSON.stringify(rest).slice(1)),
      first: first.deviceSeq,
      last: last.deviceSeq,
      count: operations.length,
      cursor: getDeviceState(context.db).cursor,
    }
  }),
  'engine.pushed': write(
    SYNCED_TOPICS,
    (context, input: { first: number; last: number; text: string }) => {
      const response = parsed(pushResponseSchema, input.text)
      requireEpoch(context.db, response.epoch)
      const { db, actor, now } = context
      const outcome = withKnownColumns(() => applyPushResponse(db, actor.userId, input.first, input.last, response))
      noteSuccess(db, 'push', now)
      return outcome
    },
    'server',
  ),
  /** The first part of a page; `engine.more` writes the others. */
  'engine.page': write(
    SYNCED_TOPICS,
    (context, input: { text: string; after: string | null }) => {
      const page = parsed(pageSchema, input.text)
      requireEpoch(context.db, page.epoch)
      intake = { page: withKnownColumns(() => new PageApplier(page, context.actor.userId)), after: input.after }
      return writePart(context.db, context.now)
    },
    'server',
  ),
  'engine.more': write(SYNCED_TOPICS, (context) => writePart(context.db, context.now), 'server'),
  /** A page with nothing new. */
  'engine.unchanged': write(
    [SYNC_TOPIC],
    (context, { text }: { text: string }) => {
      requireEpoch(context.db, parsed(pageSchema, text).epoch)
      noteSuccess(context.db, 'pull', context.now)
      return null
    },
    'server',
  ),
  /** What departed must leave the text index too; false: there is more to merge (S15). */
  'engine.scrubText': upkeep((context, input: { isFirst: boolean }) => scrubTextStep(context.db, input.isFirst)),
  /** Also scrubs the rest of the file and the write-ahead log; false if another connection blocks it. */
  'engine.scrub': upkeep((context) => scrubFile(context.db)),
  'engine.scrubbed': write(
    [],
    (context) => {
      markScrubPending(context.db, false)
      return null
    },
    'server',
  ),
  'engine.connect': write(
    [SYNC_TOPIC],
    (context, input: { serverUrl: string; epoch: string }) => {
      connect(context.db, { ...input, userId: context.actor.userId })
      noteContact(context.db, context.now)
      return null
    },
    'server',
  ),

  /** For a workspace under construction, which nobody has open. */
  'engine.beginBulkLoad': write(
    [],
    (context) => {
      beginBulkLoad(context.db)
      return null
    },
    'server',
  ),
  'engine.finishBulkLoad': write(
    [],
    (context) => {
      finishBulkLoad(context.db)
      return null
    },
    'server',
  ),

  'publication.freeze': read('report', (context, input: { path: string }) => {
    freeze(context.db, input.path)
    return null
  }),
  'publication.plan': read('list', (context) => planPublication(context.db)),
  'publication.chunk': read('list', (context, input: ChunkPlace): Columnar => readChunk(context.db, input)),
  'publication.done': write(
    SYNCED_TOPICS,
    (
      context,
      input: {
        frozenPath: string
        published: readonly { place: ChunkPlace; firstVersion: number }[]
        deviceSeq: number
        serverUrl: string
        epoch: string
        cursor: string
      },
    ) => {
      markPublished(context.db, input.frozenPath, input.published, input.deviceSeq)
      connect(context.db, { serverUrl: input.serverUrl, epoch: input.epoch, userId: context.actor.userId })
      setCursor(context.db, input.cursor, true)
      noteContact(context.db, context.now)
      return null
    },
    'server',
  ),
}

function requireEpoch(db: ReadableDb, epoch: string): void {
  const known = getDeviceState(db).epoch
  if (known === null || known === epoch) return
  throw new AppError('REFUSED_BY_SERVER', PROBLEMS.EPOCH.text, {
    reason: 'EPOCH',
  })
}
