import { rmSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { must } from '../core/assert.ts'
import { columnarLength } from '../core/sync/columnar.ts'
import type { Operation } from '../core/sync/operation.ts'
import { pageEnvelopeSchema, pushAnswerEnvelopeSchema, readEnvelope } from '../core/sync/envelope.ts'
import { pageBodySchema, pushAnswerBodySchema } from '../core/sync/protocol.ts'
import { encodePush } from '../core/sync/push-batch.ts'
import type { SyncTableName } from '../core/sync/tables.ts'
import type { Sqlite } from '../platform/sqlite/database.ts'
import { openWritable } from '../sync-server/store/sqlite/open.ts'
import { storedRow, syncedTable, type StoredRow } from '../sync-server/store/sqlite/synced-tables.ts'
import { sampleCalls } from '../sync-server/testing/sample-calls.ts'
import { idsFrom, sampleWorkspace, seeded, type SampleWorkspace } from '../sync-server/testing/sample-workspace.ts'
import { TestDevice } from '../sync-server/testing/test-device.ts'
import { publishAll } from '../sync-server/testing/test-server.ts'
import { startServer, type BenchServer } from './bench-server.ts'
import { median, milliseconds, print, quantile, ratio, time } from './measure.ts'

/** Operations per push: below the protocol's 1 MB for calls of the usual size. */
const BATCH = 2_000
const SIZES = [10_000, 100_000]
const LIVE = 200
const EDITS = 1_000

const agents = ({ people }: SampleWorkspace) => [people.agent.id, people.other.id, people.team_lead.id, people.admin.id]

/** Generates calls with one transaction per call, as people log them. */
function loggedCalls(device: TestDevice, workspace: SampleWorkspace, count: number): readonly Operation[] {
  const calls = sampleCalls({
    random: seeded(7),
    userIds: agents(workspace),
    lossReasonIds: workspace.lossReasonIds,
    from: Date.now() - count * 60_000,
  })
  for (const fields of calls) {
    const present = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
    device.insertCall(present)
    if (device.outbox.length === count) break
  }
  const made = device.outbox
  device.outbox = []
  return made
}

/** Inserts rows in one transaction with the bare driver. All have the same columns. Returns the time, ms. */
function insertRows(db: Sqlite, table: SyncTableName, rows: readonly StoredRow[]): number {
  const names = Object.keys(rows[0] ?? {})
  const insert = db.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`)
  const values = rows.map((row) => Object.values(row))
  const begin = performance.now()
  db.transaction(() => {
    for (const each of values) insert.run(...each)
  })()
  return performance.now() - begin
}

/** Measures the floor: the same rows into the same tables, with the same indexes and pragmas, in one transaction. */
function insertBare(workspace: SampleWorkspace, operations: readonly Operation[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'propaganda-bare-'))
  const db = openWritable(join(folder, 'bare.db'), '0'.repeat(16))
  let seq = 0
  const versioned = (values: Operation['fields'] | Readonly<Record<string, unknown>>) => ({
    values: values as Readonly<Record<string, string | number | null>>,
    version: ++seq,
    versions: { base: seq, overrides: null },
    changedBy: workspace.people.admin.id,
  })
  for (const table of ['clients', 'users', 'loss_reasons'] as const)
    insertRows(
      db,
      table,
      workspace.rows[table].map((row) => storedRow(table, workspace.clientId, row.id, versioned(row))),
    )
  const rows = operations.map(({ rowId, fields, wallTime }) => {
    const values: Record<string, string | number | null> = { updated_at: wallTime }
    for (const name of syncedTable('calls').columns) values[name] ??= fields[name]?.new ?? null
    return storedRow('calls', workspace.clientId, rowId, versioned(values))
  })
  const ms = insertRows(db, 'calls', rows)
  db.close()
  rmSync(folder, { recursive: true, force: true })
  return ms
}

type Pushed = { readonly ms: number; readonly bytes: number }

async function pushAll(device: TestDevice, url: string, operations: readonly Operation[]): Promise<Pushed> {
  let bytes = 0
  const { ms } = await time(async () => {
    for (let begin = 0; begin < operations.length; begin += BATCH) {
      const request = encodePush(operations.slice(begin, begin + BATCH))
      const body = new Uint8Array(zstdCompressSync(JSON.stringify(request)))
      bytes += body.length
      const headers = { ...device.headers(), 'content-type': 'application/json', 'content-encoding': 'zstd' }
      const answer = await fetch(`${url}/v1/push`, { method: 'POST', headers, body })
      bytes += Number(answer.headers.get('content-length'))
      const envelope = readEnvelope(pushAnswerEnvelopeSchema, (name) => answer.headers.get(name))
      const { rejected, merged } = pushAnswerBodySchema.parse(await answer.json())
      if (envelope === undefined || rejected.length + merged.length > 0) throw new Error('The server did not accept the calls')
      device.cursor = envelope.cursor
    }
  })
  return { ms, bytes }
}

type Pulled = {
  readonly ms: number
  readonly bytes: number
  readonly rows: number
  readonly pages: number
  readonly firstMs: number
}

/** Pulls the feed up to its head. Returns the bytes and the parsed rows, without storing them in a database. */
async function pullAll(device: TestDevice, url: string): Promise<Pulled> {
  let bytes = 0
  let rows = 0
  let pages = 0
  let firstMs = 0
  const begin = performance.now()
  const { ms } = await time(async () => {
    for (;;) {
      const path = device.cursor === null ? '/v1/snapshot' : `/v1/pull?cursor=${device.cursor}`
      const answer = await fetch(`${url}${path}`, { headers: device.headers() })
      bytes += Number(answer.headers.get('content-length'))
      const envelope = must(
        readEnvelope(pageEnvelopeSchema, (name) => answer.headers.get(name)),
        'A page has an envelope',
      )
      const page = pageBodySchema.parse(await answer.json())
      rows += page.rows.reduce((sum, each) => sum + columnarLength(each), 0)
      device.cursor = envelope.cursor
      if (pages++ === 0) firstMs = performance.now() - begin
      if (envelope.complete) return
    }
  })
  return { ms, bytes, rows, pages, firstMs }
}

const perSecond = (count: number, ms: number) => `${Math.round((count / ms) * 1_000).toLocaleString('en')}/s`
const perCall = (bytes: number, count: number) => `${(bytes / count).toFixed(0)} B a call`

async function benchSize(count: number): Promise<void> {
  const server = await startServer()
  try {
    const newId = idsFrom(seeded(11))
    const workspace = sampleWorkspace('Bench', newId)
    const publisher = new TestDevice({ url: server.url, newId })
    await publishAll(publisher, workspace)
    const operations = loggedCalls(publisher, workspace, count)
    const bare = insertBare(workspace, operations)
    const pushed = await pushAll(publisher, server.url, operations)
    const fresh = new TestDevice({ url: server.url, newId })
    await fresh.enrol(workspace.people.team_lead.email)
    const snapshot = await pullAll(fresh, server.url)
    const tail = loggedCalls(publisher, workspace, 1_000)
    await pushAll(publisher, server.url, tail)
    const tailed = await pullAll(fresh, server.url)
    print(`Sync server, ${count.toLocaleString('en')} calls`, [
      {
        what: 'push, one transaction a call',
        value: `${milliseconds(pushed.ms)} (${perSecond(count, pushed.ms)})`,
        floor: milliseconds(bare),
        ratio: ratio(pushed.ms, bare),
        target: '≥ 15,000/s',
      },
      { what: 'push, on the wire both ways', value: perCall(pushed.bytes, count), target: '≤ 200 B a call' },
      {
        what: `snapshot, ${snapshot.pages} pages`,
        value: `${milliseconds(snapshot.ms)} (${perSecond(snapshot.rows, snapshot.ms)})`,
        floor: milliseconds(bare),
        ratio: ratio(snapshot.ms, bare),
        target: '≥ 25,000/s',
      },
      { what: 'snapshot, first page', value: milliseconds(snapshot.firstMs) },
      { what: 'snapshot, on the wire', value: perCall(snapshot.bytes, snapshot.rows), target: '≤ 200 B a call' },
      { what: `tail of ${tailed.rows} rows`, value: `${milliseconds(tailed.ms)} (${perSecond(tailed.rows, tailed.ms)})` },
      { what: 'peak memory of the server', value: `${Math.round(server.peakMb())} MB`, target: '≤ 300 MB' },
    ])
  } finally {
    await server.stop()
  }
}

/** Two devices edit the same field of the same calls offline, so the second edit of each call has an older base version. */
async function benchMerge(): Promise<void> {
  const server = await startServer()
  try {
    const newId = idsFrom(seeded(12))
    const workspace = sampleWorkspace('Bench', newId)
    const first = new TestDevice({ url: server.url, newId })
    await publishAll(first, workspace)
    await first.pull()
    const ids = Array.from({ length: EDITS }, () => first.insertCall({ ...sampleOf(workspace) }))
    await first.push()
    const second = new TestDevice({ url: server.url, newId })
    await second.enrol(workspace.people.team_lead.email)
    await second.pull()
    for (const device of [first, second]) for (const id of ids) device.update('calls', id, { notes: `by ${device.id}` })
    const { ms } = await time(async () => {
      await first.push()
      await second.push()
      await first.pull()
      await second.pull()
    })
    const same = ids.every((id) => first.row('calls', id)?.['notes'] === second.row('calls', id)?.['notes'])
    if (!same) throw new Error('The devices did not converge')
    print(`Sync server, 2 × ${EDITS.toLocaleString('en')} concurrent edits of one field`, [
      { what: 'both pushed, both pulled', value: milliseconds(ms), target: '≤ 300 ms with both devices' },
    ])
    await benchLive(server, workspace, first, second)
  } finally {
    await server.stop()
  }
}

function sampleOf(workspace: SampleWorkspace) {
  const { value } = sampleCalls({
    random: seeded(3),
    userIds: agents(workspace),
    lossReasonIds: workspace.lossReasonIds,
    from: Date.now(),
  }).next()
  return value as Readonly<Record<string, string | number | null>>
}

/** Measures the time from sending one change until the other device has its row: push, commit, poke, pull. */
async function benchLive(server: BenchServer, workspace: SampleWorkspace, from: TestDevice, to: TestDevice): Promise<void> {
  const stop = new AbortController()
  const stream = await fetch(`${server.url}/v1/events`, { headers: to.headers(), signal: stop.signal })
  let poked = () => {}
  const reading = (async () => {
    for await (const _ of must(stream.body, 'A stream has a body')) poked()
  })().catch(() => {})
  const samples: number[] = []
  for (let n = 0; n < LIVE; n++) {
    const id = from.insertCall({ ...sampleOf(workspace) })
    const begin = performance.now()
    const arrived = new Promise<void>((resolve) => {
      poked = () => void to.pull().then(() => (to.row('calls', id) === undefined ? undefined : resolve()))
    })
    await from.push()
    await arrived
    samples.push(performance.now() - begin)
  }
  stop.abort()
  await reading
  print(`Sync server, one change live between two devices, ${LIVE} times`, [
    { what: 'median', value: milliseconds(median(samples)), target: '≤ 10 ms with both devices' },
    { what: 'p99', value: milliseconds(quantile(samples, 0.99)) },
  ])
}

/** Measures the cost of each compression for one page of 4,000 calls. */
function benchCompression(): void {
  const newId = idsFrom(seeded(13))
  const workspace = sampleWorkspace('Bench', newId)
  const device = new TestDevice({ url: '', newId })
  const json = Buffer.from(JSON.stringify(encodePush(loggedCalls(device, workspace, BATCH))))
  const measure = (what: string, compress: () => Uint8Array) => {
    const samples = Array.from({ length: 10 }, () => {
      const begin = performance.now()
      compress()
      return performance.now() - begin
    })
    return { what, value: `${milliseconds(median(samples))}, ${perCall(compress().length, BATCH)}` }
  }
  print(`Compression of a push of ${BATCH.toLocaleString('en')} calls (${perCall(json.length, BATCH)} before)`, [
    measure('zstd, level 3', () => zstdCompressSync(json)),
    measure('gzip, level 3', () => gzipSync(json, { level: 3 })),
    measure('gzip, level 6', () => gzipSync(json, { level: 6 })),
  ])
}

export async function benchSyncServer(): Promise<void> {
  benchCompression()
  for (const size of SIZES) await benchSize(size)
  await benchMerge()
}
