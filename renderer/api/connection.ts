import { createORPCClient } from '@orpc/client'
import type { ClientContext, ClientLink, ClientOptions } from '@orpc/client'
import type { Api } from '../../core/contract/contract.ts'
import { deadlineIn, type Deadline } from './deadline.ts'

/** One open line to the application. */
export type Channel = {
  readonly link: ClientLink<ClientContext>
  /** Settles when the line is gone, whoever ended it. What was under way on it rejects. */
  readonly closed: Promise<void>
  isOpen: () => boolean
  close: () => void
}
/** Opens a line, or rejects: with a `WindowNotAuthorizedError` where the application answers and does not know this window. Must settle. */
export type OpenChannel = () => Promise<Channel>

export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  /**
   * `retryAt`: when the next try begins; null while one is under way. `isStranger`: the application answers, and this window
   * is not one that it let in, because it was started again since. Only its new address helps, opened here or in another tab.
   */
  | { readonly kind: 'lost'; readonly attempts: number; readonly retryAt: Deadline | null; readonly isStranger: boolean }

/** `sent`: the request had gone out when the line broke, so it may or may not have been carried out. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError'
  readonly sent: boolean
  constructor(sent: boolean, cause?: unknown) {
    super('The connection to the application was lost', { cause })
    this.sent = sent
  }
}

/** The application is there and does not let this window in. */
export class WindowNotAuthorizedError extends Error {
  override readonly name = 'WindowNotAuthorizedError'
}

/** The application took the request and did not answer in time. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError'
}

export type Connection = {
  readonly api: Api
  getState: () => ConnectionState
  subscribe: (listener: () => void) => () => void
  /** Tries again at once instead of waiting for the back-off. */
  retryNow: () => void
  close: () => void
}

/** Wait before try number `attempts` + 1, ms: short at first, never above 8 s – the application is on this device. */
export function backOff(attempts: number): number {
  return Math.min(8_000, 250 * 2 ** attempts)
}

/** An upload of 256 MB is read and counted before the answer comes. */
const SLOW_PATHS = new Set(['imports.inspect'])
const ANSWER_WITHIN = 60_000
const SLOW_ANSWER_WITHIN = 600_000

function isStream(value: unknown): value is AsyncIterator<unknown> & AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

/**
 * Keeps one channel open and reopens it with back-off. Requests made before the first opening wait for it; requests made
 * while the connection is lost fail at once, so that a form can say so and keep what was typed.
 */
export function createConnection(open: OpenChannel): Connection {
  let state: ConnectionState = { kind: 'connecting' }
  let channel: Channel | undefined
  let ended = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const listeners = new Set<() => void>()

  function setState(next: ConnectionState) {
    state = next
    for (const listener of listeners) listener()
  }

  async function connect(attempts: number, isStranger = false) {
    if (ended) return
    if (attempts > 0) setState({ kind: 'lost', attempts, retryAt: null, isStranger })
    try {
      channel = await open()
    } catch (error) {
      retryLater(attempts + 1, error instanceof WindowNotAuthorizedError)
      return
    }
    if (ended) return channel.close()
    setState({ kind: 'open' })
    await channel.closed
    channel = undefined
    retryLater(1)
  }

  function retryLater(attempts: number, isStranger = false) {
    if (ended) return
    const wait = backOff(attempts - 1)
    setState({ kind: 'lost', attempts, retryAt: deadlineIn(wait), isStranger })
    timer = setTimeout(() => void connect(attempts, isStranger), wait)
  }

  function whenSettled(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = () => {
        if (state.kind === 'connecting') return
        listeners.delete(done)
        resolve()
      }
      signal?.addEventListener('abort', () => {
        listeners.delete(done)
        reject(signal.reason)
      })
      listeners.add(done)
    })
  }

  async function call(path: readonly string[], input: unknown, options: ClientOptions<ClientContext>): Promise<unknown> {
    if (state.kind === 'connecting') await whenSettled(options.signal)
    const current = channel
    if (current === undefined) throw new ConnectionLostError(false)
    const late = new AbortController()
    const wait = SLOW_PATHS.has(path.join('.')) ? SLOW_ANSWER_WITHIN : ANSWER_WITHIN
    const clock = setTimeout(() => late.abort(new NoAnswerError('The application did not answer in time')), wait)
    const signal = options.signal ? AbortSignal.any([options.signal, late.signal]) : late.signal
    try {
      const answer = await current.link.call(path, input, { ...options, signal })
      return isStream(answer) ? guardStream(answer, current) : answer
    } catch (error) {
      throw current.isOpen() ? error : new ConnectionLostError(true, error)
    } finally {
      clearTimeout(clock)
    }
  }

  void connect(0)

  return {
    api: createORPCClient<Api>({ call }),
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    retryNow() {
      if (state.kind !== 'lost' || state.retryAt === null) return
      clearTimeout(timer)
      void connect(state.attempts, state.isStranger)
    },
    close() {
      ended = true
      clearTimeout(timer)
      channel?.close()
    },
  }
}

/** A stream that ends with the connection says so, instead of looking as if it had been cancelled. */
function guardStream(stream: AsyncIterator<unknown>, channel: Channel): AsyncIterableIterator<unknown> {
  return {
    async next() {
      try {
        return await stream.next()
      } catch (error) {
        throw channel.isOpen() ? error : new ConnectionLostError(true, error)
      }
    },
    return: async (value) => (await stream.return?.(value)) ?? { done: true, value },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
