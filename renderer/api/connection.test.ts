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

/** An application that can be taken away and brought back. */
function application(answer: Answer = async (path) => path.join('.')) {
  let reachable = true
  let refusal = () => new Error('refused')
  let breakLine = () => {}
  let opened = 0
  const open = async (): Promise<Channel> => {
    if (!reachable) throw refusal()
    opened++
    let isOpen = true
    const { promise: closed, resolve } = Promise.withResolvers<void>()
    const broken = Promise.withResolvers<never>()
    broken.promise.catch(() => {})
    breakLine = () => {
      isOpen = false
      broken.reject(new Error('closed'))
      resolve()
    }
    return {
      link: { call: (path, _input, { signal }) => Promise.race([answer(path, signal), broken.promise]) },
      closed,
      isOpen: () => isOpen,
      close: () => breakLine(),
    }
  }
  return {
    open,
    opened: () => opened,
    goAway: async () => {
      reachable = false
      breakLine()
      await vi.advanceTimersByTimeAsync(0)
    },
    comeBack: () => {
      reachable = true
    },
    /** It is there again and lets nobody in who was there before. */
    startAnew: () => {
      refusal = () => new WindowNotAuthorizedError('Who are you?')
    },
  }
}

/** How a promise ends, whenever it does. */
const ending = (promise: Promise<unknown>) =>
  promise.then(
    () => 'an answer',
    (error: unknown) => error,
  )
const never = () => new Promise<never>(() => {})

test('what is asked before the line is open waits for it', async () => {
  const app = application()
  const connection = createConnection(app.open)
  expect(connection.getState().kind).toBe('connecting')
  await expect(connection.api.session.get()).resolves.toBe('session.get')
  expect(connection.getState().kind).toBe('open')
  connection.close()
})

test('a lost line is opened again, later and later, and everyone who listens is told', async () => {
  const app = application()
  const connection = createConnection(app.open)
  await connection.api.session.get()
  const seen: string[] = []
  connection.subscribe(() => seen.push(connection.getState().kind))
  await app.goAway()
  expect(connection.getState()).toMatchObject({ kind: 'lost', attempts: 1 })
  await vi.advanceTimersByTimeAsync(10_000)
  expect(connection.getState()).toMatchObject({ kind: 'lost' })
  app.comeBack()
  await vi.advanceTimersByTimeAsync(8_000)
  expect(connection.getState().kind).toBe('open')
  expect(app.opened()).toBe(2)
  expect(seen.at(-1)).toBe('open')
  await expect(connection.api.session.get()).resolves.toBe('session.get')
  connection.close()
})

test('an application that does not know the window any more is told from one that is not there, until it lets it in', async () => {
  const app = application()
  const connection = createConnection(app.open)
  await connection.api.session.get()
  await app.goAway()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(connection.getState()).toMatchObject({ kind: 'lost', isStranger: false })
  app.startAnew()
  const seen: boolean[] = []
  await vi.advanceTimersByTimeAsync(8_000)
  connection.subscribe(() => {
    const state = connection.getState()
    if (state.kind === 'lost') seen.push(state.isStranger)
  })
  await vi.advanceTimersByTimeAsync(20_000)
  expect(new Set(seen), 'nor does it forget while it tries').toEqual(new Set([true]))
  app.comeBack()
  await vi.advanceTimersByTimeAsync(8_000)
  expect(connection.getState().kind).toBe('open')
  connection.close()
})

test('while the line is lost, a request fails at once and says that it was not sent', async () => {
  const app = application()
  const connection = createConnection(app.open)
  await connection.api.session.get()
  await app.goAway()
  await expect(connection.api.session.get()).rejects.toSatisfy((error) => error instanceof ConnectionLostError && !error.sent)
  connection.close()
})

test('a request under way when the line breaks says that it may have been carried out', async () => {
  const app = application(never)
  const connection = createConnection(app.open)
  const end = ending(connection.api.session.get())
  await vi.advanceTimersByTimeAsync(0)
  await app.goAway()
  expect(await end).toMatchObject({ name: 'ConnectionLostError', sent: true })
  connection.close()
})

test('a stream that the line takes with it ends with an error, not as if it were done', async () => {
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
  await app.goAway()
  reject(new Error('closed'))
  expect(await end).toBeInstanceOf(ConnectionLostError)
  connection.close()
})

test('every request settles: without an answer it ends after a minute', async () => {
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

test('an error of the application is passed on as it is', async () => {
  const failure = new Error('FORBIDDEN')
  const connection = createConnection(application(() => Promise.reject(failure)).open)
  await expect(connection.api.session.get()).rejects.toBe(failure)
  connection.close()
})

test('someone who does not want to wait tries at once', async () => {
  const app = application()
  const connection = createConnection(app.open)
  await connection.api.session.get()
  await app.goAway()
  await vi.advanceTimersByTimeAsync(5_000)
  app.comeBack()
  connection.retryNow()
  await vi.advanceTimersByTimeAsync(0)
  expect(connection.getState().kind).toBe('open')
  connection.close()
})

test('once closed, it opens nothing more', async () => {
  const app = application()
  const connection = createConnection(app.open)
  await connection.api.session.get()
  connection.close()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(app.opened()).toBe(1)
})

test('the waits grow and stay bearable', () => {
  expect([0, 1, 2, 3].map(backOff)).toEqual([250, 500, 1_000, 2_000])
  expect(backOff(50)).toBe(8_000)
})
