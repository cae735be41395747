import type { UserId } from '../../../core/id.ts'
import type { Instant, SteadyClock } from '../../../core/steady-clock.ts'
import type { WatchedHeartbeat } from '../../../db/sync/device-state.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import type { Network } from '../transport/network.ts'

export type LeaseOptions = {
  readonly workspace: Workspace
  readonly userId: UserId
  readonly network: Pick<Network, 'processName' | 'isProcessDead'>
  readonly steady: SteadyClock
}

/** `moved`: another process on this device has stored a new address of the server. */
export type LeaseResult = 'held' | 'elsewhere' | 'moved'

/** The last heartbeat of another process, and when this process first saw it. */
type Watched = { readonly owner: string; readonly at: number | null; readonly since: Instant }

/**
 * The right of one process on the device to run a workspace's engine. The file names the owner and its last heartbeat. Every process tries to
 * acquire the lease with its own heartbeats; for the owner this renews it. Another process gets it if the owner's process has ended, or if the
 * stored heartbeat has not changed for thirty seconds of this process's steady clock.
 */
export class EngineLease {
  readonly #options: LeaseOptions
  #watched: Watched | undefined

  constructor(options: LeaseOptions) {
    this.#options = options
  }

  /** @param expectedUrl the server that the engine was made for. */
  async acquire(expectedUrl: string): Promise<LeaseResult> {
    const { workspace, userId, network } = this.#options
    const { processName, isProcessDead } = network
    const { engineOwner, engineHeartbeatAt, serverUrl } = await workspace.run('engine.deviceState', userId, null)
    if (serverUrl !== expectedUrl) return 'moved'
    const dead = engineOwner !== null && engineOwner !== processName && isProcessDead(engineOwner) ? engineOwner : null
    const watched = this.#watch(engineOwner, engineHeartbeatAt)
    const isHeld = await workspace.run('engine.acquireLease', userId, { owner: processName, dead, watched })
    return isHeld ? 'held' : 'elsewhere'
  }

  /** Best effort: without it, another process takes over thirty seconds later. */
  async release(): Promise<void> {
    const { workspace, userId, network } = this.#options
    await workspace.run('engine.release', userId, { owner: network.processName }).catch(() => null)
  }

  /** Returns how long the owner's heartbeat has not changed; null if this process sees this owner for the first time. */
  #watch(owner: string | null, at: number | null): WatchedHeartbeat | null {
    const { network, steady } = this.#options
    const before = this.#watched
    if (owner === null || owner === network.processName) {
      this.#watched = undefined
      return null
    }
    const isSame = before?.owner === owner && before.at === at
    this.#watched = isSame ? before : { owner, at, since: steady.instant() }
    return before?.owner === owner ? { owner, at, ms: steady.msSince(this.#watched.since) } : null
  }
}
