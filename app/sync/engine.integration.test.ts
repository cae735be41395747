import { existsSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { insertCall, updateCall } from '../../db/commands/calls.ts'
import { PageIntake } from '../../db/sync/apply-page.ts'
import { getConnection, setCursor } from '../../db/sync/connection.ts'
import { pageOf } from '../../db/testing/server-answers.ts'
import { TestWorkspace } from '../../db/testing/test-workspace.ts'
import { sourceWorkers } from '../default-workers.ts'
import { Workspace } from '../workspace.ts'
import { Engine } from './engine.ts'
import { ServerConnection } from './server-connection.ts'

/** An event stream that the test ends; being aborted alone does not end it, as where a connection hangs. */
type Stream = { readonly signal: AbortSignal | null; readonly end: () => void }

/** The engine on a real file, against a server that the test plays. */
class Stage {
  readonly file = new TestWorkspace()
  readonly workspace: Workspace
  readonly engine: Engine
  readonly asked: string[] = []
  readonly streams: Stream[] = []
  readonly armed = new Map<object, { readonly ms: number; readonly run: () => void }>()
  /** What the server says to a path; streams are its own business. */
  answer: (path: string, body: string) => Response | Promise<Response> = () => Response.json(pageOf({}))

  constructor() {
    const { clientId, path, adminId } = this.file
    const origin = { ipAddress: null, userAgent: null }
    this.workspace = new Workspace({
      clientId,
      path,
      entry: sourceWorkers.database,
      clock: Date.now,
      origin,
      onChange: () => {},
    })
    this.engine = new Engine({
      workspace: this.workspace,
      userId: adminId,
      server: new ServerConnection({
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
    return this
  }

  async #fetch(url: string, { signal = null, body }: RequestInit): Promise<Response> {
    const path = url.slice('http://server.test'.length)
    this.asked.push(path)
    if (path !== '/v1/events') return this.answer(path, body instanceof Uint8Array ? Buffer.from(body).toString() : '')
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => void this.streams.push({ signal, end: () => controller.close() }),
    })
    return new Response(stream, { headers: { 'content-type': 'text/event-stream' } })
  }

  async until(condition: () => boolean): Promise<void> {
    for (const end = Date.now() + 10_000; !condition();) {
      if (Date.now() > end) throw new Error(`It does not come: ${this.asked.join(' ')}`)
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
  // What made the workspace is not what the tests are about.
  stage.file.write(() => stage.file.db.sqlite.exec(`UPDATE sync_outbox SET state = 'accepted'`), { source: 'server' })
})
afterEach(() => stage.dispose())

const pause = () => new Promise((resolve) => setTimeout(resolve, 100))

test('[S18] a feed that makes no progress is a failure, and is asked again after a wait and not at once', async () => {
  stage.answer = () => Response.json(pageOf({ cursor: 'same', complete: false }))
  stage.engine.start()
  await expect(stage.engine.settle()).rejects.toThrow('no progress')
  await pause()
  const pages = stage.asked.filter((path) => path !== '/v1/events')
  expect(pages.length).toBeLessThan(10)
  expect(pages).toContain('/v1/pull?cursor=same')
  expect([...stage.armed.values()].some(({ ms }) => ms <= 30_000)).toBe(true)
})

test('[S20] the end of an old event stream says nothing about the one that came after it', async () => {
  stage.engine.start()
  await stage.until(() => stage.streams.length === 1)
  await stage.engine.stop()
  expect(stage.streams[0]?.signal?.aborted).toBe(true)
  stage.engine.start()
  await stage.engine.settle()
  await stage.until(() => stage.streams.length === 2)
  stage.streams[0]?.end()
  await pause()
  // No third one is opened, and nobody waits to open one: the poll is the only timer.
  expect([stage.streams.length, [...stage.armed.values()].map(({ ms }) => ms)]).toEqual([2, [30_000]])
  stage.streams[1]?.end()
  await stage.until(() => stage.armed.size === 2)
})

test('[S3] an answer that was lost is asked for again with the same operations, and taken once', async () => {
  const { file } = stage
  const bodies: string[] = []
  const call = file.newCall()
  file.write(() => insertCall(file.db, call))
  file.write(() => updateCall(file.db, call.id, { notes: 'n' }))
  stage.answer = (path, body) => {
    if (path !== '/v1/push') return Response.json(pageOf({}))
    bodies.push(body.replace(/"sentAt":\d+/, ''))
    if (bodies.length === 1) throw new TypeError('The line is cut')
    const answer = { epoch: 'e', head: 2, serverTime: 0, seq: [1, 2], merged: [], rejected: [] }
    return Response.json({ ...answer, rows: [], removed: [], conflicts: [], cursor: 'next', isCovered: false, complete: false })
  }
  stage.engine.start()
  await stage.until(() => bodies.length === 1 && stage.armed.size > 1)
  expect(await stage.workspace.run('engine.pending', file.adminId, null)).toBe(2)
  await stage.engine.settle()
  expect(bodies).toEqual([bodies[0], bodies[0]])
  expect(await stage.workspace.run('engine.pending', file.adminId, null)).toBe(0)
})

test('[S15] words of a call that moved away leave the disk also where the process died before it came to that', async () => {
  const { file } = stage
  const { id } = file.addCall({ userId: file.adminId, notes: 'Xylophone' })
  file.write(() => file.db.sqlite.exec(`UPDATE sync_outbox SET state = 'accepted', server_seq = device_seq`), {
    source: 'server',
  })
  const moved = pageOf({ removed: [{ table: 'calls', id, seq: 5, reason: 'moved' }] })
  expect(file.write(() => new PageIntake(moved, file.adminId).write(file.db), { source: 'server' })).toBe(true)
  const onDisk = () => {
    const files = [file.path, `${file.path}-wal`].filter((path) => existsSync(path))
    return Buffer.concat(files.map((path) => readFileSync(path))).toString('latin1')
  }
  expect(onDisk().toLowerCase()).toContain('xylophone')
  stage.engine.start()
  await stage.engine.settle()
  expect(onDisk().toLowerCase()).not.toContain('xylophone')
  expect(getConnection(file.db).owesScrub).toBe(false)
})

test('[S15] a scrub that a reader stood in the way of is done with a later pull', async () => {
  const { file } = stage
  const { id } = file.addCall({ userId: file.adminId })
  file.write(() => file.db.sqlite.exec(`UPDATE sync_outbox SET state = 'accepted', server_seq = device_seq`), {
    source: 'server',
  })
  const moved = pageOf({ cursor: 'moved', removed: [{ table: 'calls', id, seq: 5, reason: 'moved' }] })
  let answer = moved
  stage.answer = () => Response.json(answer)
  const reader = file.reader()
  reader.sqlite.exec('BEGIN')
  reader.sqlite.prepare('SELECT count(*) FROM calls').get()
  stage.engine.start()
  await stage.engine.settle()
  expect(getConnection(file.db).owesScrub).toBe(true)
  reader.sqlite.exec('COMMIT')
  reader.close()
  answer = pageOf({ cursor: 'moved' })
  await stage.engine.settle()
  expect(getConnection(file.db).owesScrub).toBe(false)
})

test('[S5] a page that was asked for before another process went on is not written over what that one has', async () => {
  const { file } = stage
  const asked: string[] = []
  stage.answer = (path) => {
    asked.push(path)
    if (asked.length > 1) return Response.json(pageOf({ cursor: 'theirs and more' }))
    file.write(() => setCursor(file.db, 'theirs', true), { source: 'server' })
    return Response.json(pageOf({ cursor: 'old' }))
  }
  stage.engine.start()
  await expect(stage.engine.settle()).rejects.toThrow('Another process')
  await stage.engine.settle()
  expect(asked).toEqual(['/v1/snapshot', '/v1/pull?cursor=theirs'])
  expect(getConnection(file.db).cursor).toBe('theirs and more')
})

test('[S20] what a stopped run comes to does not count for the one that was started after it', async () => {
  const { file, engine } = stage
  file.write(() => insertCall(file.db, file.newCall()))
  const answers: ((answer: Response) => void)[] = []
  stage.answer = (path) =>
    path === '/v1/push' ? new Promise<Response>((resolve) => void answers.push(resolve)) : Response.json(pageOf({}))
  engine.start()
  await stage.until(() => answers.length === 1)
  const stopped = engine.stop()
  engine.start()
  await stage.until(() => answers.length === 2)
  answers[0]?.(Response.json({ error: { code: 'UNAVAILABLE', message: 'late' } }, { status: 503 }))
  await stopped
  engine.tell({ kind: 'wrote' })
  await pause()
  const seen = [answers.length, engine.view.isBusy]
  for (const answer of answers) answer(Response.json({ error: { code: 'UNAVAILABLE', message: 'end' } }, { status: 503 }))
  // The second push was still under way: no third one beside it, and no wait for a retry.
  expect(seen).toEqual([2, true])
})
