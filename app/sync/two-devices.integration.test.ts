import { afterAll, beforeAll, expect, test } from 'vitest'
import { must } from '../../core/assert.ts'
import type { ClientId, UserId } from '../../core/id.ts'
import type { Call } from '../../core/model/call.ts'
import { TEST_PASSWORD, codeOf, wonCall } from '../testing/test-application.ts'
import { foundAcme } from './testing/acme.ts'
import { Device } from './testing/device.ts'
import { ServerProcess } from './testing/server-process.ts'

const server = new ServerProcess()
const admin = new Device()
const agent = new Device()
let clientId: ClientId
let agentId: UserId
let adminId: UserId

beforeAll(async () => {
  await server.start()
  ;({ clientId, adminId, agentId } = await foundAcme(server.url, admin, agent, async (acme) => {
    await admin.api.calls.create(wonCall(acme.agentId, 'Before Publication'))
    await admin.api.calls.create(wonCall(acme.adminId, 'Of The Admin'))
  }))
})

afterAll(async () => {
  await admin.dispose()
  await agent.dispose()
  await server.dispose()
})

const names = async (device: Device) =>
  (await device.api.calls.list({ filter: {} })).rows.map(({ prospectName }) => prospectName).toSorted()

/** Creates a call of the agent on both devices. */
async function sharedCall(name: string): Promise<Call> {
  const call = await agent.api.calls.create(wonCall(agentId, name))
  await agent.synced()
  await admin.synced()
  return call
}

async function apart(work: () => Promise<void>): Promise<void> {
  admin.isOnline = agent.isOnline = false
  try {
    await work()
    // The engines' attempts fail before the network is connected again.
    await new Promise((resolve) => setTimeout(resolve, 100))
  } finally {
    admin.isOnline = agent.isOnline = true
  }
}

const outbox = (device: Device) =>
  device.query<{ state: string; count: number }>(clientId, `SELECT state, count(*) AS count FROM sync_outbox GROUP BY state`)

test('a published workspace starts with nothing to send, and a joined one holds its person’s scope [S14][S19]', async () => {
  expect((await admin.synced()).pending).toBe(0)
  expect(await names(agent)).toEqual(['Before Publication'])
  const people = agent.query<{ name: string }>(clientId, 'SELECT name FROM users ORDER BY name')
  expect(people).toEqual([{ name: 'Ada Admin' }, { name: 'Ben Agent' }])
})

test('a poke brings a call logged on one device to the other without a request [S18][S20]', async () => {
  await Promise.all([admin.synced(), agent.synced()])
  await new Promise((resolve) => setTimeout(resolve, 300))
  const started = performance.now()
  const call = await agent.api.calls.create(wonCall(agentId, 'Live Call'))
  await admin.until('the call arrives', async () => (await codeOf(admin.api.calls.get({ id: call.id }))) === 'ok')
  // Without the poke, the other device would ask after thirty seconds.
  expect(performance.now() - started).toBeLessThan(20_000)
})

test('a device with one agent’s calls shows no figures of a team of two [S14]', async () => {
  const range = { from: 0, to: Date.UTC(2100, 0, 1) }
  await agent.synced()
  const own = await agent.api.reports.summary({ range })
  expect(own.counts.completed).toBeGreaterThan(0)
  expect(own.team).toMatchObject({ shownDays: 0, counts: { completed: 0 } })
})

test('sign-in works offline after a join, because the person’s own password hash arrived, and no one else’s [S16]', async () => {
  await agent.synced()
  await apart(async () => {
    await agent.restart()
    await agent.api.session.signIn({ email: 'ben@acme.test', password: TEST_PASSWORD })
  })
  const hashes = agent.query<{ id: string }>(clientId, 'SELECT id FROM users WHERE password_hash IS NOT NULL')
  expect(hashes).toEqual([{ id: agentId }])
  const { hash } = must(
    admin.query<{ hash: string }>(clientId, `SELECT password_hash AS hash FROM users WHERE id = ?`, adminId)[0],
    'admin',
  )
  expect(agent.bytes().includes(hash)).toBe(false)
  expect(agent.traffic.some((text) => text.includes(hash))).toBe(false)
})

