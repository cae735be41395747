import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import readWorkbook from 'read-excel-file/universal'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Api } from '../core/contract/contract.ts'
import type { ExportedFile, ExportEvent } from '../core/contract/exports.ts'
import type { ProcedureInput } from '../core/contract/procedures.ts'
import type { UserId } from '../core/id.ts'
import { must } from '../core/assert.ts'
import { SmallDisk } from '../platform/files/testing/small-disk.ts'
import { TestApplication, codeOf, wonCall } from './testing/test-application.ts'

const disk = new SmallDisk(8)
const folder = mkdtempSync(join(tmpdir(), 'propaganda-exports-'))
const app = new TestApplication()
const ADMIN = 'admin'
let admin: Api
let agent: { api: Api; id: UserId }
let clientId: string

beforeAll(async () => {
  const made = await app.workspace(ADMIN, 'Acme', 'ada@acme.test')
  admin = made.api
  clientId = made.session.client.id
  agent = await app.member(admin, 'agent', 'gus@acme.test')
  const reason = await admin.lossReasons.create({ name: 'Too dear, "really"' })
  await admin.calls.create({ ...wonCall(made.session.user.id, '=1+1'), notes: ' two\nlines, "quoted" ', callDuration: null })
  await admin.calls.create({
    ...wonCall(agent.id, 'Äda Öz'),
    prospectPhone: '+491701234567',
    outcome: 'lost',
    lossReasonId: reason.id,
    // The second 02:30 of the day on which the clocks are set back.
    completedAt: Date.UTC(2026, 9, 25, 1, 30, 0, 123),
    scheduledAt: Date.UTC(2026, 9, 24, 8),
  })
  await admin.calls.create({
    ...wonCall(agent.id, 'Zoe'),
    status: 'no_show',
    outcome: null,
    completedAt: null,
    callDuration: 30,
    scheduledAt: Date.UTC(2026, 9, 1, 10, 0, 0, 1),
  })
})
afterAll(async () => {
  await app.dispose()
  disk.dispose()
  rmSync(folder, { recursive: true })
})

type Input = Partial<ProcedureInput<'exports.calls'>> & { readonly format: 'csv' | 'xlsx' }

async function exported(api: Api, input: Input, onEvent: (event: ExportEvent) => void = () => {}): Promise<ExportedFile> {
  let file: ExportedFile | undefined
  for await (const event of await api.exports.calls(input)) {
    onEvent(event)
    if (event.kind === 'done') ({ file } = event)
  }
  return must(file, 'An export ends with its file')
}

let files = 0
/** Exports to a path, and returns its bytes. */
async function bytesOf(api: Api, connection: string, input: Input): Promise<Buffer> {
  const path = join(folder, `${files++}.${input.format}`)
  await exported(api, { ...input, target: app.application.exportFiles.choose(connection, path) })
  return readFileSync(path)
}

const records = (bytes: Buffer) => parse<Record<string, string>>(bytes, { bom: true, columns: true })

test('a CSV file has the list’s calls in its order, with times in the client’s zone', async () => {
  const bytes = await bytesOf(admin, ADMIN, { format: 'csv', sort: { by: 'prospectName', direction: 'asc' } })
  expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]))
  const rows = records(bytes)
  const list = await admin.calls.list({ sort: { by: 'prospectName', direction: 'asc' } })
  expect(rows.map((row) => row['Call id'])).toEqual(list.rows.map(({ id }) => id))
  expect(rows.find((row) => row['Prospect name'] === 'Äda Öz')).toEqual({
    'When (Europe/Berlin)': '2026-10-25 02:30:00',
    Agent: 'The agent gus@acme.test',
    'Prospect name': 'Äda Öz',
    Phone: '+491701234567',
    'E-mail': '',
    Type: 'Outbound',
    Status: 'Completed',
    Outcome: 'Lost',
    'Loss reason': 'Too dear, "really"',
    'Duration (seconds)': '180',
    Notes: '',
    'Scheduled for (Europe/Berlin)': '2026-10-24 10:00:00',
    'Completed at (Europe/Berlin)': '2026-10-25 02:30:00',
    'Created at (Europe/Berlin)': expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
    'Call id': expect.any(String),
    'Agent id': agent.id,
    'Scheduled for (UTC)': '2026-10-24T08:00:00.000Z',
    'Completed at (UTC)': '2026-10-25T01:30:00.123Z',
    'Created at (UTC)': expect.stringMatching(/Z$/),
  })
  const formula = rows.find((row) => row['Prospect name']?.includes('1+1') === true)
  expect(formula).toMatchObject({ 'Prospect name': "'=1+1", Notes: 'two\nlines, "quoted"', 'Duration (seconds)': '' })
  expect(rows.find((row) => row['Prospect name'] === 'Zoe')).toMatchObject({
    'When (Europe/Berlin)': '2026-10-01',
    Status: 'No-show',
    Outcome: '',
    'Duration (seconds)': '30',
  })
})

