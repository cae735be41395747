import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import type { UserId } from '../../core/id.ts'
import type { SteadyClock } from '../../core/steady-clock.ts'
import { problemSentence } from '../../core/sync/problem-text.ts'
import { isOfflineProblem } from '../../core/sync/problems.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { Engine, type EngineOptions, type EngineView } from './engine/engine.ts'
import { EngineLease } from './leadership/engine-lease.ts'
import { transportTo, fromSyncFailure, type Network } from './transport/network.ts'

/** The longest wait for another process on this device that runs the engine, ms. It polls every thirty seconds. */
const OTHERS_PATIENCE_MS = 35_000
const OTHERS_POLL_MS = 250

export type WorkspaceSyncOptions = Omit<EngineOptions, 'server' | 'timers'> & {
  readonly serverUrl: string
  readonly network: Network
  readonly steady: SteadyClock
}

/** One workspace's sync in this process. The engine runs only while this process holds the lease. */
export class WorkspaceSync {
  readonly serverUrl: string
  readonly #workspace: Workspace
  readonly #userId: UserId
  readonly #network: Network
  readonly #steady: SteadyClock
  readonly #engine: Engine
  readonly #lease: EngineLease
  #isOwner = false
  #isRetired = false

  constructor({ serverUrl, network, steady, ...options }: WorkspaceSyncOptions) {
    const { workspace, userId } = options
    this.serverUrl = serverUrl
    this.#workspace = workspace
    this.#userId = userId
    this.#network = network
    this.#steady = steady
    this.#engine = new Engine({ ...options, server: transportTo(network, serverUrl), timers: network.timers })
    this.#lease = new EngineLease({ workspace, userId, network, steady })
  }

  /** The engine's state; null if another process runs the engine. */
  get view(): EngineView | null {
    return this.#isOwner ? this.#engine.view : null
  }

  /** Rows changed on this device. */
  noteWrite(): void {
    this.#engine.dispatch({ kind: 'wrote' })
  }

  nudge(): void {
    this.#engine.dispatch({ kind: 'nudged' })
  }

  /**
   * Acquires or renews the lease, and starts or stops the engine accordingly.
   * @returns whether the server has another address, so that this object has to be replaced.
   */
  async renewLease(): Promise<{ readonly isMoved: boolean }> {
    const result = await this.#lease.acquire(this.serverUrl)
    if (this.#isRetired) return { isMoved: false }
    if (result === 'moved') return { isMoved: true }
    const isOwner = result === 'held'
    if (isOwner === this.#isOwner) return { isMoved: false }
    this.#isOwner = isOwner
    if (isOwner) this.#engine.start()
    else await this.#engine.stop()
    return { isMoved: false }
  }

  /**
   * Sends and fetches everything, or waits until the process that runs the engine has done so.
   * @throws AppError UNREACHABLE, REFUSED_BY_SERVER, STORAGE
   */
  async settle(): Promise<void> {
    if (!this.#isOwner) return this.#awaitOther()
    try {
      await this.#engine.settle()
    } catch (error) {
      throw fromSyncFailure(error)
    }
  }

  /** Stops the engine and releases the lease. */
  async retire(): Promise<void> {
    const wasOwner = this.#isOwner
    this.#isRetired = true
    this.#isOwner = false
    await this.#engine.stop()
    if (wasOwner) await this.#lease.release()
  }

  /** @throws AppError with the other process's problem if it has not succeeded in time. */
  async #awaitOther(): Promise<void> {
    const run = this.#workspace.run.bind(this.#workspace)
    const begin = this.#steady.instant()
    while (this.#steady.msSince(begin) < OTHERS_PATIENCE_MS) {
      const { problem } = await run('sync.statusLocal', this.#userId, null)
      if (problem === null && (await run('engine.pending', this.#userId, null)) === 0) return
      await new Promise<void>((resolve) => void this.#network.timers.set(OTHERS_POLL_MS, resolve))
    }
    const { problem } = await run('sync.statusLocal', this.#userId, null)
    if (problem !== null && !isOfflineProblem(problem))
      throw new AppError('REFUSED_BY_SERVER', problemSentence(problem), { reason: problem })
    throw new AppError('UNREACHABLE', problem === null ? sentence('server.no-sync') : problemSentence(problem))
  }
}