test('calls logged while the server is down arrive when it is back, and pending calls always have a timer [S20]', async () => {
  await server.stop()
  const call = await agent.api.calls.create(wonCall(agentId, 'Server Away'))
  const status = await agent.until('offline', ({ state }) => state === 'offline')
  expect(status.pending).toBeGreaterThan(0)
  await server.start()
  await agent.until('sent', ({ pending }) => pending === 0, 70_000)
  await admin.synced()
  expect(await codeOf(admin.api.calls.get({ id: call.id }))).toBe('ok')
}, 900_000)

test('concurrent edits of different fields both survive [S7]', async () => {
  const { id } = await sharedCall('Different Fields')
  await apart(async () => {
    await agent.api.calls.update({ id, patch: { notes: 'From the agent' } })
    await admin.api.calls.update({ id, patch: { callDuration: 77 } })
  })
  await agent.synced()
  await admin.synced()
  await agent.synced()
  for (const device of [agent, admin])
    expect(await device.api.calls.get({ id })).toMatchObject({ notes: 'From the agent', callDuration: 77 })
  expect(await admin.api.sync.conflicts()).toEqual([])
})

test('of concurrent edits of one field the later wins on both devices, and “use mine” restores the other [S8][S10]', async () => {
  const { id } = await sharedCall('Same Field')
  await apart(async () => {
    await agent.api.calls.update({ id, patch: { notes: 'Earlier' } })
    await new Promise((resolve) => setTimeout(resolve, 20))
    await admin.api.calls.update({ id, patch: { notes: 'Later' } })
  })
  await admin.synced()
  await agent.synced()
  await admin.synced()
  for (const device of [agent, admin]) {
    expect((await device.api.calls.get({ id })).notes).toBe('Later')
    expect(await device.api.sync.conflicts()).toMatchObject([
      { rowId: id, winning: { notes: 'Later' }, losing: { notes: 'Earlier' } },
    ])
    expect((await device.api.sync.status()).state).toBe('attention')
  }
  const [conflict] = await agent.api.sync.conflicts()
  await agent.api.sync.useMine({ id: must(conflict, 'a conflict').id })
  await agent.synced()
  await admin.synced()
  for (const device of [agent, admin]) {
    expect((await device.api.calls.get({ id })).notes).toBe('Earlier')
    expect(await device.api.sync.conflicts()).toEqual([])
  }
})

test('status, outcome, reason and completion merge as one unit, so no merge makes an invalid call [S9]', async () => {
  const { id } = await sharedCall('One Unit')
  const [reason] = await admin.api.lossReasons.list()
  await apart(async () => {
    await agent.api.calls.update({ id, patch: { status: 'no_show', outcome: null, completedAt: null } })
    await new Promise((resolve) => setTimeout(resolve, 20))
    await admin.api.calls.update({ id, patch: { outcome: 'lost', lossReasonId: must(reason, 'a reason').id } })
  })
  await agent.synced()
  await admin.synced()
  await agent.synced()
  const expected = { status: 'completed', outcome: 'lost', lossReasonId: must(reason, 'a reason').id }
  for (const device of [agent, admin]) expect(await device.api.calls.get({ id })).toMatchObject(expected)
  const [conflict] = await agent.api.sync.conflicts()
  await admin.api.sync.keepTheirs({ id: must(conflict, 'a conflict').id })
  await agent.api.sync.keepTheirs({ id: must(conflict, 'a conflict').id })
})

test('a new local value is not replaced for a moment when an older value arrives from the server', async () => {
  const { id } = await sharedCall('No Blink')
  await admin.api.calls.update({ id, patch: { notes: 'Of the server', callDuration: 5 } })
  await admin.synced()
  agent.isOnline = false
  await agent.api.calls.update({ id, patch: { notes: 'Just typed' } })
  // Pulls succeed, pushes fail.
  const seen: (string | null)[] = []
  agent.isOnline = true
  const syncing = agent.synced()
  for (let n = 0; n < 20; n++) seen.push((await agent.api.calls.get({ id })).notes)
  await syncing
  seen.push((await agent.api.calls.get({ id })).notes)
  expect(new Set(seen)).toEqual(new Set(['Just typed']))
  expect((await agent.api.calls.get({ id })).callDuration).toBe(5)
})

