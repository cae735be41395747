import type { SyncStatus } from '../../core/contract/sync.ts'
import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import type { ClientId, Clock, Id, RandomBytes, UserId } from '../../core/id.ts'
import { SteadyClock } from '../../core/steady-clock.ts'
import type { AuditQuery, PastRequest } from '../../core/sync/protocol.ts'
import type { Home } from '../workspace/home.ts'
import type { ImportPast } from '../import/import-chunk.ts'
import type { Log } from '../../platform/log/log.ts'
import { SYNC_TOPIC, TEAM_TOPIC } from '../operations/topics.ts'
import type { Signed } from '../session/sessions.ts'
import type { Workspace } from '../workspace/workspace.ts'
import type { Workspaces } from '../workspace/workspaces.ts'
import { correctedStatus } from './engine/corrected-status.ts'
import { enrolAgain, type Credentials } from './enrolment/enrol-again.ts'
import { requireSameServer } from './enrolment/move-server.ts'
import { joinServer, type Joined, type JoinInput, type Progress } from './join/join.ts'
import { Heartbeat } from './leadership/heartbeat.ts'
import { publishWorkspace, removePublishedCopy } from './publish/publish.ts'
import { beginDecision } from './questions/decision.ts'
import { askPast } from './questions/past.ts'
import { readTrail, type ServerTrailPage } from './questions/trail.ts'
import { fromSyncFailure, type Network } from './transport/network.ts'
import { WorkspaceSync } from './workspace-sync.ts'

export type DeviceSyncOptions = {
  readonly workspaces: Workspaces
  readonly home: Home
  readonly clock: Clock
  /** Measures waits and the time without a heartbeat. Default: the sum of the wall clock's forward movements. */
  readonly steady?: SteadyClock
  readonly random: RandomBytes
  readonly newId: () => Id
  readonly network: Network
  readonly log: Log
  readonly openAt: (clientId: ClientId, path: string) => Workspace
  /** Called when a status may have changed. */
  readonly onChange: (clientId: ClientId) => void
  /** Ends the account's sessions on this device, because the server reports that it was deactivated (S17). */
  readonly onDeactivated: (clientId: ClientId, userId: UserId) => void
}

/** The refused token of a workspace that has none. Any token that another process stores differs from it. */
const NO_TOKEN = ''

/** The sync of all workspaces of this device. */
export class DeviceSync {
  readonly #options: DeviceSyncOptions
  readonly #workspaces = new Map<ClientId, WorkspaceSync>()
  readonly #opening = new Map<ClientId, Promise<WorkspaceSync | undefined>>()
  /** Tokens that the server refused, by client. No engine runs until another process stores a new token. */
  readonly #refused = new Map<ClientId, string>()
  readonly #steady: SteadyClock
  readonly #heartbeat: Heartbeat
  #isClosed = false

  constructor(options: DeviceSyncOptions) {
    this.#options = options
    this.#steady = options.steady ?? new SteadyClock(options.clock, () => 0)
    this.#heartbeat = new Heartbeat(options.network.timers, () => this.#sendHeartbeat())
  }

