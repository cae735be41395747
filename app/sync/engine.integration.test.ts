import { existsSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PROTOCOL_HEADER } from '../../core/sync/protocol.ts'
import { insertCall, updateCall } from '../../db/commands/calls.ts'
import { PageApplier } from '../../db/sync/apply-page.ts'
import { getDeviceState, setCursor } from '../../db/sync/device-state.ts'
import type { Page, PushResponse } from '../../core/sync/protocol.ts'
import { answerOf, pageOf, scheduledCall, serverRows, wireAnswer } from '../../db/testing/server-answers.ts'
import { TestWorkspace } from '../../db/testing/test-workspace.ts'
import { storageError } from '../../core/storage-text.ts'
import { operations } from '../operations/operations.ts'
import { SmallDisk } from '../../platform/files/testing/small-disk.ts'
import { bundledWorkers } from '../testing/bundle.ts'
import { Workspace } from '../workspace/workspace.ts'
import { Engine } from './engine/engine.ts'
import { ServerTransport } from './transport/server-transport.ts'

/** An event stream that the test ends. An abort alone does not end it, like a connection that hangs. */
type Stream = { readonly signal: AbortSignal | null; readonly end: () => void }

/** The server's answer as the network returns it. */
function answered(answer: Page | PushResponse): Response {
  const { headers, body } = wireAnswer(answer)
  return new Response(body, { headers })
}

/** The engine on a real file, with a server whose answers the test decides. */
class Stage {
  readonly file: TestWorkspace
  readonly workspace: Workspace
  readonly engine: Engine
  readonly asked: string[] = []
  readonly streams: Stream[] = []
  readonly armed = new Map<object, { readonly ms: number; readonly run: () => void }>()
  /** Whether answers have the header of the server. */
  isTheServer = true
  /** The server's answer to a path; event streams open in any case. */
  answer: (path: string, body: string) => Response | Promise<Response> = () => answered(pageOf({}))

  /** Makes the writer fail as on a full disk, where no real full disk is available. */
  failsWrites = false
  failedWrites = 0

  constructor(folder?: string) {
    this.file = new TestWorkspace(1, folder)
    const { clientId, path, adminId } = this.file
    const origin = { ipAddress: null, userAgent: null }
    this.workspace = new Workspace({
      clientId,
      path,
      entry: bundledWorkers().database,
      clock: Date.now,
      origin,
      onChange: () => {},
    })
    const runInThread = this.workspace.run.bind(this.workspace)
    this.workspace.run = (name, userId, input) =>
      (this.failsWrites && operations[name].thread === 'write'
        ? Promise.reject(storageError('full', { message: 'Nothing was saved' }))
        : runInThread(name, userId, input)
      ).catch((error: unknown) => {
        this.failedWrites++
        throw error
      })
    this.engine = new Engine({
      workspace: this.workspace,
      userId: adminId,
      server: new ServerTransport({
        url: 'http://server.test',
        userAgent: 'test',
        fetch: (url, init) => this.#fetch(url, init),
      }),
      token: 'token',
      clock: Date.now,
      random: (length) => new Uint8Array(length),
      timers: {
        set: (ms, run) => {
          const timer = {}
          this.armed.set(timer, { ms, run })
          return timer
        },
        clear: (timer) => void this.armed.delete(timer as object),
      },
      log: () => {},
      onChange: () => {},
      onLost: () => {},
    })
  }

  async open(): Promise<this> {
    await this.workspace.run('engine.connect', this.file.adminId, { serverUrl: 'http://server.test', epoch: 'e' })
    // Ignore the operations that created the workspace.
    this.file.write(() => this.file.db.sqlite.exec(`UPDATE sync_outbox SET state = 'accepted'`), { source: 'server' })
    return this
  }