test('a refused edit is rolled back to the server’s value, stays in the list with the typed values, and blocks nothing [S12][S13]', async () => {
  const { id } = await sharedCall('Refused Edit')
  await apart(async () => {
    // The admin has reassigned the call, so the agent edits a call that is no longer theirs.
    await admin.api.calls.update({ id, patch: { userId: adminId } })
    await agent.api.calls.update({ id, patch: { notes: 'Typed in vain' } })
    await agent.api.calls.create(wonCall(agentId, 'Behind The Refused One'))
  })
  await admin.synced()
  await agent.synced()
  const rejections = await agent.api.sync.rejections()
  expect(rejections).toMatchObject([{ rowId: id, action: 'UPDATE', values: { notes: 'Typed in vain' }, code: 'NOT_FOUND' }])
  expect(await codeOf(agent.api.calls.get({ id }))).toBe('NOT_FOUND')
  await admin.synced()
  expect(await names(admin)).toContain('Behind The Refused One')
  expect(await agent.api.sync.status()).toMatchObject({ state: 'attention', pending: 0, rejections: 1 })
  // The call belongs to the agent again, so they can retry the refused edit from the list.
  await admin.api.calls.update({ id, patch: { userId: agentId } })
  await admin.synced()
  await agent.synced()
  await agent.api.sync.retry({ opId: must(rejections[0], 'a rejection').opId })
  await agent.synced()
  await admin.synced()
  expect((await admin.api.calls.get({ id })).notes).toBe('Typed in vain')
  expect((await agent.api.sync.status()).state).toBe('up_to_date')
})

test('a call that is reassigned leaves the former owner’s file, its history and its log [S14][S15]', async () => {
  const { id } = await sharedCall('Xaverius Moved Away')
  await agent.api.calls.update({ id, patch: { notes: 'Quetzalcoatl' } })
  await agent.synced()
  expect(agent.bytes().includes('Xaverius')).toBe(true)
  await admin.synced()
  await admin.api.calls.update({ id, patch: { userId: adminId } })
  await admin.synced()
  await agent.synced()
  expect(await codeOf(agent.api.calls.get({ id }))).toBe('NOT_FOUND')
  expect(agent.bytes().includes('Xaverius')).toBe(false)
  expect(agent.bytes().includes('Quetzalcoatl')).toBe(false)
  await admin.api.calls.update({ id, patch: { userId: agentId } })
  await admin.synced()
  await agent.synced()
  expect(await agent.api.calls.get({ id })).toMatchObject({ prospectName: 'Xaverius Moved Away', notes: 'Quetzalcoatl' })
})

test('a change of role needs the server, and a wider role brings the calls that it shows [S14][S15]', async () => {
  admin.isOnline = false
  expect(await codeOf(admin.api.users.update({ id: agentId, patch: { role: 'team_lead' } }))).toBe('UNREACHABLE')
  admin.isOnline = true
  await admin.api.users.update({ id: agentId, patch: { role: 'team_lead' } })
  await agent.synced()
  expect(await names(agent)).toEqual(await names(admin))
  await admin.api.users.update({ id: agentId, patch: { role: 'agent' } })
  await agent.synced()
  expect(await names(agent)).not.toContain('Of The Admin')
  expect(agent.bytes().includes('Of The Admin')).toBe(false)
})

test('a change from another device has its author’s name in the local history', async () => {
  const { id } = await sharedCall('Who Was It')
  await admin.api.calls.update({ id, patch: { notes: 'By the admin' } })
  await admin.synced()
  await agent.synced()
  const [newest] = await agent.api.calls.history({ id })
  expect(newest).toMatchObject({ action: 'UPDATE', userId: adminId, newValues: { notes: 'By the admin' } })
})

test('a deletion and a restore reach every device', async () => {
  const { id } = await sharedCall('Deleted And Back')
  await agent.api.calls.delete({ id })
  await agent.synced()
  await admin.synced()
  expect(await codeOf(admin.api.calls.get({ id }))).toBe('NOT_FOUND')
  await agent.api.calls.restore({ id })
  await agent.synced()
  await admin.synced()
  expect((await admin.api.calls.get({ id })).prospectName).toBe('Deleted And Back')
})

test('at the end both devices hold the same calls, and nothing is waiting', async () => {
  await admin.synced()
  await agent.synced()
  await admin.synced()
  const rows = (device: Device) =>
    device.query(
      clientId,
      `SELECT id, user_id, prospect_name, prospect_phone, call_type, status, outcome, loss_reason_id, notes, call_duration,
         scheduled_at, completed_at, created_at FROM calls WHERE user_id = ? ORDER BY id`,
      agentId,
    )
  expect(rows(agent)).toEqual(rows(admin))
  expect(outbox(agent).some(({ state }) => state === 'pending')).toBe(false)
  expect(outbox(admin).some(({ state }) => state === 'pending')).toBe(false)
})
