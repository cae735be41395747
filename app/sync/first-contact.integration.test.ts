import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createIdGenerator, type ClientId, type UserId } from '../../core/id.ts'
import { insertCalls } from '../../db/commands/calls.ts'
import { openWritable } from '../../db/open.ts'
import { writeTransaction } from '../../db/write-transaction.ts'
import { examineHome } from '../doctor/examine-home.ts'
import { TEST_PASSWORD, codeOf, wonCall } from '../testing/test-application.ts'
import { Device } from './testing/device.ts'
import { PUBLISH_KEY, ServerProcess } from './testing/server-process.ts'

const server = new ServerProcess()
const publisher = new Device()
let clientId: ClientId
let adminId: UserId

const ADMIN = 'ada@acme.test'
/** More calls than fit into one page of a snapshot or one chunk of a publication. */
const CALLS_AT_FIRST = 9_000

beforeAll(async () => {
  await server.start()
  const session = await publisher.create('Acme', ADMIN)
  clientId = session.client.id
  adminId = session.user.id
  const db = openWritable(join(publisher.home, 'workspaces', clientId, 'workspace.db'))
  const now = Date.now()
  const newId = createIdGenerator(Date.now, (length) => randomBytes(length))
  const context = { clientId, userId: adminId, ipAddress: null, userAgent: null, now, newTxId: newId() }
  const calls = Array.from({ length: CALLS_AT_FIRST }, (_, n) => {
    const createdAt = now - (CALLS_AT_FIRST - n) * 60_000
    return {
      ...wonCall(adminId, `Prospect ${n}`),
      prospectEmail: null,
      prospectPhone: `+49 30 ${5_550_000 + n}`,
      lossReasonId: null,
      notes: n % 3 === 0 ? `Call again in week ${n % 52}.` : null,
      callDuration: 60 + (n % 600),
      scheduledAt: null,
      completedAt: createdAt,
      id: newId(),
      clientId,
      createdAt,
    }
  })
  writeTransaction(db, context, () => insertCalls(db, calls))
  db.close()
})
afterAll(async () => {
  await publisher.dispose()
  await server.dispose()
})

const CALLS = 'SELECT id, user_id, prospect_name, status, outcome, notes, created_at FROM calls ORDER BY id'
const joinAs = (device: Device, email: string = ADMIN, password = TEST_PASSWORD) => device.join(server.url, email, password)

test('only an admin with the right key can publish, and to another computer only over https', async () => {
  const publish = (serverUrl: string, key = PUBLISH_KEY, device = publisher) =>
    codeOf(
      (async () => {
        for await (const _ of await device.api.sync.publish({ serverUrl, key }));
      })(),
    )
  expect(await publish('http://example.test')).toBe('INVALID')
  expect(await publish(server.url, 'a wrong key, long enough')).toBe('REFUSED_BY_SERVER')
  expect(await publish('http://127.0.0.1:9')).toBe('UNREACHABLE')
  expect(await publisher.api.sync.status()).toMatchObject({ state: 'local', serverUrl: null })
  const plain = new Device()
  try {
    const { id: plainId } = (await plain.create('Plain', 'ada@plain.test')).client
    // Left by a power failure.
    const publishing = join(plain.home, 'workspaces', plainId, 'publishing')
    mkdirSync(publishing)
    writeFileSync(join(publishing, 'progress.json'), '')
    expect(await publish('http://127.0.0.1:9', PUBLISH_KEY, plain)).toBe('UNREACHABLE')
    await plain.api.users.create({ email: 'ben@plain.test', name: 'Ben', role: 'agent', password: TEST_PASSWORD })
    await plain.api.session.signIn({ email: 'ben@plain.test', password: TEST_PASSWORD })
    expect(await publish(server.url, PUBLISH_KEY, plain)).toBe('FORBIDDEN')
  } finally {
    await plain.dispose()
  }
})

test('an interrupted publication resumes, and calls logged meanwhile are sent after it [S3]', async () => {
  publisher.requestsLeft = 5
  expect(await codeOf(publisher.publish(server.url))).toBe('UNREACHABLE')
  expect((await publisher.api.sync.status()).state).toBe('local')
  const call = await publisher.api.calls.create(wonCall(adminId, 'During Publication'))
  await publisher.restart()
  publisher.requestsLeft = Number.POSITIVE_INFINITY
  await publisher.api.session.signIn({ email: ADMIN, password: TEST_PASSWORD })
  await publisher.publish(server.url)
  expect((await publisher.synced()).pending).toBe(0)
  const fresh = new Device()
  try {
    await joinAs(fresh)
    expect(fresh.query(clientId, CALLS)).toEqual(publisher.query(clientId, CALLS))
    expect((await fresh.api.calls.get({ id: call.id })).prospectName).toBe('During Publication')
    expect(existsSync(join(publisher.home, 'workspaces', clientId, 'publishing'))).toBe(false)
  } finally {
    await fresh.dispose()
  }
}, 900_000)

