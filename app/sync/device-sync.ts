import type { SyncStatus } from '../../core/contract/sync.ts'
import { AppError } from '../../core/errors.ts'
import type { Clock, Id, RandomBytes } from '../../core/id.ts'
import { SteadyClock, type Instant } from '../../core/steady-clock.ts'
import { isOfflineProblem, mostSevere, problemText } from '../../core/sync/problems.ts'
import { SyncError } from '../../core/sync/errors.ts'
import type { AuditQuery } from '../../core/sync/protocol.ts'
import type { WatchedHeartbeat } from '../../db/sync/device-state.ts'
import type { Home } from '../home.ts'
import type { Log } from '../logging.ts'
import { SYNC_TOPIC } from '../operations/sync.ts'
import type { PastRequest } from '../../core/sync/protocol.ts'
import type { ImportPast } from '../import/import-chunk.ts'
import type { Signed } from '../sessions.ts'
import type { Workspace } from '../workspace.ts'
import type { Workspaces } from '../workspaces.ts'
import { Engine, type EngineView } from './engine/engine.ts'
import { askPast } from './questions/past.ts'
import { joinServer, type Joined, type JoinInput, type Progress } from './join/join.ts'
import { connectTo, toAppError, type Network } from './transport/network.ts'
import { deactivated, enrolAgain, type Credentials } from './enrolment/enrol-again.ts'
import { requireSameServer } from './enrolment/move-server.ts'
import { publishWorkspace, removePublishedCopy } from './publish/publish.ts'
import { ServerConnection, UnreachableError } from './transport/server-connection.ts'
import { readServerTrail, TRAIL_PATIENCE_MS, type ServerTrailPage } from './questions/trail.ts'

export type DeviceSyncOptions = {
  readonly workspaces: Workspaces
  readonly home: Home
  readonly clock: Clock
  /** Measures waits and the time without a heartbeat. Left out: time as far as the wall clock moves forward. */
  readonly steady?: SteadyClock
  readonly random: RandomBytes
  readonly newId: () => Id
  readonly network: Network
  readonly log: Log
  readonly openAt: (clientId: Id, path: string) => Workspace
  /** A status may be another one now. */
  readonly onChange: (clientId: Id) => void
  /** Ends the account's sessions on this device, because the server reports that it was deactivated (S17). */
  readonly onDeactivated: (clientId: Id, userId: Id) => void
}

/** How often the process that runs an engine says that it lives, and the others ask whether it does. */
const HEARTBEAT_MS = 10_000
/** Stands for the refused token where there is none: whichever comes is another one. */
const NO_TOKEN = ''

/** One workspace's sync in this process: the engine, where this process is the one that runs it. */
type WorkspaceSync = {
  readonly workspace: Workspace
  readonly userId: Id
  readonly serverUrl: string
  readonly engine: Engine
  isOwner: boolean
  /** The last heartbeat of another process, and when this process first saw it. */
  watched: { readonly owner: string; readonly at: number | null; readonly since: Instant } | undefined
}

/** The sync of all workspaces of this device, and the ways onto a server. */
export class DeviceSync {
  readonly #options: DeviceSyncOptions
  readonly #workspaces = new Map<Id, WorkspaceSync>()
  readonly #opening = new Map<Id, Promise<WorkspaceSync | undefined>>()
  /** Tokens that the server refused, by client: no engine runs on them, until another process brings a new one. */
  readonly #refused = new Map<Id, string>()
  readonly #steady: SteadyClock
  #heartbeat: unknown
  #isClosed = false

  constructor(options: DeviceSyncOptions) {
    this.#options = options
    this.#steady = options.steady ?? new SteadyClock(options.clock, () => 0)
  }