  async #fetch(url: string, { signal = null, body }: RequestInit): Promise<Response> {
    const path = url.slice('http://server.test'.length)
    this.asked.push(path)
    if (path !== '/v1/events') {
      const answer = await this.answer(path, body instanceof Uint8Array ? Buffer.from(body).toString() : '')
      if (this.isTheServer) answer.headers.set(PROTOCOL_HEADER, '1')
      return answer
    }
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => void this.streams.push({ signal, end: () => controller.close() }),
    })
    return new Response(stream, { headers: { 'content-type': 'text/event-stream', [PROTOCOL_HEADER]: '1' } })
  }

  async until(condition: () => boolean): Promise<void> {
    for (const end = Date.now() + 10_000; !condition();) {
      if (Date.now() > end) throw new Error(`Not met within ten seconds: ${this.asked.join(' ')}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  async dispose(): Promise<void> {
    await this.engine.stop()
    await this.workspace.close()
    this.file.dispose()
  }
}

let stage: Stage
beforeEach(async () => {
  stage = await new Stage().open()
})
afterEach(() => stage.dispose())

/** The problems in the file: of both directions, of sending, of fetching. */
const problems = () => {
  const { problem, pushProblem, pullProblem } = getDeviceState(stage.file.db)
  return { problem, pushProblem, pullProblem }
}
const status = () => stage.workspace.run('sync.statusLocal', stage.file.adminId, null)
const refusal = (code: string, data?: unknown) =>
  Response.json({ error: { code, message: code, data } }, { status: code === 'EPOCH' ? 409 : 400 })
const accepted = (seq: number) => answered(answerOf({ seq: [seq], head: seq }))

const pause = () => new Promise((resolve) => setTimeout(resolve, 100))

test('[S18] a feed that makes no progress is a failure and is fetched again only after a wait', async () => {
  stage.answer = () => answered(pageOf({ cursor: 'same', complete: false }))
  stage.engine.start()
  await expect(stage.engine.settle()).rejects.toThrow('no progress')
  await pause()
  const pages = stage.asked.filter((path) => path !== '/v1/events')
  expect(pages.length).toBeLessThan(10)
  expect(pages).toContain('/v1/pull?cursor=same')
  expect([...stage.armed.values()].some(({ ms }) => ms <= 30_000)).toBe(true)
})

test('[S20] the late end of an old event stream does not affect the new one', async () => {
  stage.engine.start()
  await stage.until(() => stage.streams.length === 1)
  await stage.engine.stop()
  expect(stage.streams[0]?.signal?.aborted).toBe(true)
  stage.engine.start()
  await stage.engine.settle()
  await stage.until(() => stage.streams.length === 2)
  stage.streams[0]?.end()
  await pause()
  // No third stream is opened or scheduled: the poll is the only timer.
  expect([stage.streams.length, [...stage.armed.values()].map(({ ms }) => ms)]).toEqual([2, [30_000]])
  stage.streams[1]?.end()
  await stage.until(() => stage.armed.size === 2)
})

test('[S3] after a lost answer the same operations are sent again and take effect once', async () => {
  const { file } = stage
  const bodies: string[] = []
  const call = file.newCall()
  file.write(() => insertCall(file.db, call))
  file.write(() => updateCall(file.db, call.id, { notes: 'n' }))
  stage.answer = (path, body) => {
    if (path !== '/v1/push') return answered(pageOf({}))
    bodies.push(body)
    if (bodies.length === 1) throw new TypeError('The connection was cut')
    return answered(answerOf({ seq: [1, 2], head: 2 }))
  }
  stage.engine.start()
  await stage.until(() => bodies.length === 1 && stage.armed.size > 1)
  expect(await stage.workspace.run('engine.pending', file.adminId, null)).toBe(2)
  await stage.engine.settle()
  expect(bodies).toEqual([bodies[0], bodies[0]])
  expect(await stage.workspace.run('engine.pending', file.adminId, null)).toBe(0)
})

test('[S15] the text of a call that left the scope is erased from the disk, even if the process died before the scrub', async () => {
  const { file } = stage
  const { id } = file.addCall({ userId: file.adminId, notes: 'Xylophone' })
  file.write(() => file.db.sqlite.exec(`UPDATE sync_outbox SET state = 'accepted', server_seq = device_seq`), {
    source: 'server',
  })
  const moved = pageOf({ removed: [{ table: 'calls', id, seq: 5, reason: 'moved' }] })
  expect(file.write(() => new PageApplier(moved, file.adminId).write(file.db), { source: 'server' })).toBe(true)
  const onDisk = () => {
    const files = [file.path, `${file.path}-wal`].filter((path) => existsSync(path))
    return Buffer.concat(files.map((path) => readFileSync(path))).toString('latin1')
  }
  expect(onDisk().toLowerCase()).toContain('xylophone')
  stage.engine.start()
  await stage.engine.settle()
  expect(onDisk().toLowerCase()).not.toContain('xylophone')
  expect(getDeviceState(file.db).isScrubPending).toBe(false)
})

test('[S15] a scrub that a reader blocked is repeated by a later pull', async () => {
  const { file } = stage
  const { id } = file.addCall({ userId: file.adminId })
  file.write(() => file.db.sqlite.exec(`UPDATE sync_outbox SET state = 'accepted', server_seq = device_seq`), {
    source: 'server',
  })
  const moved = pageOf({ cursor: 'moved', removed: [{ table: 'calls', id, seq: 5, reason: 'moved' }] })
  let answer = moved
  stage.answer = () => answered(answer)
  const reader = file.reader()
  reader.sqlite.exec('BEGIN')
  reader.sqlite.prepare('SELECT count(*) FROM calls').get()
  stage.engine.start()
  await stage.engine.settle()
  expect(getDeviceState(file.db).isScrubPending).toBe(true)
  reader.sqlite.exec('COMMIT')
  reader.close()
  answer = pageOf({ cursor: 'moved' })
  await stage.engine.settle()
  expect(getDeviceState(file.db).isScrubPending).toBe(false)
})

test('[S5] a page requested before another process moved the cursor is not written', async () => {
  const { file } = stage
  const asked: string[] = []
  stage.answer = (path) => {
    asked.push(path)
    if (asked.length > 1) return answered(pageOf({ cursor: 'later than theirs' }))
    file.write(() => setCursor(file.db, 'theirs', true), { source: 'server' })
    return answered(pageOf({ cursor: 'old' }))
  }
  stage.engine.start()
  await expect(stage.engine.settle()).rejects.toThrow('Another process')
  await stage.engine.settle()
  expect(asked).toEqual(['/v1/snapshot', '/v1/pull?cursor=theirs'])
  expect(getDeviceState(file.db).cursor).toBe('later than theirs')
})

test('[S20] the result of a stopped run does not affect the next run', async () => {
  const { file, engine } = stage
  file.write(() => insertCall(file.db, file.newCall()))
  const answers: ((answer: Response) => void)[] = []
  stage.answer = (path) =>
    path === '/v1/push' ? new Promise<Response>((resolve) => void answers.push(resolve)) : answered(pageOf({}))
  engine.start()
  await stage.until(() => answers.length === 1)
  const stopped = engine.stop()
  engine.start()
  await stage.until(() => answers.length === 2)
  answers[0]?.(Response.json({ error: { code: 'UNAVAILABLE', message: 'late' } }, { status: 503 }))
  await stopped
  engine.dispatch({ kind: 'wrote' })
  await pause()
  const seen = [answers.length, engine.view.isBusy]
  for (const answer of answers) answer(Response.json({ error: { code: 'UNAVAILABLE', message: 'end' } }, { status: 503 }))
  // The second push is still under way: no third one starts, and no retry is scheduled.
  expect(seen).toEqual([2, true])
})

test('[S12] the problem of a refused push stays until a push succeeds, also while pulls succeed and for the next process', async () => {
  const { file, engine } = stage
  file.write(() => insertCall(file.db, file.newCall()))
  stage.answer = (path) =>
    path === '/v1/push' ? refusal('OPERATION_ALTERED', { opId: null }) : answered(pageOf({ cursor: String(stage.asked.length) }))
  engine.start()
  await expect(engine.settle()).rejects.toThrow('OPERATION_ALTERED')
  await stage.until(() => stage.asked.filter((path) => path.startsWith('/v1/pull')).length > 0)
  for (let n = 0; n < 3; n++) {
    await expect(engine.settle()).rejects.toThrow('OPERATION_ALTERED')
    expect(await status()).toMatchObject({ state: 'attention', pending: 1, problem: 'OPERATION_ALTERED' })
  }
  await engine.stop()
  expect(problems()).toEqual({ problem: null, pushProblem: 'OPERATION_ALTERED', pullProblem: null })
  stage.answer = (path) => (path === '/v1/push' ? accepted(9) : answered(pageOf({})))
  engine.start()
  await engine.settle()
  expect(await status()).toMatchObject({ pending: 0, problem: null })
})

test('[S6] the problem of a pull with another epoch stays while pushes succeed, and the most severe problem is shown', async () => {
  const { file, engine } = stage
  file.write(() => insertCall(file.db, file.newCall()))
  let seq = 5
  stage.answer = (path) => (path === '/v1/push' ? accepted(++seq) : refusal('EPOCH', { epoch: 'other' }))
  engine.start()
  await expect(engine.settle()).rejects.toThrow('EPOCH')
  expect(await status()).toMatchObject({ pending: 0, problem: 'EPOCH' })
  file.write(() => insertCall(file.db, file.newCall()))
  engine.dispatch({ kind: 'wrote' })
  await stage.until(() => seq === 7)
  await stage.until(() => !engine.view.isBusy)
  expect(await status()).toMatchObject({ pending: 0, problem: 'EPOCH', state: 'attention' })
  stage.answer = (path) => (path === '/v1/push' ? refusal('TOO_LARGE', { limit: 1 }) : refusal('EPOCH', { epoch: 'other' }))
  file.write(() => insertCall(file.db, file.newCall()))
  await expect(engine.settle()).rejects.toThrow('TOO_LARGE')
  await stage.until(() => !engine.view.isBusy)
  expect(problems()).toEqual({ problem: null, pushProblem: 'TOO_LARGE', pullProblem: 'EPOCH' })
  expect((await status()).problem).toBe('EPOCH')
})

test('no reader sees an empty outbox together with a problem of sending', async () => {
  const { file, engine } = stage
  stage.answer = (path) => (path === '/v1/push' ? accepted(3) : answered(pageOf({})))
  engine.start()
  await engine.settle()
  for (let round = 0; round < 20; round++) {
    file.write(() => {
      insertCall(file.db, file.newCall())
      file.db.sqlite.exec(`INSERT OR REPLACE INTO sync_refusals VALUES ('push', 'TOO_LARGE')`)
      file.db.sqlite.exec(`UPDATE sync_device SET problem = 'UNAUTHENTICATED'`)
    })
    engine.dispatch({ kind: 'wrote' })
    for (let seen = await status(); ; seen = await status()) {
      expect(seen.pending === 0 || seen.problem !== null, JSON.stringify(seen)).toBe(true)
      if (seen.pending > 0) continue
      expect(seen.problem).toBeNull()
      break
    }
  }
})

test.each([
  ['column', {}, ['name', 'colour']],
  ['table', { table: 'later_table' }, ['name']],
] as const)(
  '[S22] an unknown %s of a newer server stops the cursor there and is reported; the outbox is still sent',
  async (...given) => {
    const [, newer, columns] = given
    const { file, engine } = stage
    const row = { id: file.newId(), version: 4, by: file.adminId, values: { name: 'Later' } }
    const rows = [{ ...serverRows('loss_reasons', [row], columns), ...newer }]
    let pushed = 0
    stage.answer = (path) => (path === '/v1/push' ? accepted(++pushed) : answered(pageOf({ cursor: 'beyond', rows })))
    engine.start()
    await expect(engine.settle()).rejects.toMatchObject({ code: 'REFUSED_BY_SERVER', data: { reason: 'UPDATE_NEEDED' } })
    expect(getDeviceState(file.db).cursor).toBeNull()
    file.write(() => insertCall(file.db, file.newCall()))
    engine.dispatch({ kind: 'wrote' })
    await stage.until(() => pushed === 1)
    await stage.until(() => !engine.view.isBusy)
    expect(await status()).toMatchObject({ pending: 0, problem: 'UPDATE_NEEDED', state: 'attention' })
  },
)

test('[S20] an answer that is not the server’s is no contact; it is shown, retried, and cleared once the server answers', async () => {
  const { file, engine } = stage
  stage.answer = () => new Response('<!doctype html><title>Sign in</title>', { headers: { 'content-type': 'text/html' } })
  stage.isTheServer = false
  engine.start()
  const { lastContactAt } = getDeviceState(file.db)
  await expect(engine.settle()).rejects.toThrow('instead of the sync server')
  expect(await status()).toMatchObject({ state: 'offline', lastContactAt, problem: 'NOT_THE_SERVER' })
  expect([engine.view.isReached, stage.armed.size > 1]).toEqual([false, true])
  stage.answer = () => Promise.reject(new TypeError('The network is disconnected'))
  await expect(engine.settle()).rejects.toThrow('does not answer')
  expect(problems().problem).toBeNull()
  stage.isTheServer = true
  stage.answer = () => Response.json({ epoch: 'e', hello: 'world' })
  await expect(engine.settle()).rejects.toThrow('instead of the sync server')
  stage.answer = () => answered({ ...pageOf({}), rows: 'none' as never })
  await expect(engine.settle()).rejects.toThrow('instead of the sync server')
  expect(getDeviceState(file.db).lastContactAt).toBe(lastContactAt)
  stage.answer = () => answered(pageOf({}))
  await engine.settle()
  expect(await status()).toMatchObject({ state: 'up_to_date', problem: null, isReached: true })
  expect(getDeviceState(file.db).lastContactAt).toBeGreaterThan(lastContactAt ?? 0)
})

test.each([1, 3])(
  'a full disk during the fetch of page %i does not stop the engine: the status shows it, and sync resumes automatically',
  async (at) => {
    await stage.dispose()
    const disk = new SmallDisk(8)
    stage = await new Stage(disk.folder).open()
    const { file, engine } = stage
    await stage.workspace.run('engine.deviceState', file.adminId, null)
    const fill = () => disk.fill() || (stage.failsWrites = true)
    const empty = () => {
      disk.empty()
      stage.failsWrites = false
    }
    const unhandled: unknown[] = []
    const onUnhandled = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', onUnhandled)
    const notes = 'n'.repeat(5_000)
    const page = (n: number) => {
      const rows = Array.from({ length: 40 }, (_, place) => ({
        id: `00000000-0000-7000-8000-${String(n * 100 + place).padStart(12, '0')}`,
        version: n * 100 + place,
        by: file.adminId,
        values: { ...scheduledCall(file.adminId, `Call ${n}.${place}`), notes },
      }))
      return pageOf({ cursor: String(n), complete: n === 4, rows: [serverRows('calls', rows)] })
    }
    stage.answer = async (path) => {
      const n = Number(new URL(`http://server.test${path}`).searchParams.get('cursor') ?? 0) + 1
      if (n === at) fill()
      // The write of the previous page fails during this request.
      if (n === at + 1) await stage.until(() => stage.failedWrites > 0)
      return answered(n > 4 ? pageOf({ cursor: '4' }) : page(n))
    }
    try {
      engine.start()
      await expect(engine.settle()).rejects.toMatchObject({ code: 'STORAGE', data: { reason: 'full' } })
      await stage.until(() => engine.view.unsaved.get('pull') === 'DISK_FULL' || problems().pullProblem === 'DISK_FULL')
      expect([...stage.armed.values()].some(({ ms }) => ms < 30_000)).toBe(true)
      stage.answer = (path) => {
        const n = Number(new URL(`http://server.test${path}`).searchParams.get('cursor') ?? 0) + 1
        return answered(n > 4 ? pageOf({ cursor: '4' }) : page(n))
      }
      empty()
      await engine.settle()
      expect(problems()).toEqual({ problem: null, pushProblem: null, pullProblem: null })
      expect(engine.view.unsaved.size).toBe(0)
      expect(file.db.sqlite.prepare('SELECT count(*) FROM calls').pluck().get()).toBe(160)
      await pause()
      expect(unhandled).toEqual([])
    } finally {
      process.off('unhandledRejection', onUnhandled)
      await stage.dispose()
      disk.dispose()
      stage = await new Stage().open()
    }
  },
)
