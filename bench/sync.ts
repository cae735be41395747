import { randomBytes } from 'node:crypto'
import { execFile, fork, type ChildProcess } from 'node:child_process'
import { on } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createIdGenerator } from '../core/id.ts'
import { createWorkspaceFile } from '../db/open.ts'
import { insertBare, openCopy, type BareRow } from './bare-inserts.ts'
import { electronBuild } from '../scripts/building/builds.ts'
import { buildIfStale } from '../scripts/building/stale-build.ts'
import { TREE } from '../scripts/tree.ts'
import { BATCH, BenchDevice } from './bench-device.ts'
import { peakMb, startServer } from './bench-server.ts'
import { loopDelay, median, milliseconds, print, quantile, ratio, time, type Row } from './measure.ts'

const SIZES = (process.env.BENCH_SYNC_CALLS ?? '10000,100000').split(',').map(Number)
const newId = createIdGenerator(Date.now, (length) => randomBytes(length))

const FIRST = ['Ada', 'Ben', 'Cem', 'Dana', 'Eli', 'Fay', 'Gus', 'Hana']
const LAST = ['Adler', 'Brandt', 'Conrad', 'Doll', 'Engel', 'Fuchs', 'Graf', 'Haas']

/** Generates calls like those of people: names repeat, and every third call has a note. */
function callRows(count: number, { clientId, userId }: BenchDevice['actor']): BareRow[] {
  const start = Date.UTC(2026, 0, 5, 9)
  return Array.from({ length: count }, (_, n): BareRow => {
    const at = start + n * 60_000
    const first = FIRST[n % 8] ?? ''
    const last = LAST[(n >> 3) % 8] ?? ''
    return {
      id: newId(),
      client_id: clientId,
      user_id: userId,
      prospect_name: `${first} ${last}`,
      prospect_email: `${first}.${last}${n}@example.test`.toLowerCase(),
      prospect_phone: `+49 30 ${5_550_000 + n}`,
      call_type: n % 3 === 0 ? 'inbound' : 'outbound',
      status: 'completed',
      outcome: n % 4 === 0 ? 'won' : 'undecided',
      loss_reason_id: null,
      notes: n % 3 === 0 ? `Asked for an offer by mail, wants to hear again in week ${n % 52}.` : null,
      call_duration: 60 + (n % 600),
      scheduled_at: null,
      completed_at: at,
      created_at: at,
      updated_at: at,
    }
  })
}

/** Measures the floor: only the same rows into the same tables and indexes, in the same run. */
function floorOf(folder: string, rows: readonly BareRow[], device: BenchDevice): number {
  const path = join(folder, `floor-${rows.length}.db`)
  createWorkspaceFile(path, { deviceId: newId() })
  const db = openCopy(path, `${path}.copy`, false)
  db.sqlite.pragma('foreign_keys = OFF')
  const ms = insertBare(db, rows, BATCH, device.actor).reduce((sum, each) => sum + each, 0)
  db.close()
  return ms
}

function perSecond(count: number, ms: number): string {
  return `${Math.round((count * 1_000) / ms).toLocaleString('en')}/s (${milliseconds(ms)})`
}

type Fresh = Record<'wholeMs' | 'snapshotMs' | 'calls' | 'bytes' | 'peakMb', number>

async function joinFresh(folder: string, url: string): Promise<Fresh> {
  const child = promisify(execFile)(process.execPath, [join(TREE, 'bench/fresh-device.ts'), folder, url])
  return JSON.parse((await child).stdout) as Fresh
}

