import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Api } from '../../core/contract/contract.ts'
import { processNetwork } from '../sync/transport/process-network.ts'
import { FileSecretStore } from '../sync/transport/secret-store.ts'
import { PUBLISH_KEY, ServerProcess } from '../sync/testing/server-process.ts'
import type { Application } from '../application.ts'
import { TEST_PASSWORD, TestApplication } from './test-application.ts'

/** A client that reaches the application over a transport, on a connection named by `key`. */
export type OverTransport = {
  readonly connect: (key: string) => Promise<Api>
  readonly close: () => Promise<void>
}

/** No server runs at this address: only the system's services use ports below 1024. */
const STOPPED_SERVER = 'http://127.0.0.1:9'
const SECRET = 'a text that no log and no window may contain'

/** The network of the application under test: a real one, until the test disables a part of it. */
class BreakableNetwork {
  /** The number of requests until the connection breaks; undefined: it does not break. */
  requestsLeft: number | undefined
  /** Whether storing a token fails in a way that the application does not foresee. */
  isStoreBroken = false

  readonly create = (home: string) => {
    const files = new FileSecretStore(home)
    return processNetwork({
      home,
      deviceName: 'test',
      userAgent: 'test',
      runsContinuously: false,
      fetch: (url, init) => {
        if (this.requestsLeft !== undefined && this.requestsLeft-- <= 0) return Promise.reject(new TypeError('fetch failed'))
        return fetch(url, init)
      },
      secrets: {
        get: (name) => files.get(name),
        set: (name, secret) =>
          this.isStoreBroken
            ? Promise.reject(Object.assign(new TypeError(SECRET), { code: 'ERR_STORE' }))
            : files.set(name, secret),
        delete: (name) => files.delete(name),
      },
    })
  }
}

/** Reads a stream to its end. */
async function drain<T>(stream: Promise<AsyncIterable<T>>): Promise<T[]> {
  const events: T[] = []
  for await (const event of await stream) events.push(event)
  return events
}

/** Returns the error that a stream ends with, and the number of events before it. */
async function failureOf(stream: Promise<AsyncIterable<unknown>>): Promise<{ error: unknown; events: number }> {
  let events = 0
  try {
    for await (const _ of await stream) events++
  } catch (error) {
    return { error, events }
  }
  throw new Error(`The stream ended without an error after ${events} events`)
}

