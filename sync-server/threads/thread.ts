import { Worker } from 'node:worker_threads'
import { SYNC_ERRORS, SyncError, type SyncErrorBody } from '../../core/sync/errors.ts'

export type ThreadRequest = { readonly id: number; readonly body: unknown }
export type ThreadReply =
  | { readonly id: number; readonly value: unknown }
  /** `stack`: of a bug, which is logged; a refusal has none. */
  | { readonly id: number; readonly refusal: SyncErrorBody; readonly stack: string | undefined }
  /** Sent unasked. */
  | { readonly notice: unknown }

type Pending = { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }

export type ThreadOptions = {
  readonly entry: URL
  readonly data: unknown
  readonly onNotice?: (notice: unknown) => void
  /** The thread stopped by itself. The next request starts another one. */
  readonly onLost?: (error: Error) => void
}

/**
 * Requests to a worker thread. When it dies, every open request is refused, so that nothing hangs: what was committed is
 * on disk, what was not is gone, and the device asks again.
 */
export class Thread {
  readonly #options: ThreadOptions
  readonly #pending = new Map<number, Pending>()
  #worker: Worker | undefined
  #nextId = 1
  #closed = false

  constructor(options: ThreadOptions) {
    this.#options = options
  }

  /** @throws SyncError as the thread refused, INTERNAL for a bug in it, UNAVAILABLE where it stopped. */
  request<T>(body: unknown): Promise<T> {
    if (this.#closed) return Promise.reject(stopped())
    const worker = (this.#worker ??= this.#start())
    const id = this.#nextId++
    return new Promise<T>((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as (value: unknown) => void, reject })
      worker.postMessage({ id, body } satisfies ThreadRequest)
    })
  }

  /** Lets open requests finish, then ends the thread. */
  async close(): Promise<void> {
    this.#closed = true
    const worker = this.#worker
    if (worker === undefined) return
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
    worker.postMessage(null)
    await exited
  }

  #start(): Worker {
    // Half of the default: the memory of a thread that handles batches is nearly all garbage that waits.
    const resourceLimits = { maxYoungGenerationSizeMb: 24 }
    const worker = new Worker(this.#options.entry, { workerData: this.#options.data, resourceLimits })
    worker.on('message', (reply: ThreadReply) => this.#settle(reply))
    worker.on('error', (error) => this.#lose(worker, error instanceof Error ? error : new Error(String(error))))
    worker.on('exit', () => this.#lose(worker, undefined))
    return worker
  }

  #settle(reply: ThreadReply): void {
    if ('notice' in reply) return this.#options.onNotice?.(reply.notice)
    const pending = this.#pending.get(reply.id)
    if (pending === undefined) return
    this.#pending.delete(reply.id)
    if ('value' in reply) pending.resolve(reply.value)
    else pending.reject(rebuild(reply.refusal, reply.stack))
  }

  #lose(worker: Worker, error: Error | undefined): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    const lost = [...this.#pending.values()]
    this.#pending.clear()
    for (const { reject } of lost) reject(stopped(error))
    if (error !== undefined) this.#options.onLost?.(error)
  }
}

function stopped(cause?: Error): SyncError {
  return new SyncError(
    'UNAVAILABLE',
    'The server is stopping or starting; what it acknowledged is kept. Ask again',
    undefined,
    cause,
  )
}

/** Trusted: it comes from our own thread, so its data need no second check. */
function rebuild({ error: { code, message, data } }: SyncErrorBody, stack: string | undefined): SyncError {
  const error =
    'data' in SYNC_ERRORS[code]
      ? new SyncError(code as 'MALFORMED', message, data as { path: string })
      : new SyncError(code as 'INTERNAL', message)
  if (stack !== undefined) error.stack = stack
  return error
}
