import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import type { Corrections } from '../../core/contract/known.ts'
import { createIdGenerator } from '../../core/id.ts'
import { storageError } from '../../core/storage-text.ts'
import { Watch } from '../../platform/threads/watch.ts'
import { cancelled, type KnownInput } from '../operations/known-changes.ts'
import type { Signed } from '../session/sessions.ts'
import { KnownReports } from './known-reports.ts'

const folder = mkdtempSync(join(tmpdir(), 'known-reports-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ROWS = 250
const FILTER = { range: { from: 0, to: 1 }, knownAt: 1 }
const PAGE = { ...FILTER, compare: 'none', bucket: 'auto' } as const
const CORRECTIONS = { ...FILTER, key: 'calls', after: null, limit: 100 } as const

/** A workspace whose computation waits for `finish` or for a cancellation. */
class SlowWorkspace {
  readonly clientId = 'client'
  input: KnownInput | undefined
  finish: () => void = () => {}
  isConnected = false

  async run(name: string, _: string, input: KnownInput & { path?: string; from?: number; limit?: number }): Promise<unknown> {
    if (name === 'engine.deviceState') return { serverUrl: this.isConnected ? 'https://server.test' : null }
    if (name === 'audit.waiting') return { rows: [], next: null }
    if (name === 'known.findCorrections') return this.#found(input.path)
    if (name === 'known.readCorrections') return Array.from({ length: Math.min(input.limit ?? 0, ROWS - (input.from ?? 0)) })
    if (name !== 'known.computePage') return null
    this.input = input
    const watch = new Watch(input.watch ?? undefined)
    watch.done = 2_000
    const finished = Promise.withResolvers<void>()
    this.finish = finished.resolve
    const poll = setInterval(() => {
      if (watch.isCancelled) finished.reject(cancelled())
    }, 1)
    await finished.promise.finally(() => clearInterval(poll))
    return 'the page'
  }

  #found(path: string | undefined | null) {
    const found = { count: ROWS, hidden: 0, rows: Array.from({ length: 100 }) } as unknown as Corrections
    if (path === null || path === undefined) return { found, file: null, reach: 'all' }
    writeFileSync(path, '')
    return { found, file: { path, marks: [0], rows: ROWS }, reach: 'all' }
  }
}

let workspace: SlowWorkspace
let signed: Signed
let files: string[]
let reports: KnownReports
const newId = createIdGenerator(Date.now, (length) => new Uint8Array(length))

beforeEach(() => {
  workspace = new SlowWorkspace()
  signed = { workspace, userId: 'ann' } as unknown as Signed
  files = []
  const temporary = () => {
    const path = join(folder, newId())
    files.push(path)
    return path
  }
  const sync = { settle: () => Promise.resolve(), trail: () => Promise.resolve({ rows: [], next: null }) }
  reports = new KnownReports({ sync, temporary, newId })
})

const started = async () => {
  while (workspace.input === undefined) await new Promise((resolve) => setImmediate(resolve))
}

test('an aborted request ends its computation, and the progress is that of the same connection', async () => {
  const abort = new AbortController()
  const page = reports.page('window', signed, PAGE, abort.signal)
  await started()
  expect(reports.progress('window')).toEqual({ stage: 'compute', done: 2_000, total: null })
  expect(reports.progress('another window')).toBeNull()
  abort.abort()
  await expect(page).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(reports.progress('window')).toBeNull()
})

test('a sign-out ends the computation and removes the files with the lines of the server', async () => {
  workspace.isConnected = true
  const page = reports.page('window', signed, PAGE, undefined)
  await started()
  expect(workspace.input?.lines?.every((path) => existsSync(path))).toBe(true)
  expect(reports.progress('window')).toEqual({ stage: 'compute', done: 2_000, total: 0 })
  reports.forget('window')
  await expect(page).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(readdirSync(folder)).toEqual([])
})

test('a request that is aborted before it starts computes nothing', async () => {
  workspace.isConnected = true
  await expect(reports.page('window', signed, PAGE, AbortSignal.abort())).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(workspace.input).toBeUndefined()
  expect(readdirSync(folder)).toEqual([])
})

test('later pages of corrections are read from a file, for the same connection and person, until the file is removed', async () => {
  const first = await reports.corrections('window', signed, CORRECTIONS, undefined)
  const second = await reports.corrections('window', signed, { ...CORRECTIONS, after: first.next }, undefined)
  const third = await reports.corrections('window', signed, { ...CORRECTIONS, after: second.next }, undefined)
  expect([first, second, third].map(({ rows }) => rows.length)).toEqual([100, 100, 50])
  expect(third).toMatchObject({ count: ROWS, next: null })

  const page = { ...CORRECTIONS, after: first.next }
  const gone = { code: 'NOT_FOUND' }
  await expect(reports.corrections('another window', signed, page, undefined)).rejects.toMatchObject(gone)
  const other = { ...signed, userId: 'ben' } as unknown as Signed
  await expect(reports.corrections('window', other, page, undefined)).rejects.toMatchObject(gone)
  for (let n = 0; n < 3; n++) await reports.corrections('window', signed, CORRECTIONS, undefined)
  await expect(reports.corrections('window', signed, page, undefined)).rejects.toMatchObject(gone)
  expect(readdirSync(folder)).toHaveLength(3)
  reports.close()
  expect(readdirSync(folder)).toEqual([])
})

test('if no file can be written, the first page is returned, and it is the only one', async () => {
  const temporary = () => {
    throw storageError('readonly', null)
  }
  const found = await new KnownReports({ sync: undefined, temporary, newId }).corrections(
    'window',
    signed,
    CORRECTIONS,
    undefined,
  )
  expect(found).toMatchObject({ count: ROWS, next: null })
  expect(found.rows).toHaveLength(100)
})