async function benchBulk(count: number, targets: { readonly push: string; readonly pull: string }): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'propaganda-bench-sync-'))
  const server = await startServer()
  const writer = new BenchDevice(folder)
  const reader = new BenchDevice(folder)
  try {
    await writer.found(server.url)
    await reader.join(server.url)
    const rows = callRows(count, writer.actor)
    const floor = floorOf(folder, rows, writer)
    writer.log(rows)
    let pushBytes = 0
    const push = await time(async () => (pushBytes = await writer.bytesOf(() => writer.api.sync.now())))
    let tailBytes = 0
    const tail = await time(async () => (tailBytes = await reader.bytesOf(() => reader.api.sync.now())))
    const fresh = await joinFresh(folder, server.url)
    if (fresh.calls !== count || (await reader.api.workspace.status()).calls !== count) throw new Error('Calls were lost')
    const wire = (bytes: number) => `${Math.round(bytes / count)} bytes a call`
    const line = (what: string, ms: number, target: string): Row => ({
      what: `${what}, ${count.toLocaleString('en')} calls`,
      value: perSecond(count, ms),
      floor: milliseconds(floor),
      ratio: ratio(ms, floor),
      target,
    })
    return [
      line('push until everything is acknowledged and filed', push.ms, targets.push),
      line('tail on a device that was away, with its audit lines', tail.ms, targets.pull),
      line('snapshot on a fresh device until it can be used', fresh.snapshotMs, targets.pull),
      { what: 'the same with the sign-in and the threads that a device starts', value: milliseconds(fresh.wholeMs) },
      { what: 'push on the wire', value: wire(pushBytes), target: '200' },
      { what: 'tail on the wire', value: wire(tailBytes), target: '200' },
      { what: 'snapshot on the wire', value: wire(fresh.bytes), target: '200' },
      { what: 'peak memory of the server', value: `${Math.round(server.peakMb())} MB`, target: '300 MB' },
      { what: 'peak memory of the device that joined', value: `${Math.round(fresh.peakMb)} MB`, target: '300 MB' },
      { what: 'peak memory of this process: two devices and the benchmark', value: `${Math.round(peakMb(process.pid))} MB` },
    ]
  } finally {
    await Promise.all([writer.close(), reader.close()])
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function benchMerge(): Promise<Row[]> {
  const edits = 1_000
  const folder = mkdtempSync(join(tmpdir(), 'propaganda-bench-sync-'))
  const server = await startServer()
  const [one, other] = [new BenchDevice(folder, true), new BenchDevice(folder, true)]
  try {
    await one.found(server.url)
    const rows = callRows(edits, one.actor)
    one.log(rows)
    await one.api.sync.now()
    await other.join(server.url)
    one.isOnline = other.isOnline = false
    for (const row of rows) {
      const id = String(row['id'])
      await one.api.calls.update({ id, patch: { notes: `One ${id}` } })
      await other.api.calls.update({ id, patch: { notes: `Other ${id}`, callDuration: 7 } })
    }
    one.isOnline = other.isOnline = true
    const first = await time(() => one.api.sync.now())
    const second = await time(() => other.api.sync.now())
    const third = await time(() => one.api.sync.now())
    const notes = async (device: BenchDevice) => {
      const { rows: shown } = await device.api.calls.list({ limit: 500 })
      return JSON.stringify(shown.map(({ id, notes: text, callDuration }) => [id, text, callDuration]))
    }
    if ((await notes(one)) !== (await notes(other))) throw new Error('The devices have different data')
    return [
      {
        what: `2 × ${edits} concurrent edits, the same field of the same calls, merged on both`,
        value: milliseconds(first.ms + second.ms + third.ms),
        target: '300 ms',
      },
      { what: '… one device pushes', value: milliseconds(first.ms) },
      { what: '… the other pushes, its edits are merged and come back', value: milliseconds(second.ms) },
      { what: '… the first fetches what became of its own', value: milliseconds(third.ms) },
    ]
  } finally {
    await Promise.all([one.close(), other.close()])
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The times at which the other device had each change, in order, ns. */
async function* arrivals(reader: ChildProcess): AsyncGenerator<bigint> {
  for await (const [message] of on(reader, 'message')) yield BigInt(message === 'ready' ? 0 : String(message))
}

async function benchLive(): Promise<Row[]> {
  const samples: number[] = []
  const folder = mkdtempSync(join(tmpdir(), 'propaganda-bench-sync-'))
  const server = await startServer()
  const writer = new BenchDevice(folder, true)
  await writer.found(server.url)
  const reader = fork(join(TREE, 'bench/live-reader.ts'), [folder, server.url])
  const ended = new Promise((resolve) => reader.once('exit', resolve))
  try {
    const arrived = arrivals(reader)
    await arrived.next()
    await writer.api.sync.now()
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    for (let n = 0; n < 220; n++) {
      const begin = process.hrtime.bigint()
      const [{ value: end }] = await Promise.all([
        arrived.next(),
        writer.api.calls.create({ ...LIVE_CALL, userId: writer.actor.userId, prospectName: `Live ${n}` }),
      ])
      // The first changes also load code.
      if (n >= 20) samples.push(Number(end - begin) / 1e6)
      await new Promise((resolve) => setTimeout(resolve, 15))
    }
    const { api, actor } = writer
    const range = { from: LIVE_CALL.completedAt - 86_400_000, to: LIVE_CALL.completedAt + 86_400_000 }
    const late = await loopDelay(
      5_000,
      () => api.reports.page({ range }),
      () => api.calls.create({ ...LIVE_CALL, userId: actor.userId, prospectName: 'Loop' }),
    )
    reader.send('end')
    await ended
    return [
      {
        what: 'one call from API to API, durable on both devices and the server, median',
        value: milliseconds(median(samples)),
        target: '10 ms',
      },
      { what: 'the same, p99', value: milliseconds(quantile(samples, 0.99)) },
      { what: 'delay of the event loop with reports, writes and sync, p99', value: milliseconds(late), target: '≤ 20 ms' },
    ]
  } finally {
    reader.kill()
    await writer.close()
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const LIVE_CALL = {
  callType: 'outbound',
  status: 'completed',
  outcome: 'won',
  callDuration: 180,
  completedAt: Date.UTC(2026, 10, 2, 10),
} as const

/** Measures two devices and a real server in a separate process, from API to API. */
export async function benchSyncBulk(): Promise<void> {
  await buildIfStale(electronBuild)
  for (const count of SIZES) {
    const targets = count < 100_000 ? { push: '15,000/s', pull: '25,000/s' } : { push: '20 s', pull: '7.4 s' }
    print(`Sync, ${count.toLocaleString('en')} calls`, await benchBulk(count, targets))
  }
}

export async function benchSyncMerge(): Promise<void> {
  await buildIfStale(electronBuild)
  print('Sync, merging', await benchMerge())
}

export async function benchSyncLive(): Promise<void> {
  await buildIfStale(electronBuild)
  print('Sync, live', await benchLive())
}
