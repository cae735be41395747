import { randomBytes } from 'node:crypto'
import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ClientId, UserId } from '../../core/id.ts'
import { createIdGenerator } from '../../core/id.ts'
import { insertCalls } from '../../db/commands/calls.ts'
import { openWritable } from '../../db/open.ts'
import { writeTransaction } from '../../db/write-transaction.ts'
import { TEST_PASSWORD, codeOf, wonCall } from '../testing/test-application.ts'
import { ADMIN_EMAIL, AGENT_EMAIL, foundAcme } from './testing/acme.ts'
import { Device } from './testing/device.ts'
import { ServerProcess } from './testing/server-process.ts'

/* [S6] An older copy of the server's file is put in place while devices are ahead of it: real server processes, real devices. */

const BEHIND_EMAIL = 'cleo@acme.test'
const LATE_EMAIL = 'lea@acme.test'
const FILES = ['server.db', 'server.db-wal']

let server: ServerProcess
let devices: Device[]
let admin: Device
let agent: Device
/** Not ahead of the backup. */
let behind: Device
let clientId: ClientId
let adminId: UserId
let agentId: UserId
let behindId: UserId

function newDevice(): Device {
  const made = new Device({ speed: 10 })
  devices.push(made)
  return made
}

beforeEach(async () => {
  server = new ServerProcess()
  devices = []
  await server.start()
  ;[admin, agent, behind] = [newDevice(), newDevice(), newDevice()]
  ;({ clientId, adminId, agentId } = await foundAcme(server.url, admin, agent, async () => {
    const cleo = { email: BEHIND_EMAIL, name: 'Cleo Agent', role: 'agent', password: TEST_PASSWORD } as const
    ;({ id: behindId } = await admin.api.users.create(cleo))
    await admin.api.users.create({ email: LATE_EMAIL, name: 'Lea Lead', role: 'team_lead', password: TEST_PASSWORD })
  }))
  await behind.join(server.url, BEHIND_EMAIL)
  await agent.api.calls.create(wonCall(agentId, 'Before The Backup'))
  for (const device of devices) await device.synced()
  for (const device of devices) await device.synced()
})
afterEach(async () => {
  for (const device of devices) await device.dispose()
  await server.dispose()
})

const path = (name: string, copy = '') => join(server.dataDir, `${name}${copy}`)

function copyServer(copy: string): void {
  for (const name of FILES) if (existsSync(path(name))) copyFileSync(path(name), path(name, copy))
}

function putBack(copy: string): void {
  for (const name of [...FILES, 'server.db-shm']) rmSync(path(name), { force: true })
  for (const name of FILES) if (existsSync(path(name, copy))) copyFileSync(path(name, copy), path(name))
}

/** The server acknowledges everything that the devices send, and loses it in the restore. */
async function goAhead(): Promise<void> {
  await agent.api.calls.create(wonCall(agentId, 'Acknowledged Of The Agent'))
  await admin.api.calls.create(wonCall(adminId, 'Acknowledged Of The Admin'))
  for (const device of [agent, admin, agent]) expect(await device.synced()).toMatchObject({ pending: 0, problem: null })
}

const names = async (device: Device) =>
  (await device.api.calls.list({ filter: {} })).rows.map(({ prospectName }) => prospectName).toSorted()

const problemShows = (device: Device, code: string) => device.until(`${code} shows`, ({ problem }) => problem === code, 40_000)

/**
 * Syncs several times, on request and by the engine's poll, and checks the status each time.
 * @param waiting the least number of waiting changes; a sign-in is one too.
 */
