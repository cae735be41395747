import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ClientId } from '../../core/id.ts'
import { bundled } from '../testing/bundle.ts'
import { TEST_PASSWORD } from '../testing/test-application.ts'
import { Device } from './testing/device.ts'
import { ServerProcess } from './testing/server-process.ts'

/** The number of kills of each process: the writing device, the reading device and the server. */
const KILLS = Number(process.env.SYNC_KILLS ?? 8)
const victim = bundled('device-victim')

const server = new ServerProcess()
let writerHome = ''
let readerHome = ''
let clientId: ClientId

beforeAll(async () => {
  await server.start()
  const reader = new Device()
  const writer = new Device()
  clientId = (await reader.create('Acme', 'ada@acme.test')).client.id
  await reader.api.users.create({ email: 'ben@acme.test', name: 'Ben', role: 'agent', password: TEST_PASSWORD })
  await reader.publish(server.url)
  await writer.join(server.url, 'ben@acme.test')
  readerHome = reader.home
  writerHome = writer.home
  await reader.application.close()
  await writer.application.close()
})

afterAll(async () => {
  await server.dispose()
  for (const home of [readerHome, writerHome]) rmSync(home, { recursive: true, force: true })
})

type Said = { readonly created: string[]; readonly notes: Map<string, string> }

/** Starts a device, runs `during` once it is ready, then kills it. Records what it had acknowledged. */
function runAndKill(home: string, email: string, mode: 'write' | 'read', said: Said, during: () => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [victim, home, email, mode], { stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let errors = ''
    let begun = false
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      if (begun || !out.includes('ready\n')) return
      begun = true
      during().then(() => child.kill('SIGKILL'), reject)
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (signal !== 'SIGKILL') return reject(new Error(`The victim failed by itself (${code}): ${errors}`))
      // The last line may be incomplete. Then it was not acknowledged.
      for (const line of out.split('\n').slice(0, -1)) {
        const [word = '', id = '', ...rest] = line.split(' ')
        if (word === 'created') said.created.push(id)
        if (word === 'noted') said.notes.set(id, rest.join(' '))
      }
      resolve()
    })
  })
}

const pause = (from: number, to: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, from + Math.random() * (to - from)))

const CALLS = 'SELECT id, user_id, prospect_name, status, outcome, notes, call_duration, completed_at FROM calls ORDER BY id'
type Row = { readonly id: string; readonly notes: string | null }

test(`after ${KILLS} kills each of writer, reader and server no acknowledged row is lost or doubled, and no cursor is ahead of its rows [S2][S3][S5]`, async () => {
  const said: Said = { created: [], notes: new Map() }
  for (let round = 0; round < KILLS; round++) {
    await runAndKill(writerHome, 'ben@acme.test', 'write', said, () => pause(50, 700))
    await runAndKill(readerHome, 'ada@acme.test', 'read', said, () => pause(0, 150))
    await runAndKill(writerHome, 'ben@acme.test', 'write', said, async () => {
      await pause(50, 500)
      await server.kill()
      await pause(50, 200)
    })
    await server.start()
  }
  expect(said.created.length).toBeGreaterThan(KILLS)

  const devices = [new Device({ home: writerHome }), new Device({ home: readerHome })] as const
  const fresh = new Device()
  try {
    const [writer, reader] = devices
    await writer.api.session.signIn({ email: 'ben@acme.test', password: TEST_PASSWORD })
    await reader.api.session.signIn({ email: 'ada@acme.test', password: TEST_PASSWORD })
    await writer.synced()
    expect(await writer.api.sync.status()).toMatchObject({ pending: 0, rejections: 0, conflicts: 0 })
    await reader.synced()
    await fresh.join(server.url, 'ada@acme.test')
    const onServer = fresh.query<Row>(clientId, CALLS)
    // Rows that a cursor has skipped would never arrive.
    expect(reader.query(clientId, CALLS)).toEqual(onServer)
    expect(writer.query(clientId, CALLS)).toEqual(onServer)
    const notes = new Map(onServer.map(({ id, notes: text }) => [id, text]))
    expect(notes.size).toBe(onServer.length)
    expect(said.created.filter((id) => !notes.has(id))).toEqual([])
    expect([...said.notes].filter(([id, text]) => notes.get(id) !== text)).toEqual([])
    for (const device of [writer, reader])
      expect(device.query(clientId, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
    // Each answered operation has its own number in the server's order.
    const [twice] = writer.query<{ n: number }>(
      clientId,
      `SELECT count(server_seq) - count(DISTINCT server_seq) AS n FROM sync_outbox WHERE state = 'accepted'`,
    )
    expect(twice?.n).toBe(0)
  } finally {
    await Promise.all([...devices, fresh].map((device) => device.application.close()))
    rmSync(fresh.home, { recursive: true, force: true })
  }
}, 3_600_000)
