import { Worker, type ResourceLimits, type Transferable } from 'node:worker_threads'
import type { ThreadErrors } from './failure.ts'
import { OpenRequests, type Answer, type Request } from './requests.ts'

/** What a thread sends: answers, and notices that belong to no request. */
export type ThreadMessage = Answer | { readonly notice: unknown }

/** How long a closing thread may take for its open requests, ms. A commit takes milliseconds; the caller can repeat a longer request. */
const CLOSE_PATIENCE_MS = 10_000

export type ThreadOptions = {
  readonly entry: URL
  readonly data: unknown
  readonly name: string
  readonly errors: ThreadErrors
  readonly onNotice?: (notice: unknown) => void
  /** The thread failed. The next request starts another one. */
  readonly onLost?: (error: Error) => void
  readonly resourceLimits?: ResourceLimits
  /** null: the open requests may take any time. */
  readonly closePatienceMs?: number | null
}

export type RequestOptions = {
  /** Memory and ports that move to the thread. They are no longer usable here. */
  readonly move?: readonly Transferable[]
  /** Called with the milliseconds that the thread worked on the request, without waiting. */
  readonly onWorked?: (ms: number) => void
}

/**
 * Requests to one worker thread. If the thread ends, every open request is refused and the next request starts a new thread: what was
 * committed is on disk, and what was not is gone, as after a crash of the process.
 */
export class Thread {
  readonly #options: ThreadOptions
  readonly #open: OpenRequests
  #worker: Worker | undefined
  #isClosed = false

  constructor(options: ThreadOptions) {
    this.#options = options
    this.#open = new OpenRequests(options.errors)
  }

  /** Starts the thread before it is needed, so that the first request does not wait for it to load. */
  warm(): void {
    if (!this.#isClosed) this.#worker ??= this.#start()
  }

  /** @throws the error that the thread threw, as `ThreadOptions.errors` makes it. */
  request<T>(body: unknown, { move = [], onWorked }: RequestOptions = {}): Promise<T> {
    if (this.#isClosed) return Promise.reject(this.#options.errors.closing())
    const worker = (this.#worker ??= this.#start())
    const post = (request: Request) => {
      worker.postMessage(request, [...move])
      // Only after the message: a body that cannot be cloned throws, and has no answer that would make the thread idle again.
      worker.ref()
    }
    return this.#open.send<T>(body, post, onWorked)
  }

  /** Lets open requests finish, then ends the thread. */
  async close(): Promise<void> {
    this.#isClosed = true
    const worker = this.#worker
    if (worker === undefined) return
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
    worker.ref()
    worker.postMessage(null)
    const { closePatienceMs = CLOSE_PATIENCE_MS } = this.#options
    const patience = closePatienceMs === null ? undefined : setTimeout(() => void worker.terminate(), closePatienceMs)
    await exited
    clearTimeout(patience)
  }

  #start(): Worker {
    const { entry, data, name, resourceLimits } = this.#options
    const worker = new Worker(entry, { workerData: data, name, ...(resourceLimits === undefined ? {} : { resourceLimits }) })
    worker.on('message', (message: ThreadMessage) => this.#receive(message))
    worker.on('error', (error: unknown) => this.#lose(worker, error instanceof Error ? error : new Error(String(error))))
    worker.on('exit', () => this.#lose(worker, undefined))
    worker.unref()
    return worker
  }

  #receive(message: ThreadMessage): void {
    if ('notice' in message) return this.#options.onNotice?.(message.notice)
    this.#open.settle(message)
    // An idle thread must not keep the process alive; one with open requests must.
    if (this.#open.size === 0 && !this.#isClosed) this.#worker?.unref()
  }

  #lose(worker: Worker, error: Error | undefined): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    this.#open.fail(() => this.#options.errors.lost(this.#options.name, error))
    if (error !== undefined) this.#options.onLost?.(error)
  }
}