async function keepsSaying(device: Device, code: string, waiting: number): Promise<void> {
  for (let n = 0; n < 4; n++) {
    expect(await codeOf(device.synced())).toBe('REFUSED_BY_SERVER')
    const { state, pending } = await device.until('it still shows', ({ problem }) => problem === code)
    expect([state, Math.min(pending, waiting)]).toEqual(['attention', waiting])
    await device.api.sync.nudge()
    for (let look = 0; look < 20; look++) {
      expect((await device.api.sync.status()).state).not.toBe('up_to_date')
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
}

describe.each([
  ['a file that was copied while the server was stopped', true],
  ['a file and its write-ahead log that were copied while it ran', false],
] as const)('%s', (_, isStopped) => {
  test('devices that are ahead show the problem while it lasts, and lose nothing; other devices continue', async () => {
    if (isStopped) await server.stop()
    copyServer('.backup')
    if (isStopped) await server.start()
    behind.isOnline = false
    await goAhead()
    // A person whose device is not in the backup.
    const late = newDevice()
    await late.join(server.url, LATE_EMAIL)
    await late.synced()
    for (const device of devices) device.isOnline = false
    await server.stop()
    copyServer('.ahead')
    putBack('.backup')
    await server.start()

    // The restored server gives out the same numbers again, and more, before any other device connects.
    behind.isOnline = true
    for (let n = 0; n < 12; n++) await behind.api.calls.create(wonCall(behindId, `Of The Other History ${n}`))
    expect(await behind.synced()).toMatchObject({ pending: 0, problem: null })

    for (const device of [agent, admin]) device.isOnline = true
    for (const device of [agent, admin]) await problemShows(device, 'EPOCH')
    const kept = await agent.api.calls.create(wonCall(agentId, 'After The Restore'))
    await keepsSaying(agent, 'EPOCH', 1)
    await keepsSaying(admin, 'EPOCH', 0)
    // After a restart too, before and after the first request.
    agent.isOnline = false
    await agent.restart()
    await agent.api.session.signIn({ email: AGENT_EMAIL, password: TEST_PASSWORD })
    const offline = await agent.api.sync.status()
    expect(offline).toMatchObject({ state: 'attention', problem: 'EPOCH' })
    expect(offline.pending).toBeGreaterThanOrEqual(1)
    agent.isOnline = true
    await keepsSaying(agent, 'EPOCH', 1)
    expect(await names(agent)).toEqual(['Acknowledged Of The Agent', 'After The Restore', 'Before The Backup'])
    expect(await names(admin)).toContain('Acknowledged Of The Admin')
    expect(await names(admin)).not.toContain('Of The Other History 0')

    // The token of the late device is not in the backup. After a new sign-in it shows the problem too.
    late.isOnline = true
    await problemShows(late, 'UNAUTHENTICATED')
    await late.api.sync.signInAgain({ email: LATE_EMAIL, password: TEST_PASSWORD })
    await problemShows(late, 'EPOCH')
    await keepsSaying(late, 'EPOCH', 0)

    // The server holds no refused operation. Devices that join or are not ahead sync as usual.
    const fresh = newDevice()
    await fresh.join(server.url, ADMIN_EMAIL)
    expect(await names(fresh)).toEqual([
      'Before The Backup',
      ...Array.from({ length: 12 }, (_each, n) => `Of The Other History ${n}`).toSorted(),
    ])
    expect(await codeOf(fresh.api.calls.get({ id: kept.id }))).toBe('NOT_FOUND')
    await behind.api.calls.create(wonCall(behindId, 'Goes On'))
    expect(await behind.synced()).toMatchObject({ pending: 0, problem: null })
    await fresh.until('the call arrives', async () => (await names(fresh)).includes('Goes On'))

    // With the newer file in place again they continue automatically and send their outbox.
    await server.stop()
    putBack('.ahead')
    await server.start()
    await agent.until('all is sent', ({ pending, problem }) => pending === 0 && problem === null, 70_000)
    await admin.until('it arrives', async () => (await names(admin)).includes('After The Restore'), 70_000)
    await admin.until('and nothing is wrong', ({ state }) => state === 'up_to_date', 70_000)
    // The device that continued with the other history is then the one that is ahead.
    await problemShows(behind, 'EPOCH')
  }, 900_000)
})

test('a server with other data at the same address is recognised too', async () => {
  for (const device of devices) device.isOnline = false
  await server.stop()
  for (const name of [...FILES, 'server.db-shm']) rmSync(path(name), { force: true })
  await server.start()
  const stranger = newDevice()
  await stranger.create('Bolt', 'bo@bolt.test')
  await stranger.publish(server.url)
  agent.isOnline = true
  // This server never issued the token.
  await problemShows(agent, 'UNAUTHENTICATED')
  expect(await codeOf(agent.api.sync.signInAgain({ email: AGENT_EMAIL, password: TEST_PASSWORD }))).toBe('WRONG_CREDENTIALS')
  expect((await agent.api.sync.status()).state).toBe('attention')
})

test('a join that was interrupted before the restore starts again and ends with the server’s state', async () => {
  const db = openWritable(join(admin.home, 'workspaces', clientId, 'workspace.db'))
  const newId = createIdGenerator(Date.now, (length) => randomBytes(length))
  const now = Date.now()
  const person = { clientId, userId: adminId, ipAddress: null, userAgent: null, now, newTxId: newId() }
  // More rows than one page, so that the join is interrupted after the first page.
  const calls = Array.from({ length: 4_500 }, (_, n) => ({
    ...wonCall(adminId, `Prospect ${n}`),
    ...{ prospectEmail: null, prospectPhone: null, lossReasonId: null, notes: null, callDuration: null, scheduledAt: null },
    ...{ completedAt: now, id: newId(), clientId, createdAt: now },
  }))
  await server.stop()
  copyServer('.backup')
  await server.start()
  writeTransaction(db, person, () => insertCalls(db, calls))
  db.close()
  expect((await admin.synced()).pending).toBe(0)
  const joining = newDevice()
  joining.requestsLeft = 2
  expect(await codeOf(joining.join(server.url, ADMIN_EMAIL))).toBe('UNREACHABLE')
  await server.stop()
  putBack('.backup')
  await server.start()
  joining.requestsLeft = Number.POSITIVE_INFINITY
  await joining.join(server.url, ADMIN_EMAIL)
  expect(await names(joining)).toEqual(['Before The Backup'])
  expect(await joining.synced()).toMatchObject({ problem: null, pending: 0 })
}, 900_000)
