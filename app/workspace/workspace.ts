import { unsavableReason, type UnsavableReason } from '../../core/errors.ts'
import type { ClientId, Clock, Id, UserId } from '../../core/id.ts'
import type { DatabaseThread } from '../declaration/operation.ts'
import { operationNamed, type InputOf, type OperationName, type OutputOf } from '../operations/operations.ts'
import { Thread } from '../../platform/threads/thread.ts'
import { THREAD_ERRORS } from '../workers/thread-errors.ts'
import type { DatabaseNotice, DatabaseRequest, DatabaseThreadData } from '../workers/database.ts'

/** Origin of a change for the audit trail. */
export type RequestOrigin = { readonly ipAddress: string | null; readonly userAgent: string | null }

export type WorkspaceOptions = {
  readonly clientId: ClientId
  readonly path: string
  readonly entry: URL
  readonly clock: Clock
  readonly origin: RequestOrigin
  /** Called after a commit. */
  readonly onChange: (clientId: ClientId, notice: DatabaseNotice) => void
  /** Called when `unsavable` changes. */
  readonly onStorage?: (clientId: ClientId) => void
}

/**
 * Runs operations on the database of one client in its threads. One thread writes, so that writes wait in one queue and never cause
 * SQLITE_BUSY for each other. One thread reads lists and one reads reports; both see the last commit and never wait for the writer (WAL).
 */
export class Workspace {
  readonly clientId: ClientId
  readonly path: string
  readonly #options: WorkspaceOptions
  readonly #threads: Readonly<Record<DatabaseThread, Thread>>
  #unsavable: UnsavableReason | null = null
  #isProbing = false

  constructor(options: WorkspaceOptions) {
    this.#options = options
    this.clientId = options.clientId
    this.path = options.path
    this.#threads = { write: this.#thread('write'), list: this.#thread('list'), report: this.#thread('report') }
  }

  /** Starts the threads before the first request. */
  warm(): void {
    for (const thread of Object.values(this.#threads)) thread.warm()
  }

  /** Why nothing can be saved, by the last write; null: the write succeeded, or there was none. */
  get unsavable(): UnsavableReason | null {
    return this.#unsavable
  }

  /**
   * Runs one operation as `userId` and returns its result.
   * @param at time of the operation, ms since the epoch; left out: now.
   * @throws AppError of the operation; STORAGE if the file is busy, full, damaged or newer than this version.
   */
  async run<N extends OperationName>(name: N, userId: UserId, input: InputOf<N>, at?: number): Promise<OutputOf<N>> {
    const request: DatabaseRequest = {
      operation: name,
      input,
      actor: { clientId: this.clientId, userId },
      now: at ?? this.#options.clock(),
      ...this.#options.origin,
    }
    const operation = operationNamed(name)
    const running = this.#threads[operation.thread].request<OutputOf<N>>(request)
    // Upkeep succeeds even if it cannot write, so its result does not show whether the file can be written.
    if (operation.thread !== 'write' || operation.isUpkeep === true) return running
    try {
      const result = await running
      this.#noteStorage(null)
      return result
    } catch (error) {
      const reason = unsavableReason(error)
      if (reason !== undefined) this.#noteStorage(reason)
      throw error
    }
  }

  /**
   * Runs an internal operation while no person is signed in. The actor is the client's own id, which is no user: a line of the audit trail
   * under it breaks a foreign key, so such an operation writes none.
   */
  runUnsigned<N extends OperationName>(name: N, input: InputOf<N>): Promise<OutputOf<N>> {
    const noUser: Id = this.clientId
    return this.run(name, noUser, input)
  }

  /** If nothing could be saved, checks whether it can be now. Called every few seconds. */
  async probe(): Promise<void> {
    if (this.#unsavable === null || this.#isProbing) return
    this.#isProbing = true
    try {
      await this.runUnsigned('workspace.probe', null)
    } catch {
      // The file still cannot be written. The next call tries again.
    } finally {
      this.#isProbing = false
    }
  }

  #noteStorage(unsavable: UnsavableReason | null): void {
    if (unsavable === this.#unsavable) return
    this.#unsavable = unsavable
    this.#options.onStorage?.(this.clientId)
  }

  /** Closes the readers first, because at the end the writer checkpoints the write-ahead log, which a reader would block. */
  async close(): Promise<void> {
    await Promise.all([this.#threads.list.close(), this.#threads.report.close()])
    await this.#threads.write.close()
  }

  #thread(thread: DatabaseThread): Thread {
    const { entry, path, clientId, onChange } = this.#options
    const data: DatabaseThreadData = { path, mode: thread === 'write' ? 'write' : 'read' }
    return new Thread({
      entry,
      data,
      name: `database ${thread}`,
      errors: THREAD_ERRORS,
      onNotice: (notice) => onChange(clientId, notice as DatabaseNotice),
    })
  }
}