/** Tests that errors of streaming procedures are those of the contract over every transport, as for plain procedures. */
export function testStreamingErrors(transport: (application: Application) => Promise<OverTransport>): void {
  const server = new ServerProcess()
  const line = new BreakableNetwork()
  let app: TestApplication
  let over: OverTransport
  let keys = 0
  const connect = () => over.connect(`window ${keys++}`)

  beforeAll(async () => {
    app = new TestApplication(line.create)
    over = await transport(app.application)
    await server.start()
  })
  afterAll(async () => {
    await over.close()
    await app.dispose()
    await server.dispose()
  })
  beforeEach(() => {
    line.requestsLeft = undefined
    line.isStoreBroken = false
    app.log.length = 0
  })

  const failures = () => app.log.filter(({ event }) => event === 'api.failed')

  /** Creates a client and signs its admin in. */
  async function admin(clientName: string): Promise<{ api: Api; email: string }> {
    const api = await connect()
    const email = `ada@${clientName.toLowerCase()}.test`
    await api.workspace.create({
      clientName,
      timeZone: 'UTC',
      adminName: 'Ada',
      adminEmail: email,
      adminPassword: TEST_PASSWORD,
    })
    return { api, email }
  }

  test('join with a wrong password, and at a server that is stopped', async () => {
    const api = await connect()
    const wrong = { serverUrl: server.url, email: 'ada@acme.test', password: 'wrong' }
    const { error } = await failureOf(api.sync.join(wrong))
    expect(error).toMatchObject({ code: 'WRONG_CREDENTIALS', status: 401, defined: true })
    const stopped = await failureOf(api.sync.join({ ...wrong, serverUrl: STOPPED_SERVER }))
    expect(stopped.error).toMatchObject({ code: 'UNREACHABLE', status: 503, defined: true })
    expect(stopped.error).toHaveProperty('message', expect.stringContaining('The server does not answer'))
    const plain = await failureOf(api.sync.join({ ...wrong, serverUrl: 'http://sync.example' }))
    expect(plain.error).toMatchObject({ code: 'INVALID', data: { issues: [{ path: 'serverUrl' }] }, defined: true })
    expect(failures(), 'foreseen errors are not logged').toEqual([])
  })

  test('publish with a wrong key, to a stopped server, and without the right to', async () => {
    const { api } = await admin('Acme')
    const wrong = await failureOf(api.sync.publish({ serverUrl: server.url, key: 'wrong' }))
    expect(wrong.error).toMatchObject({ code: 'REFUSED_BY_SERVER', data: { reason: 'PUBLISH_KEY' }, defined: true })
    const stopped = await failureOf(api.sync.publish({ serverUrl: STOPPED_SERVER, key: PUBLISH_KEY }))
    expect(stopped.error).toMatchObject({ code: 'UNREACHABLE', defined: true })
    await api.users.create({ email: 'ben@acme.test', name: 'Ben', role: 'agent', password: TEST_PASSWORD })
    const agent = await connect()
    await agent.session.signIn({ email: 'ben@acme.test', password: TEST_PASSWORD })
    const forbidden = await failureOf(agent.sync.publish({ serverUrl: server.url, key: PUBLISH_KEY }))
    expect(forbidden.error).toMatchObject({ code: 'FORBIDDEN', defined: true })
    expect(failures()).toEqual([])
  })

  test('an error after the first events, and the same stream again', async () => {
    const { api } = await admin('Borealis')
    line.requestsLeft = 3
    const { error, events } = await failureOf(api.sync.publish({ serverUrl: server.url, key: PUBLISH_KEY }))
    expect(error).toMatchObject({ code: 'UNREACHABLE', defined: true })
    expect(events).toBeGreaterThan(0)
    line.requestsLeft = undefined
    const again = await drain(api.sync.publish({ serverUrl: server.url, key: PUBLISH_KEY }))
    expect(again.at(-1)).toEqual({ kind: 'published' })
    expect(failures()).toEqual([])
  })

  test('an unforeseen error is logged with its procedure and code, and reaches the window without its message', async () => {
    const { api } = await admin('Corvid')
    line.isStoreBroken = true
    const { error, events } = await failureOf(api.sync.publish({ serverUrl: server.url, key: PUBLISH_KEY }))
    expect(events).toBeGreaterThan(0)
    expect(error).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', status: 500, defined: false })
    expect(failures()).toEqual([
      expect.objectContaining({
        level: 'error',
        procedure: 'sync.publish',
        error: 'TypeError',
        code: 'ERR_STORE',
        frames: expect.stringContaining('streaming-errors'),
      }),
    ])
    expect(JSON.stringify([app.log, error, String(error)])).not.toContain(SECRET)
    line.isStoreBroken = false
    expect((await drain(api.sync.publish({ serverUrl: server.url, key: PUBLISH_KEY }))).at(-1)).toEqual({
      kind: 'published',
    })
  })

  test('an import of a file that no longer exists, and a stream that the session does not allow', async () => {
    const { api } = await admin('Dorado')
    const importId = '0198c0de-0000-7000-8000-000000000001'
    const gone = await failureOf(api.imports.run({ importId, map: { fields: {} } }))
    expect(gone.error).toMatchObject({ code: 'NOT_FOUND', defined: true })
    await api.session.signOut()
    const refused = await failureOf(api.sync.follow())
    expect(refused.error).toMatchObject({ code: 'UNAUTHENTICATED', defined: true })
    expect(failures()).toEqual([])
  })

  test('a client that disconnects ends the stream without an error and without a log line', async () => {
    const { api } = await admin('Egret')
    const stream = await api.workspace.createDemo()
    expect((await stream.next()).value).toMatchObject({ kind: 'progress', done: 0 })
    await stream.return?.()
    const abort = new AbortController()
    const events = await api.events.subscribe(undefined, { signal: abort.signal })
    expect((await events.next()).value).toEqual({ kind: 'ready' })
    const waiting = events.next()
    abort.abort()
    expect(
      await waiting.then(
        () => 'an event',
        () => 'the end',
      ),
    ).toBe('the end')
    expect(await api.session.get()).toMatchObject({ state: 'signed_in', client: { name: 'Egret' } })
    expect(failures()).toEqual([])
  })

  test('a demo that cannot be written', async () => {
    const broken = new TestApplication()
    const own = await transport(broken.application)
    const api = await own.connect('window')
    const folder = join(broken.home, 'workspaces')
    expect(existsSync(folder)).toBe(true)
    // A file cannot contain files.
    rmSync(folder, { recursive: true })
    writeFileSync(folder, '')
    const { error } = await failureOf(api.workspace.createDemo())
    expect(error).toMatchObject({ code: 'INTERNAL_SERVER_ERROR' })
    expect(broken.log).toContainEqual(
      expect.objectContaining({ event: 'api.failed', procedure: 'workspace.createDemo', code: 'ENOTDIR' }),
    )
    await own.close()
    rmSync(folder)
    await broken.dispose()
  })
}
