import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { backOff, ConnectionLostError, createConnection, NoAnswerError, WindowNotAuthorizedError } from './connection.ts'
import type { Channel } from './connection.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

type Answer = (path: readonly string[], signal: AbortSignal | undefined) => Promise<unknown>

/** An application that can become unreachable and reachable again. */
function application(answer: Answer = async (path) => path.join('.')) {
  let reachable = true
  let refusal = () => new Error('refused')
  let breakChannel = () => {}
  let opened = 0
  const open = async (): Promise<Channel> => {
    if (!reachable) throw refusal()
    opened++
    let isOpen = true
    const { promise: closed, resolve } = Promise.withResolvers<void>()
    const broken = Promise.withResolvers<never>()
    broken.promise.catch(() => {})
    breakChannel = () => {
      isOpen = false
      broken.reject(new Error('closed'))
      resolve()
    }
    return {
      link: { call: (path, _input, { signal }) => Promise.race([answer(path, signal), broken.promise]) },
      closed,
      isOpen: () => isOpen,
      close: () => breakChannel(),
    }
  }
  return {
    open,
    opened: () => opened,
    disconnect: async () => {
      reachable = false
      breakChannel()
      await vi.advanceTimersByTimeAsync(0)
    },
    reconnect: () => {
      reachable = true
    },
    /** The application is reachable again and refuses the windows of before. */
    restart: () => {
      refusal = () => new WindowNotAuthorizedError('Not authorized')
    },
  }
}

/** Resolves to the error of a rejected promise. */
const ending = (promise: Promise<unknown>) =>
  promise.then(
    () => 'an answer',
    (error: unknown) => error,
  )
const never = () => new Promise<never>(() => {})

test('a request before the channel is open waits for it', async () => {
  const app = application()
  const connection = createConnection(app.open)
  expect(connection.getState().kind).toBe('connecting')
  await expect(connection.api.session.get()).resolves.toBe('session.get')
  expect(connection.getState().kind).toBe('open')
  connection.close()
})

test('a lost channel is reopened with growing waits, and subscribers are called', async () => {
  const app = application()
  const connection = createConnection(app.open)
  await connection.api.session.get()
  const seen: string[] = []
  connection.subscribe(() => seen.push(connection.getState().kind))
  await app.disconnect()
  expect(connection.getState()).toMatchObject({ kind: 'lost', attempts: 1 })
  await vi.advanceTimersByTimeAsync(10_000)
  expect(connection.getState()).toMatchObject({ kind: 'lost' })
  app.reconnect()
  await vi.advanceTimersByTimeAsync(8_000)
  expect(connection.getState().kind).toBe('open')
  expect(app.opened()).toBe(2)
  expect(seen.at(-1)).toBe('open')
  await expect(connection.api.session.get()).resolves.toBe('session.get')
  connection.close()
})

test('the state distinguishes a window that is not authorized from an application that is not reachable', async () => {
  const app = application()
  const connection = createConnection(app.open)
  await connection.api.session.get()
  await app.disconnect()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(connection.getState()).toMatchObject({ kind: 'lost', isUnauthorized: false })
  app.restart()
  const seen: boolean[] = []
  await vi.advanceTimersByTimeAsync(8_000)
  connection.subscribe(() => {
    const state = connection.getState()
    if (state.kind === 'lost') seen.push(state.isUnauthorized)
  })
  await vi.advanceTimersByTimeAsync(20_000)
  expect(new Set(seen), 'also during an attempt').toEqual(new Set([true]))
  app.reconnect()
  await vi.advanceTimersByTimeAsync(8_000)
  expect(connection.getState().kind).toBe('open')
  connection.close()
})

test('while the channel is lost, a request fails at once with an error that it was not sent', async () => {
  const app = application()
  const connection = createConnection(app.open)
  await connection.api.session.get()
  await app.disconnect()
  await expect(connection.api.session.get()).rejects.toSatisfy((error) => error instanceof ConnectionLostError && !error.sent)
  connection.close()
})

test('a request under way when the channel breaks fails with an error that it may have run', async () => {
  const app = application(never)
  const connection = createConnection(app.open)
  const end = ending(connection.api.session.get())
  await vi.advanceTimersByTimeAsync(0)
  await app.disconnect()
  expect(await end).toMatchObject({ name: 'ConnectionLostError', sent: true })
  connection.close()
})

test('a stream that the channel interrupts ends with an error', async () => {
  const { promise, reject } = Promise.withResolvers<never>()
  promise.catch(() => {})
  const app = application(async () => ({
    [Symbol.asyncIterator]() {
      return this
    },
    next: () => promise,
  }))
  const connection = createConnection(app.open)
  const events = await connection.api.events.subscribe()
  const end = ending(events.next())
  await app.disconnect()
  reject(new Error('closed'))
  expect(await end).toBeInstanceOf(ConnectionLostError)
  connection.close()
})

test('a request without an answer fails after a minute', async () => {
  const app = application(
    (_path, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error))
      }),
  )
  const connection = createConnection(app.open)
  const end = ending(connection.api.session.get())
  await vi.advanceTimersByTimeAsync(60_000)
  expect(await end).toBeInstanceOf(NoAnswerError)
  connection.close()
})

test('an error of the application is passed on unchanged', async () => {
  const failure = new Error('FORBIDDEN')
  const connection = createConnection(application(() => Promise.reject(failure)).open)
  await expect(connection.api.session.get()).rejects.toBe(failure)
  connection.close()
})

test('retryNow reconnects without waiting', async () => {
  const app = application()
  const connection = createConnection(app.open)
  await connection.api.session.get()
  await app.disconnect()
  await vi.advanceTimersByTimeAsync(5_000)
  app.reconnect()
  connection.retryNow()
  await vi.advanceTimersByTimeAsync(0)
  expect(connection.getState().kind).toBe('open')
  connection.close()
})

test('a closed connection opens no channel', async () => {
  const app = application()
  const connection = createConnection(app.open)
  await connection.api.session.get()
  connection.close()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(app.opened()).toBe(1)
})

test('the waits grow up to a limit', () => {
  expect([0, 1, 2, 3].map(backOff)).toEqual([250, 500, 1_000, 2_000])
  expect(backOff(50)).toBe(8_000)
})
