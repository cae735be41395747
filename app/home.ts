import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isId, type Id } from '../core/id.ts'

/** Where the product keeps its files on this device: one folder a client, readable by the owner only. */
export class Home {
  readonly path: string

  constructor(path: string) {
    this.path = path
    mkdirSync(this.#workspaces, { recursive: true, mode: 0o700 })
    // mkdir leaves an existing folder's mode alone; on Windows chmod changes nothing that matters.
    chmodSync(path, 0o700)
  }

  get #workspaces(): string {
    return join(this.path, 'workspaces')
  }

  /** The database file of a client's workspace, whether or not it exists. */
  databasePath(clientId: Id): string {
    return join(this.#workspaces, clientId, 'workspace.db')
  }

  /** Where a client of a server is put together before it is shown; one at a time. */
  get joiningFolder(): string {
    return join(this.path, 'joining')
  }

  workspaceFolder(clientId: Id): string {
    return join(this.#workspaces, clientId)
  }

  /** Clients with a database file here, in the order of their creation. */
  clientIds(): Id[] {
    return readdirSync(this.#workspaces)
      .filter((name) => isId(name) && existsSync(this.databasePath(name)))
      .toSorted()
  }
}

/** Bytes of a database file with its write-ahead log. */
export function fileSize(path: string): number {
  return [path, `${path}-wal`].reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0)
}