test('a raw CSV file has the values as they are stored', async () => {
  const bytes = await bytesOf(admin, ADMIN, { format: 'csv', style: 'raw' })
  expect(bytes.subarray(0, 4).toString()).toBe('When')
  const rows = records(bytes)
  expect(rows.map((row) => row['Prospect name'])).toContain('=1+1')
  expect(rows.find((row) => row['Prospect name'] === 'Äda Öz')).toMatchObject({
    When: '2026-10-25T02:30:00.123+01:00',
    Status: 'completed',
  })
  expect(rows.find((row) => row['Prospect name'] === 'Zoe')).toMatchObject({ When: '2026-10-01', Status: 'no_show' })
})

test('a workbook has typed cells', async () => {
  const bytes = await bytesOf(admin, ADMIN, { format: 'xlsx', filter: { statuses: ['completed'] } })
  const [sheet] = await readWorkbook(new Uint8Array(bytes).buffer, { trim: false })
  const [headers = [], ...rows] = sheet?.data ?? []
  const cells = rows.map((row) => Object.fromEntries(headers.map((header, at) => [String(header), row[at]])))
  expect(cells).toHaveLength(2)
  expect(cells.find((row) => row['Prospect name'] === '=1+1')).toMatchObject({ 'Duration (seconds)': null })
  expect(cells.find((row) => row['Prospect name'] === 'Äda Öz')).toMatchObject({
    'When (Europe/Berlin)': new Date('2026-10-25T02:30:00.123Z'),
    'Duration (seconds)': 180,
    Phone: '+491701234567',
  })
})

test('an export is an entry of the audit trail, with its filter and its number of rows', async () => {
  const filter = { statuses: ['completed' as const], text: 'Äda' }
  const file = await exported(admin, { format: 'csv', filter })
  const { rows } = await admin.audit.list({ limit: 50 })
  const entry = rows.find(({ action }) => action === 'EXPORT')
  expect(entry).toMatchObject({ tableName: 'clients', recordId: clientId })
  expect(entry?.newValues).toEqual({
    content: 'calls',
    format: 'csv',
    style: 'safe',
    file_name: file.fileName,
    row_count: 1,
    filter: JSON.stringify(filter),
    sort: 'eventAt desc',
  })
})

test('an agent exports only their own calls, even with a filter for others', async () => {
  const all = records(await bytesOf(agent.api, 'gus@acme.test', { format: 'csv' }))
  expect(new Set(all.map((row) => row['Prospect name']))).toEqual(new Set(['Zoe', 'Äda Öz']))
  const others = records(
    await bytesOf(agent.api, 'gus@acme.test', {
      format: 'csv',
      filter: { userIds: [must((await admin.users.list())[0], 'Ada').id] },
    }),
  )
  expect(others).toEqual([])
})

