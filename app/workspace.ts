import type { Clock, Id } from '../core/id.ts'
import type { Lane } from './operations/operation.ts'
import { operations, type InputOf, type OperationName, type OutputOf } from './operations/operations.ts'
import { Thread } from './threads.ts'
import type { DatabaseNotice, DatabaseRequest, DatabaseThreadData } from './workers/database.ts'

/** What audit rows say of where a change came from. */
export type Origin = { readonly ipAddress: string | null; readonly userAgent: string | null }

export type WorkspaceOptions = {
  readonly clientId: Id
  readonly path: string
  readonly entry: URL
  readonly clock: Clock
  readonly origin: Origin
  /** Called after a commit. */
  readonly onChange: (clientId: Id, notice: DatabaseNotice) => void
}

/**
 * One client's database, reached through threads: one writer, so that writes queue in one place and never meet SQLITE_BUSY among
 * themselves; one reader for lists and one for reports, which see the last commit without waiting for the writer (WAL).
 */
export class Workspace {
  readonly clientId: Id
  readonly path: string
  readonly #options: WorkspaceOptions
  readonly #threads: Readonly<Record<Lane, Thread>>

  constructor(options: WorkspaceOptions) {
    this.#options = options
    this.clientId = options.clientId
    this.path = options.path
    this.#threads = { write: this.#thread('write'), list: this.#thread('list'), report: this.#thread('report') }
  }

  /** Loads the threads ahead of the first request. */
  warm(): void {
    for (const thread of Object.values(this.#threads)) thread.warm()
  }

  /**
   * Runs one operation as `userId` and answers with its result.
   * @throws AppError as the operation does; STORAGE where the file is busy, full, damaged or newer than this version.
   */
  run<N extends OperationName>(name: N, userId: Id, input: InputOf<N>): Promise<OutputOf<N>> {
    const request: DatabaseRequest = {
      operation: name,
      input,
      actor: { clientId: this.clientId, userId },
      now: this.#options.clock(),
      ...this.#options.origin,
    }
    return this.#threads[operations[name].lane].request<OutputOf<N>>(request)
  }

  /** Readers first: the writer's last act is to fold the write-ahead log into the file, which needs it unread. */
  async close(): Promise<void> {
    await Promise.all([this.#threads.list.close(), this.#threads.report.close()])
    await this.#threads.write.close()
  }

  #thread(lane: Lane): Thread {
    const { entry, path, clientId, onChange } = this.#options
    const data: DatabaseThreadData = { path, mode: lane === 'write' ? 'write' : 'read' }
    return new Thread({
      entry,
      data,
      name: `database ${lane}`,
      onNotice: (notice) => onChange(clientId, notice as DatabaseNotice),
    })
  }
}
