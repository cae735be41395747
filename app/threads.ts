import { Worker, type Transferable } from 'node:worker_threads'
import { AppError, type ApiErrorCode } from '../core/errors.ts'

/** A failure on its way between threads, as data. `code` null: a bug, not one of the API's errors. */
export type ThreadFailure = {
  readonly code: ApiErrorCode | null
  readonly message: string
  readonly data: unknown
  readonly stack: string | undefined
}

export type ThreadRequest = { readonly id: number; readonly body: unknown }
export type ThreadReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: ThreadFailure }
  /** Sent unasked. */
  | { readonly notice: unknown }

export function toFailure(error: unknown): ThreadFailure {
  if (error instanceof AppError) return { code: error.code, message: error.message, data: error.data, stack: undefined }
  const message = error instanceof Error ? error.message : String(error)
  return { code: null, message, data: undefined, stack: error instanceof Error ? error.stack : undefined }
}

export function fromFailure(failure: ThreadFailure): Error {
  if (failure.code !== null) return new AppError(failure.code, failure.message, failure.data as never)
  const error = new Error(failure.message)
  if (failure.stack !== undefined) error.stack = failure.stack
  return error
}

/** How long a closing thread may take for what it has begun. A commit takes milliseconds; whatever takes longer is stuck or can be repeated. */
const CLOSE_PATIENCE_MS = 10_000

type Pending = { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }

export type ThreadOptions = {
  readonly entry: URL
  readonly data: unknown
  readonly name: string
  readonly onNotice?: (notice: unknown) => void
}

/**
 * Requests to one worker thread, answered in any order. When the thread dies, every open request is refused (nothing hangs) and
 * the next request starts a new thread: what was committed is on disk, what was not is gone, as after a crash of the app.
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

  /** Starts the thread before it is needed, so that the first request does not wait for it to load. */
  warm(): void {
    if (!this.#closed) this.#worker ??= this.#start()
  }

  request<T>(body: unknown, transfer: readonly Transferable[] = []): Promise<T> {
    if (this.#closed) return Promise.reject(new AppError('STORAGE', 'The application is closing', { reason: 'io' }))
    const worker = (this.#worker ??= this.#start())
    const id = this.#nextId++
    return new Promise<T>((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as (value: unknown) => void, reject })
      worker.ref()
      worker.postMessage({ id, body } satisfies ThreadRequest, [...transfer])
    })
  }

  /** Lets open requests finish, within `CLOSE_PATIENCE_MS`, then ends the thread. */
  async close(): Promise<void> {
    this.#closed = true
    const worker = this.#worker
    if (worker === undefined) return
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
    worker.ref()
    worker.postMessage(null)
    const patience = setTimeout(() => void worker.terminate(), CLOSE_PATIENCE_MS)
    await exited
    clearTimeout(patience)
  }

  #start(): Worker {
    const { entry, data, name } = this.#options
    const worker = new Worker(entry, { workerData: data, name })
    worker.on('message', (reply: ThreadReply) => this.#settle(reply))
    worker.on('error', (error) => this.#lose(worker, error))
    worker.on('exit', () => this.#lose(worker, undefined))
    worker.unref()
    return worker
  }

  #settle(reply: ThreadReply): void {
    if ('notice' in reply) {
      this.#options.onNotice?.(reply.notice)
      return
    }
    const pending = this.#pending.get(reply.id)
    if (pending === undefined) return
    this.#pending.delete(reply.id)
    // An idle thread must not keep the process alive; one with work must.
    if (this.#pending.size === 0 && !this.#closed) this.#worker?.unref()
    if ('failure' in reply) pending.reject(fromFailure(reply.failure))
    else pending.resolve(reply.value)
  }

  #lose(worker: Worker, error: unknown): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    const lost = [...this.#pending.values()]
    this.#pending.clear()
    for (const { reject } of lost) {
      const message = `The ${this.#options.name} thread stopped; what was saved before is kept. Try again.`
      reject(new AppError('STORAGE', message, { reason: 'io' }, error))
    }
  }
}