test('a file for a window is downloaded with its token, only by its connection and until it signs out', async () => {
  const events: ExportEvent[] = []
  const file = await exported(admin, { format: 'csv' }, (event) => events.push(event))
  expect(events[0]).toEqual({ kind: 'progress', done: 0, total: 3 })
  expect(file.fileName).toMatch(/^calls-\d{4}-\d\d-\d\d\.csv$/)
  const token = must(file.download?.split('/').at(-1), 'The file has a token')
  const { exportFiles } = app.application
  const found = must(exportFiles.download(ADMIN, token), 'The connection finds its file')
  expect(readFileSync(found.path).length).toBe(file.bytes)
  expect(exportFiles.download('gus@acme.test', token)).toBeUndefined()
  expect(exportFiles.download(ADMIN, 'other')).toBeUndefined()
  await admin.session.lock()
  expect(exportFiles.download(ADMIN, token)).toBeUndefined()
  await admin.session.unlock({ password: 'correct horse' })
  expect(exportFiles.download(ADMIN, token)).toBeDefined()
  const { api } = await app.member(admin, 'viewer', 'vi@acme.test')
  const own = must((await exported(api, { format: 'csv' })).download?.split('/').at(-1), 'The file has a token')
  const path = must(exportFiles.download('vi@acme.test', own), 'The connection finds its file').path
  await api.session.signOut()
  expect(exportFiles.download('vi@acme.test', own)).toBeUndefined()
  expect(() => readFileSync(path)).toThrow('ENOENT')
})

test('a target is a file that the shell has chosen for the connection, and works once', async () => {
  const path = join(folder, 'target.csv')
  const target = app.application.exportFiles.choose(ADMIN, path)
  expect(await codeOf(exported(agent.api, { format: 'csv', target }))).toBe('NOT_FOUND')
  expect(await codeOf(exported(admin, { format: 'csv', target: path }))).toBe('NOT_FOUND')
  const own = app.application.exportFiles.choose(ADMIN, path)
  await exported(admin, { format: 'csv', target: own })
  expect(await codeOf(exported(admin, { format: 'csv', target: own }))).toBe('NOT_FOUND')
})

test('a target that is not an ordinary file, or is in the workspaces folder, is refused and unchanged', async () => {
  mkdirSync(join(folder, 'sub'))
  const database = (await admin.workspace.status()).path
  for (const path of [
    join(folder, 'sub'),
    join(folder, 'none', 'calls.csv'),
    database,
    ...(process.platform === 'win32' ? [] : ['/dev/null']),
  ]) {
    const target = app.application.exportFiles.choose(ADMIN, path)
    await expect(exported(admin, { format: 'csv', target }), path).rejects.toMatchObject({
      code: 'INVALID',
      message: expect.stringContaining('No file was written'),
    })
  }
  expect((await admin.calls.list({})).rows).toHaveLength(3)
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
})

test('a full disk ends an export with a message, without a file and without an entry', async ({ skip }) => {
  skip(!disk.isReal, 'a disk of a fixed size needs the right to mount one')
  const before = (await admin.audit.list({ limit: 500 })).rows.filter(({ action }) => action === 'EXPORT').length
  disk.fill(0)
  const path = join(disk.folder, 'calls.csv')
  const target = app.application.exportFiles.choose(ADMIN, path)
  await expect(exported(admin, { format: 'csv', target })).rejects.toMatchObject({
    code: 'STORAGE',
    message: 'The disk is full. No file was written; free some space and try again.',
  })
  expect(readdirSync(disk.folder)).toEqual(['ballast'])
  disk.empty()
  const after = (await admin.audit.list({ limit: 500 })).rows.filter(({ action }) => action === 'EXPORT').length
  expect(after).toBe(before)
})

test('a cancelled export leaves no file, and an old file is unchanged', async () => {
  const path = join(folder, 'cancelled.csv')
  writeFileSync(path, 'old')
  const abort = new AbortController()
  const target = app.application.exportFiles.choose(ADMIN, path)
  const follow = async () => {
    for await (const event of await admin.exports.calls({ format: 'csv', target }, { signal: abort.signal }))
      if (event.kind === 'progress') abort.abort()
  }
  await expect(follow()).rejects.toThrow(/abort|cancelled/)
  // The next export waits for the thread, so the first one has ended.
  await exported(admin, { format: 'csv' })
  expect(readFileSync(path, 'utf8')).toBe('old')
  expect(readdirSync(folder).filter((name) => name.startsWith('cancelled'))).toEqual(['cancelled.csv'])
})

test('a connection runs one export at a time', async () => {
  const first = (await admin.exports.calls({ format: 'xlsx' }))[Symbol.asyncIterator]()
  await first.next()
  expect(await codeOf(exported(admin, { format: 'csv' }))).toBe('CONFLICT')
  await first.return?.(undefined)
  expect((await exported(admin, { format: 'csv' })).rows).toBe(3)
})