test('an interrupted join shows no workspace and resumes after the data that has arrived [S19]', async () => {
  const device = new Device()
  try {
    // Enrolment and the first page.
    device.requestsLeft = 2
    expect(await codeOf(joinAs(device))).toBe('UNREACHABLE')
    expect((await device.api.session.get()).state).toBe('first_start')
    expect(readdirSync(join(device.home, 'workspaces'))).toEqual([])
    await device.restart()
    device.traffic.splice(0)
    device.requestsLeft = Number.POSITIVE_INFINITY
    await joinAs(device)
    expect(device.query(clientId, CALLS)).toEqual(publisher.query(clientId, CALLS))
    // Indexes, triggers, totals and the text index exist again.
    expect(examineHome(device.home).workspaces.flatMap(({ checks }) => checks.filter(({ ok }) => !ok))).toEqual([])
    const found = await device.api.calls.list({ filter: { text: 'prospect 4711' }, limit: 10 })
    expect(found.rows.map(({ prospectName }) => prospectName)).toEqual(['Prospect 4711'])
    // The second attempt enrolled again and fetched only the rest.
    const whole = new Device()
    await joinAs(whole)
    const bytes = ({ traffic }: Device) => traffic.reduce((sum, text) => sum + text.length, 0)
    expect(bytes(device)).toBeLessThan(bytes(whole))
    await whole.dispose()
    expect(await codeOf(joinAs(device))).toBe('CONFLICT')
    expect(existsSync(join(device.home, 'joining'))).toBe(false)
  } finally {
    await device.dispose()
  }
}, 900_000)

test('a snapshot writes no line to the audit trail, because no person changed anything', async () => {
  const device = new Device()
  try {
    await joinAs(device)
    const changes = device.query<{ n: number }>(
      clientId,
      `SELECT count(*) AS n FROM audit_logs WHERE action IN ('INSERT', 'UPDATE', 'DELETE')`,
    )
    expect(changes).toEqual([{ n: 0 }])
  } finally {
    await device.dispose()
  }
}, 900_000)

test('a join with a wrong password fails and leaves no workspace', async () => {
  const device = new Device()
  try {
    expect(await codeOf(joinAs(device, ADMIN, 'a wrong password'))).toBe('WRONG_CREDENTIALS')
    expect((await device.api.session.get()).state).toBe('first_start')
  } finally {
    await device.dispose()
  }
})

test('no data of another client on the same server arrives in the file, its log, the tokens or the traffic [S14][S16]', async () => {
  const stranger = new Device()
  const member = new Device()
  try {
    await stranger.create('Bolt', 'bo@bolt.test')
    await stranger.api.users.create({ email: 'cy@bolt.test', name: 'Cy', role: 'team_lead', password: TEST_PASSWORD })
    await stranger.publish(server.url)
    await member.join(server.url, 'cy@bolt.test')
    await publisher.api.calls.create({ ...wonCall(adminId, 'Zerubbabel Planted'), notes: 'Melchizedek planted' })
    await publisher.synced()
    await member.synced()
    for (const device of [stranger, member])
      for (const secret of ['Zerubbabel', 'Melchizedek', ADMIN, clientId]) {
        expect(device.bytes().includes(secret)).toBe(false)
        expect(device.traffic.some((text) => text.includes(secret))).toBe(false)
        expect(JSON.stringify(device.log).includes(secret)).toBe(false)
      }
    expect(server.bytes().includes('Zerubbabel')).toBe(true)
    expect(server.logged.includes('Zerubbabel')).toBe(false)
  } finally {
    await stranger.dispose()
    await member.dispose()
  }
})

test('the token is in a file that only its owner can read, and in no log [S16]', async () => {
  const path = join(publisher.home, 'tokens', clientId)
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
  const token = readFileSync(path, 'utf8')
  expect(token.length).toBeGreaterThan(20)
  expect(server.bytes().includes(token)).toBe(false)
  expect(server.logged.includes(token)).toBe(false)
  expect(JSON.stringify(publisher.log).includes(token)).toBe(false)
})