  /** Starts the engines of workspaces that are connected, where the shell wants them to run. */
  start(): void {
    if (!this.#options.network.runsContinuously) return
    // Every heartbeat tries again to open the workspaces that could not be opened.
    this.#openAll().catch(() => {})
    this.#scheduleHeartbeat()
  }

  /** Rows changed on this device. News of the sync itself are no reason to send anything. */
  changed(clientId: Id, tables: readonly string[] | null): void {
    if (tables?.includes(SYNC_TOPIC) === true && tables.length === 1) return
    this.#workspaces.get(clientId)?.engine.dispatch({ kind: 'wrote' })
  }

  nudge(): void {
    for (const { engine, isOwner } of this.#workspaces.values()) if (isOwner) engine.dispatch({ kind: 'nudged' })
  }

  /** Returns the status in the file, corrected by the newer state of this process's engine. */
  async status({ workspace, userId }: Signed): Promise<SyncStatus> {
    const stored = await workspace.run('sync.statusLocal', userId, null)
    const workspaceSync = this.#workspaces.get(workspace.clientId)
    return stored.state === 'local' || workspaceSync?.isOwner !== true ? stored : corrected(stored, workspaceSync.engine.view)
  }

  /**
   * Sends and fetches now, and resolves when all of it is done.
   * @throws AppError SESSION_EXPIRED, UNREACHABLE, REFUSED_BY_SERVER, STORAGE; CONFLICT if the workspace is not connected to a server.
   */
  async settle(signed: Signed): Promise<void> {
    // A person whose account was deactivated may ask too.
    await signed.workspace.run('sync.statusLocal', signed.userId, null)
    const workspaceSync = await this.#workspaceSync(signed.workspace.clientId)
    if (workspaceSync === undefined)
      throw new AppError('CONFLICT', 'This workspace is not connected to a server. Publish it, or join one.', {
        field: 'serverUrl',
      })
    if (!workspaceSync.isOwner) await this.#acquireLease(workspaceSync)
    if (!workspaceSync.isOwner) return this.#awaitOther(workspaceSync)
    try {
      await workspaceSync.engine.settle()
    } catch (error) {
      throw toAppError(error)
    }
  }

  /**
   * For a change that is the server's to decide once the workspace is connected. Asks the server first and answers what to call after
   * the change was made, with the person whom it is about: it sends it and tells the verdict. What else was refused meanwhile (another
   * window's edit of a call) stays in the list.
   * @throws AppError UNREACHABLE before anything is changed; REFUSED_BY_SERVER, here or after. A refused change is rolled back and
   * is in no list, because the person sees the refusal at once.
   */
  async beginDecision(signed: Signed): Promise<(aboutId: Id) => Promise<void>> {
    const { workspace, userId } = signed
    const { serverUrl } = await workspace.run('engine.connection', userId, null)
    if (serverUrl === null) return async () => {}
    await this.settle(signed)
    const before = new Set((await workspace.run('sync.rejections', userId, null)).map(({ opId }) => opId))
    return async (aboutId) => {
      await this.settle(signed)
      const rejections = await workspace.run('sync.rejections', userId, null)
      const refused = rejections.find(({ opId, table, rowId }) => table === 'users' && rowId === aboutId && !before.has(opId))
      if (refused === undefined) return
      await workspace.run('sync.discard', userId, { opId: refused.opId, alone: false })
      throw new AppError('REFUSED_BY_SERVER', 'The server refused this change. It was undone.', { reason: refused.code })
    }
  }

  /**
   * Signs in again after the server refused the token or found that this file is a copy. Sync then resumes, and the outbox is
   * sent.
   * @throws AppError WRONG_CREDENTIALS, ACCOUNT_DEACTIVATED; CONFLICT if another person syncs here; UNREACHABLE,
   * REFUSED_BY_SERVER.
   */
  async signInAgain({ workspace, userId }: Signed, credentials: Credentials): Promise<void> {
    const { network, newId } = this.#options
    const { token, deviceId } = await enrolAgain({ network, newId }, workspace, userId, credentials)
    await workspace.run('engine.renewed', userId, { deviceId })
    try {
      await network.secrets.set(workspace.clientId, token)
    } catch (error) {
      throw toAppError(error)
    }
    await this.#reopen(workspace.clientId)
  }

  /**
   * Stores a new address of the server if the same server answers there and accepts this device.
   * @throws AppError CONFLICT if this workspace is not connected, or another person syncs here; INVALID, UNREACHABLE,
   * REFUSED_BY_SERVER.
   */
  async moveServer({ workspace, userId }: Signed, serverUrl: string): Promise<void> {
    await workspace.run('sync.statusLocal', userId, null)
    const address = await requireSameServer(this.#options.network, workspace, userId, serverUrl)
    await workspace.run('engine.moveServer', userId, { serverUrl: address })
    await this.#reopen(workspace.clientId)
  }

  /** Starts the engine again with the current token and address. */
  async #reopen(clientId: Id): Promise<void> {
    await this.#opening.get(clientId)?.catch(() => {})
    const before = this.#workspaces.get(clientId)
    if (before !== undefined) await this.#retire(clientId, before)
    this.#refused.delete(clientId)
    await this.#workspaceSync(clientId)
  }

  /**
   * Returns a page of the server's audit trail, as this person may see it. Returns null if the server is not reached, or if this device's
   * token belongs to another person.
   */
  async trail({ workspace, userId }: Signed, query: AuditQuery): Promise<ServerTrailPage | null> {
    const { network, log } = this.#options
    const { clientId } = workspace
    const connection = await workspace.run('engine.connection', userId, null)
    const token = await network.secrets.get(clientId)
    if (connection.serverUrl === null || connection.userId !== userId || token === undefined) return null
    const workspaceSync = this.#workspaces.get(clientId)
    if (workspaceSync?.isOwner === true && !workspaceSync.engine.view.isReached && !workspaceSync.engine.view.isBusy) return null
    const { fetch, userAgent } = network
    const server = new ServerConnection({ url: connection.serverUrl, fetch, userAgent, patienceMs: TRAIL_PATIENCE_MS })
    try {
      return await readServerTrail(server, token, clientId, query)
    } catch (error) {
      if (!(error instanceof UnreachableError))
        log({ level: 'warn', event: 'trail.failed', code: error instanceof SyncError ? String(error.code) : 'unreadable' })
      return null
    }
  }

  /** @throws if the server does not answer or refuses this device. */
  past({ workspace, userId }: Signed, request: PastRequest): Promise<ImportPast> {
    return askPast(this.#options.network, workspace, userId, request)
  }

  async *join(input: JoinInput): AsyncGenerator<Progress, Joined> {
    const { home, network, newId, openAt } = this.#options
    const joined = yield* joinServer({ home, network, newId, open: openAt }, input)
    if (network.runsContinuously) void this.#workspaceSync(joined.clientId).catch(() => {})
    return joined
  }

  async *publish(
    { workspace, userId }: Signed,
    input: { readonly serverUrl: string; readonly key: string },
  ): AsyncGenerator<Progress> {
    const { home, network, newId, random, openAt } = this.#options
    yield* publishWorkspace({ home, network, newId, random, open: openAt }, workspace, userId, input)
    if (network.runsContinuously) await this.#workspaceSync(workspace.clientId)
  }

  /** Stops the engines before the workspaces are closed. */
  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#heartbeat !== undefined) this.#options.network.timers.clear(this.#heartbeat)
    await Promise.allSettled(this.#opening.values())
    await Promise.all([...this.#workspaces].map(([clientId, workspaceSync]) => this.#retire(clientId, workspaceSync)))
  }

  /** The sync of a workspace; undefined where it is not connected to a server. */
  #workspaceSync(clientId: Id): Promise<WorkspaceSync | undefined> {
    const found = this.#workspaces.get(clientId)
    if (found !== undefined) return Promise.resolve(found)
    let opening = this.#opening.get(clientId)
    if (opening === undefined) {
      opening = this.#openPost(clientId).finally(() => this.#opening.delete(clientId))
      this.#opening.set(clientId, opening)
    }
    return opening
  }

  async #openPost(clientId: Id): Promise<WorkspaceSync | undefined> {
    const { workspaces, network, clock, random, log, onChange, onDeactivated } = this.#options
    const workspace = workspaces.get(clientId)
    // No person's id, because the connection belongs to the device.
    const { serverUrl, userId } = await workspace.run('engine.connection', clientId, null)
    if (serverUrl === null || userId === null || this.#isClosed) return undefined
    removePublishedCopy(this.#options.home, clientId)
    const token = await network.secrets.get(clientId)
    if (token === undefined) {
      this.#refused.set(clientId, NO_TOKEN)
      this.#scheduleHeartbeat()
      await workspace.run('engine.problem', userId, { of: null, code: 'UNAUTHENTICATED' })
      return undefined
    }
    const engine = new Engine({
      workspace,
      userId,
      server: connectTo(network, serverUrl),
      token,
      clock,
      random,
      timers: network.timers,
      log,
      onChange: () => onChange(clientId),
      onLost: (problem) => {
        if (problem === 'USER_DEACTIVATED') onDeactivated(clientId, userId)
        this.#lose(clientId, workspaceSync, token).catch(() => {})
      },
    })
    const workspaceSync: WorkspaceSync = { workspace, userId, serverUrl, engine, isOwner: false, watched: undefined }
    this.#workspaces.set(clientId, workspaceSync)
    this.#scheduleHeartbeat()
    await this.#acquireLease(workspaceSync)
    return workspaceSync
  }

  /**
   * Also those that could not be opened before (a locked key store, a busy file), and those that another process has tied to a server
   * since: what waits in them would wait for a restart.
   */
  async #openAll(): Promise<void> {
    const { workspaces } = this.#options
    const missing = workspaces.clientIds().filter((clientId) => !this.#workspaces.has(clientId) && !this.#refused.has(clientId))
    await Promise.allSettled(missing.map((clientId) => this.#workspaceSync(clientId)))
  }

  /** The server no longer accepts this token. A process that gets a new one must not wait for this process's engine. */
  async #lose(clientId: Id, workspaceSync: WorkspaceSync, token: string): Promise<void> {
    if (this.#workspaces.get(clientId) === workspaceSync) {
      this.#refused.set(clientId, token)
      await this.#retire(clientId, workspaceSync)
    }
    this.#options.onChange(clientId)
  }

  async #retire(clientId: Id, workspaceSync: WorkspaceSync): Promise<void> {
    const { workspace, userId, engine, isOwner } = workspaceSync
    this.#workspaces.delete(clientId)
    workspaceSync.isOwner = false
    await engine.stop()
    if (isOwner) await workspace.run('engine.release', userId, { owner: this.#options.network.processName }).catch(() => null)
  }

  /** Somebody may have signed in again in another process, which has ended since. */
  async #lookForToken(clientId: Id, refused: string): Promise<void> {
    const token = await this.#options.network.secrets.get(clientId)
    if (token === undefined || token === refused) return
    this.#refused.delete(clientId)
    await this.#workspaceSync(clientId)
  }

  async #acquireLease(workspaceSync: WorkspaceSync): Promise<void> {
    const { workspace, userId, engine } = workspaceSync
    const { processName, isProcessDead } = this.#options.network
    const { engineOwner, engineHeartbeatAt, serverUrl } = await workspace.run('engine.connection', userId, null)
    // Another process on this device has stored a new address.
    if (serverUrl !== workspaceSync.serverUrl && this.#workspaces.get(workspace.clientId) === workspaceSync)
      return this.#reopen(workspace.clientId)
    const dead = engineOwner !== null && engineOwner !== processName && isProcessDead(engineOwner) ? [engineOwner] : []
    const watched = this.#watch(workspaceSync, engineOwner, engineHeartbeatAt)
    const isOwner = await workspace.run('engine.acquireLease', userId, { owner: processName, dead, watched })
    // Stopped meanwhile: its token is no longer the one to use.
    if (this.#workspaces.get(workspace.clientId) !== workspaceSync) return
    if (isOwner === workspaceSync.isOwner || this.#isClosed) return
    workspaceSync.isOwner = isOwner
    if (isOwner) engine.start()
    else await engine.stop()
  }

  /** Returns how long the owner's heartbeat has not changed; null if this process sees this owner for the first time. */
  #watch(workspaceSync: WorkspaceSync, owner: string | null, at: number | null): WatchedHeartbeat | null {
    const before = workspaceSync.watched
    if (owner === null || owner === this.#options.network.processName) {
      workspaceSync.watched = undefined
      return null
    }
    const isSame = before?.owner === owner && before.at === at
    workspaceSync.watched = isSame ? before : { owner, at, since: this.#steady.instant() }
    return before?.owner === owner ? { owner, at, ms: this.#steady.msSince(workspaceSync.watched.since) } : null
  }

  #scheduleHeartbeat(): void {
    if (this.#isClosed || this.#heartbeat !== undefined) return
    this.#heartbeat = this.#options.network.timers.set(HEARTBEAT_MS, () => {
      this.#heartbeat = undefined
      const leases = [...this.#workspaces.values()].map((workspaceSync) => this.#acquireLease(workspaceSync))
      const looks = [...this.#refused].map(([clientId, token]) => this.#lookForToken(clientId, token))
      const opened = this.#options.network.runsContinuously ? [this.#openAll()] : []
      void Promise.allSettled([...leases, ...looks, ...opened]).then(() => this.#scheduleHeartbeat())
    })
  }

  /**
   * Waits for another process on this device that runs the engine. It reads the same outbox at the latest with its next poll.
   * @throws AppError with that process's problem, if it has not succeeded by then.
   */
  async #awaitOther({ workspace, userId }: WorkspaceSync): Promise<void> {
    const { network } = this.#options
    const begin = this.#steady.instant()
    while (this.#steady.msSince(begin) < OTHERS_PATIENCE_MS) {
      const { problem } = await workspace.run('sync.statusLocal', userId, null)
      if (problem === null && (await workspace.run('engine.pending', userId, null)) === 0) return
      await new Promise<void>((resolve) => void network.timers.set(250, resolve))
    }
    const { problem } = await workspace.run('sync.statusLocal', userId, null)
    if (problem !== null && !isOfflineProblem(problem))
      throw new AppError('REFUSED_BY_SERVER', problemText(problem) ?? problem, { reason: problem })
    throw new AppError(
      'UNREACHABLE',
      problemText(problem) ??
        'The server does not answer. Your changes are kept; check the address and the network, then try again. (Another window of this device does the syncing, and it has not reached the server either.)',
    )
  }
}

const OTHERS_PATIENCE_MS = 35_000

/**
 * Signs in a person whose account is deactivated on this device, if the server reports that the account is active again.
 * @throws AppError ACCOUNT_DEACTIVATED if it is not active, if the workspace has no server, or if the server does not answer.
 */
export async function reactivate(sync: DeviceSync | undefined, signed: Signed, credentials: Credentials): Promise<void> {
  const { serverUrl, userId } = await signed.workspace.run('engine.connection', signed.userId, null)
  if (sync === undefined || serverUrl === null || userId !== signed.userId) throw deactivated()
  try {
    await sync.signInAgain(signed, credentials)
  } catch (error) {
    if (error instanceof AppError && error.code === 'UNREACHABLE') throw deactivated(error)
    throw error
  }
}

/** The last contact is read only from the file, so that every process on this device shows the same. */
function corrected(stored: SyncStatus, { isBusy, isReached: reached, unsaved }: EngineView): SyncStatus {
  const isReached = reached ?? stored.isReached
  // If nothing is waiting, a problem of sending is over, even before the engine has cleared it.
  const current = [...unsaved].flatMap(([of, code]) => (of === 'push' && stored.pending === 0 ? [] : [code]))
  const problem = mostSevere([stored.problem, ...current])
  const at = { ...stored, isReached, problem }
  if (stored.state === 'attention' || (problem !== null && !isOfflineProblem(problem))) return { ...at, state: 'attention' }
  if (!isReached && !(isBusy && reached === null)) return { ...at, state: 'offline' }
  if (isBusy) return { ...at, state: 'syncing' }
  return { ...at, state: problem !== null ? 'offline' : stored.pending > 0 ? 'pending' : 'up_to_date' }
}
