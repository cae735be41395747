import { Worker } from 'node:worker_threads'
import { SYNC_ERRORS, SyncError, type SyncErrorBody } from '../../core/sync/errors.ts'

export type ThreadRequest = { readonly id: number; readonly body: unknown }
export type ThreadReply =
  /** `ms`: the time that the thread worked on it. */
  | { readonly id: number; readonly ms: number; readonly value: unknown }
  /** `stack` and `reason` (an error code) belong to a fault, which is logged; a refusal has neither. */
  | {
      readonly id: number
      readonly ms: number
      readonly refusal: SyncErrorBody
      readonly stack: string | undefined
      readonly reason: string | undefined
    }
  /** Sent unasked. */
  | { readonly notice: unknown }

/** A fault inside a thread, for the log: the error's code, for example `SQLITE_FULL`. */
export class ThreadFault extends Error {
  override readonly name = 'ThreadFault'
  readonly reason: string | null

  constructor(reason: string | undefined, stack: string) {
    super('A thread failed at a request')
    this.reason = reason ?? null
    this.stack = stack
  }
}

type Pending = {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
  readonly onWorked: ((ms: number) => void) | undefined
}

/** Shorter byte arrays may share their memory with others. */
export const MOVE_BYTES = 16_384

/** Returns the memory of `value` if it is a long byte array with memory of its own, which can move to another thread without a copy. */
export function movableMemory(value: unknown): ArrayBuffer[] {
  if (!(value instanceof Uint8Array) || !(value.buffer instanceof ArrayBuffer)) return []
  return value.byteLength === value.buffer.byteLength && value.byteLength > MOVE_BYTES ? [value.buffer] : []
}

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

  /**
   * @param move memory that moves to the thread and is no longer usable here.
   * @param onWorked is called with the milliseconds that the thread worked on the request, waiting not included.
   * @throws SyncError the thread's refusal; INTERNAL for a bug in it; UNAVAILABLE if it stopped.
   */
  request<T>(body: unknown, move: readonly ArrayBuffer[] = [], onWorked?: (ms: number) => void): Promise<T> {
    if (this.#closed) return Promise.reject(stopped())
    const worker = (this.#worker ??= this.#start())
    const id = this.#nextId++
    return new Promise<T>((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as (value: unknown) => void, reject, onWorked })
      worker.postMessage({ id, body } satisfies ThreadRequest, move)
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
    pending.onWorked?.(reply.ms)
    if ('value' in reply) pending.resolve(reply.value)
    else pending.reject(rebuild(reply.refusal, reply.stack, reply.reason))
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
    'The server is stopping or starting; what it acknowledged is kept. Try again',
    undefined,
    cause,
  )
}

/** Trusted: it comes from our own thread, so its data need no second check. */
function rebuild(
  { error: { code, message, data } }: SyncErrorBody,
  stack: string | undefined,
  reason: string | undefined,
): SyncError {
  const cause = stack === undefined ? undefined : new ThreadFault(reason, stack)
  return 'data' in SYNC_ERRORS[code]
    ? new SyncError(code as 'MALFORMED', message, data as { path: string }, cause)
    : new SyncError(code as 'INTERNAL', message, undefined, cause)
}