  /** Starts the engines of connected workspaces, if the shell syncs continuously. */
  start(): void {
    if (!this.#options.network.runsContinuously) return
    // Every heartbeat tries again to open the workspaces that could not be opened.
    this.#openAll().catch(() => {})
    this.#heartbeat.start()
  }

  /** Rows changed on this device. A change of the sync's own records starts no sync. */
  changed(clientId: ClientId, tables: readonly string[] | null): void {
    if (tables?.every((table) => table === SYNC_TOPIC || table === TEAM_TOPIC) === true) return
    this.#workspaces.get(clientId)?.noteWrite()
  }

  /** Syncs now, because the window is visible again or the network is back. */
  nudge(): void {
    for (const workspaceSync of this.#workspaces.values()) workspaceSync.nudge()
  }

  /** Returns the status in the file, corrected by the newer state of this process's engine. */
  async status({ workspace, userId }: Signed): Promise<SyncStatus> {
    const stored = await workspace.run('sync.statusLocal', userId, null)
    const view = this.#workspaces.get(workspace.clientId)?.view ?? null
    return stored.state === 'local' || view === null ? stored : correctedStatus(stored, view)
  }

  /**
   * Sends and fetches now, and resolves when all of it is done.
   * @throws AppError SESSION_EXPIRED, UNREACHABLE, REFUSED_BY_SERVER, STORAGE; CONFLICT if the workspace is not connected to a server.
   */
  async settle(signed: Signed): Promise<void> {
    // Refuses a person whose account was deactivated.
    await signed.workspace.run('sync.statusLocal', signed.userId, null)
    const { clientId } = signed.workspace
    const workspaceSync = await this.#workspaceSync(clientId)
    if (workspaceSync === undefined)
      throw new AppError('CONFLICT', sentence('server.publish-or-join'), {
        field: 'serverUrl',
      })
    if (workspaceSync.view === null) await this.#renewLease(clientId, workspaceSync)
    await (this.#workspaces.get(clientId) ?? workspaceSync).settle()
  }

  /** Prepares a change that the server decides (`questions/decision.ts`). */
  beginDecision(signed: Signed): Promise<(aboutId: UserId) => Promise<void>> {
    return beginDecision(this, signed)
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
      throw fromSyncFailure(error)
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

  /**
   * Returns a page of the server's audit trail, as this person may see it. Returns null if the server is not reached, or if this device's
   * token belongs to another person.
   */
  async trail(signed: Signed, query: AuditQuery): Promise<ServerTrailPage | null> {
    const view = this.#workspaces.get(signed.workspace.clientId)?.view ?? null
    const isAway = view !== null && !view.isReached && !view.isBusy
    return isAway ? null : readTrail(this.#options, signed, query)
  }

  /** Returns the server's answers about the past of an import's rows. @throws if the server does not answer or refuses this device. */
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

  /** Stops the engines. Called before the workspaces are closed. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#heartbeat.stop()
    await Promise.allSettled(this.#opening.values())
    const retired = [...this.#workspaces.values()].map((workspaceSync) => workspaceSync.retire())
    this.#workspaces.clear()
    await Promise.all(retired)
  }

  /** Returns the sync of a workspace; undefined if it is not connected to a server. */
  #workspaceSync(clientId: ClientId): Promise<WorkspaceSync | undefined> {
    const found = this.#workspaces.get(clientId)
    if (found !== undefined) return Promise.resolve(found)
    let opening = this.#opening.get(clientId)
    if (opening === undefined) {
      opening = this.#open(clientId).finally(() => this.#opening.delete(clientId))
      this.#opening.set(clientId, opening)
    }
    return opening
  }

  async #open(clientId: ClientId): Promise<WorkspaceSync | undefined> {
    const { workspaces, network, clock, random, log, onChange, onDeactivated } = this.#options
    const workspace = workspaces.get(clientId)
    // Without an actor, because the connection belongs to the device.
    const { serverUrl, userId } = await workspace.runUnsigned('engine.deviceState', null)
    if (serverUrl === null || userId === null || this.#isClosed) return undefined
    removePublishedCopy(this.#options.home, clientId)
    const token = await network.secrets.get(clientId)
    if (token === undefined) {
      this.#refused.set(clientId, NO_TOKEN)
      this.#heartbeat.start()
      await workspace.run('engine.problem', userId, { of: null, code: 'UNAUTHENTICATED' })
      return undefined
    }
    const workspaceSync = new WorkspaceSync({
      workspace,
      userId,
      serverUrl,
      token,
      network,
      steady: this.#steady,
      clock,
      random,
      log,
      onChange: () => onChange(clientId),
      onLost: (problem) => {
        if (problem === 'USER_DEACTIVATED') onDeactivated(clientId, userId)
        this.#lose(clientId, workspaceSync, token).catch(() => {})
      },
    })
    this.#workspaces.set(clientId, workspaceSync)
    this.#heartbeat.start()
    await workspaceSync.renewLease()
    return workspaceSync
  }

  /**
   * Opens the workspaces that could not be opened before (a locked key store, a busy file), and those that another process has connected to
   * a server since. Otherwise their outbox would wait for a restart.
   */
  async #openAll(): Promise<void> {
    const { workspaces } = this.#options
    const missing = workspaces.clientIds().filter((clientId) => !this.#workspaces.has(clientId) && !this.#refused.has(clientId))
    await Promise.allSettled(missing.map((clientId) => this.#workspaceSync(clientId)))
  }

  /** Starts the engine again with the current token and address. */
  async #reopen(clientId: ClientId): Promise<void> {
    await this.#opening.get(clientId)?.catch(() => {})
    await this.#retire(clientId)
    this.#refused.delete(clientId)
    await this.#workspaceSync(clientId)
  }

  /** The server no longer accepts this token. A process that gets a new one must not wait for this process's engine. */
  async #lose(clientId: ClientId, workspaceSync: WorkspaceSync, token: string): Promise<void> {
    if (this.#workspaces.get(clientId) === workspaceSync) {
      this.#refused.set(clientId, token)
      await this.#retire(clientId)
    }
    this.#options.onChange(clientId)
  }

  async #retire(clientId: ClientId): Promise<void> {
    const workspaceSync = this.#workspaces.get(clientId)
    this.#workspaces.delete(clientId)
    await workspaceSync?.retire()
  }

  /** A person may have signed in again in another process, which has ended since. */
  async #lookForToken(clientId: ClientId, refused: string): Promise<void> {
    const token = await this.#options.network.secrets.get(clientId)
    if (token === undefined || token === refused) return
    this.#refused.delete(clientId)
    await this.#workspaceSync(clientId)
  }

  async #renewLease(clientId: ClientId, workspaceSync: WorkspaceSync): Promise<void> {
    const { isMoved } = await workspaceSync.renewLease()
    if (isMoved && this.#workspaces.get(clientId) === workspaceSync) await this.#reopen(clientId)
  }

  async #sendHeartbeat(): Promise<void> {
    const leases = [...this.#workspaces].map(([clientId, workspaceSync]) => this.#renewLease(clientId, workspaceSync))
    const looks = [...this.#refused].map(([clientId, token]) => this.#lookForToken(clientId, token))
    const opened = this.#options.network.runsContinuously ? [this.#openAll()] : []
    await Promise.allSettled([...leases, ...looks, ...opened])
  }
}
