import { createORPCClient } from '@orpc/client'
import type { ClientContext, ClientLink, ClientOptions } from '@orpc/client'
import type { Api } from '../../core/contract/contract.ts'
import { deadlineIn, type Deadline } from './deadline.ts'

/** One open channel to the application. */
export type Channel = {
  readonly link: ClientLink<ClientContext>
  /** Resolves when either end has closed the channel. Requests under way reject. */
  readonly closed: Promise<void>
  isOpen: () => boolean
  close: () => void
}
/** Opens a channel. Rejects with a `WindowNotAuthorizedError` if the application answers and refuses this window. Must settle. */
export type OpenChannel = () => Promise<Channel>

export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  /**
   * `retryAt`: when the next attempt begins; null during an attempt. `isUnauthorized`: the application was restarted and refuses this
   * window. Only its new address helps, opened here or in another tab.
   */
  | { readonly kind: 'lost'; readonly attempts: number; readonly retryAt: Deadline | null; readonly isUnauthorized: boolean }

/** `sent`: the request was sent before the channel broke, so it may have run. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError'
  readonly sent: boolean
  constructor(sent: boolean, cause?: unknown) {
    super('The connection to the application was lost', { cause })
    this.sent = sent
  }
}

/** The application answers and refuses this window. */
export class WindowNotAuthorizedError extends Error {
  override readonly name = 'WindowNotAuthorizedError'
}

/** The application did not answer in time. The request may have run. */
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

/** Returns the wait before attempt `attempts` + 1, ms. It stays short, because the application is on this device. */
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
 * while the connection is lost fail at once, so that a form can show the error and keep the typed values.
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

  async function connect(attempts: number, isUnauthorized = false) {
    if (ended) return
    if (attempts > 0) setState({ kind: 'lost', attempts, retryAt: null, isUnauthorized })
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

  function retryLater(attempts: number, isUnauthorized = false) {
    if (ended) return
    const wait = backOff(attempts - 1)
    setState({ kind: 'lost', attempts, retryAt: deadlineIn(wait), isUnauthorized })
    timer = setTimeout(() => void connect(attempts, isUnauthorized), wait)
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
      void connect(state.attempts, state.isUnauthorized)
    },
    close() {
      ended = true
      clearTimeout(timer)
      channel?.close()
    },
  }
}

/** Makes a stream that the lost connection ended throw a `ConnectionLostError`, so that it does not look cancelled. */
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
