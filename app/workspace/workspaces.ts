import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ClientId, Clock, Id, UserId } from '../../core/id.ts'
import { fromStorageFailure } from '../../db/errors.ts'
import { createWorkspaceFile } from '../../db/open.ts'
import type { Home } from './home.ts'
import type { WorkspaceSeed } from '../operations/workspace.ts'
import { Workspace, type RequestOrigin, type WorkspaceOptions } from './workspace.ts'

export type WorkspacesOptions = {
  readonly home: Home
  readonly entry: URL
  readonly clock: Clock
  readonly newId: () => Id
  readonly origin: RequestOrigin
  readonly onChange: WorkspaceOptions['onChange']
  readonly onStorage?: (clientId: ClientId) => void
}

/** Most clients whose threads are started before a sign-in. Others are opened at the sign-in. */
const WARM_AT_MOST = 3

/** The databases of the clients on this device. Each is opened at its first use and stays open. */
export class Workspaces {
  readonly #options: WorkspacesOptions
  readonly #open = new Map<ClientId, Workspace>()

  constructor(options: WorkspacesOptions) {
    this.#options = options
  }

  clientIds(): ClientId[] {
    return this.#options.home.clientIds()
  }

  get(clientId: ClientId): Workspace {
    let workspace = this.#open.get(clientId)
    if (workspace === undefined) {
      const { home, newId: _newId, ...options } = this.#options
      workspace = new Workspace({ ...options, clientId, path: home.databasePath(clientId) })
      this.#open.set(clientId, workspace)
    }
    return workspace
  }

  /** Returns whether anyone can sign in. Starts the threads of a few clients, so that they are ready when the person has typed. */
  expectSignIn(): boolean {
    const ids = this.clientIds()
    if (ids.length <= WARM_AT_MOST) for (const id of ids) this.get(id).warm()
    return ids.length > 0
  }

  /** Checks whether files that could not be written can be written again. */
  probe(): void {
    for (const workspace of this.#open.values()) void workspace.probe()
  }

  /**
   * Creates the database of a client with its first admin and returns their ids. After a failure no file remains, because no one could sign
   * in to a file without users.
   */
  async create(seed: WorkspaceSeed): Promise<{ clientId: ClientId; userId: UserId }> {
    const { home, newId } = this.#options
    const clientId = newId()
    const userId = newId()
    try {
      createWorkspaceFile(home.databasePath(clientId), { deviceId: newId() })
      const workspace = this.get(clientId)
      workspace.warm()
      await workspace.run('workspace.seed', userId, seed)
    } catch (error) {
      await this.#remove(clientId)
      throw fromStorageFailure(error, join(home.path, 'workspaces'))
    }
    return { clientId, userId }
  }

  async #remove(clientId: ClientId): Promise<void> {
    await this.#open.get(clientId)?.close()
    this.#open.delete(clientId)
    rmSync(this.#options.home.workspaceFolder(clientId), { recursive: true, force: true })
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((workspace) => workspace.close()))
    this.#open.clear()
  }
}
