import { afterAll, beforeAll, expect, test } from 'vitest'
import { must } from '../../core/assert.ts'
import type { ClientId, Id, LossReasonId, UserId } from '../../core/id.ts'
import type { Call } from '../../core/model/call.ts'
import { openReadable } from '../../db/open.ts'
import { wrongTotals } from '../../db/queries/derived-soundness.ts'
import { TEST_PASSWORD, codeOf, wonCall } from '../testing/test-application.ts'
import { AGENT_EMAIL, foundAcme } from './testing/acme.ts'
import { Device } from './testing/device.ts'
import { ServerProcess } from './testing/server-process.ts'

const LEAD_EMAIL = 'lea@acme.test'

const server = new ServerProcess()
const admin = new Device()
const agent = new Device()
const lead = new Device()
const everyone = [admin, agent, lead]
let clientId: ClientId
let agentId: UserId
let reasonId: LossReasonId
let deletedBefore: Id

beforeAll(async () => {
  await server.start()
  ;({ clientId, agentId } = await foundAcme(server.url, admin, agent, async (acme) => {
    await admin.api.users.create({ email: LEAD_EMAIL, name: 'Lea Lead', role: 'team_lead', password: TEST_PASSWORD })
    reasonId = (await admin.api.lossReasons.create({ name: 'Out of season' })).id
    const { id } = await admin.api.calls.create(wonCall(acme.agentId, 'Deleted Before Publication'))
    await admin.api.calls.delete({ id })
    deletedBefore = id
  }))
  await lead.join(server.url, LEAD_EMAIL)
})

afterAll(async () => {
  for (const device of everyone) await device.dispose()
  await server.dispose()
})

async function allSynced(...more: readonly Device[]): Promise<void> {
  for (const device of [...everyone, ...more]) await device.synced()
}

/** A call of the agent that every device holds. */
async function sharedCall(name: string, fields: Partial<Call> = {}): Promise<Call> {
  const call = await agent.api.calls.create({ ...wonCall(agentId, name), ...fields })
  await allSynced()
  return call
}

/** Returns the call that all devices agree on; undefined if none of them has it. */
async function agreed(id: Id, ...more: readonly Device[]): Promise<Omit<Call, 'updatedAt'> | undefined> {
  const held = await Promise.all(
    [...everyone, ...more].map(async ({ api }) => {
      if ((await codeOf(api.calls.get({ id }))) === 'NOT_FOUND') return undefined
      const { updatedAt: _, ...call } = await api.calls.get({ id })
      return call
    }),
  )
  for (const each of held) expect(each).toEqual(held[0])
  return held[0]
}

test('[S11] a restore brings back an edit that the deleting device never received, on every device', async () => {
  const { id } = await sharedCall('Unseen Edit')
  agent.isOnline = false
  await admin.api.calls.update({ id, patch: { notes: 'Accepted before the deletion', prospectPhone: '030 1234' } })
  await admin.synced()
  await agent.api.calls.delete({ id })
  agent.isOnline = true
  await agent.synced()
  await admin.synced()
  expect(await agreed(id)).toBeUndefined()
  await agent.api.calls.restore({ id })
  await agent.synced()
  await allSynced()
  expect(await agreed(id)).toMatchObject({ notes: 'Accepted before the deletion', prospectPhone: '030 1234' })
  const found = await admin.api.calls.list({ filter: { text: 'Accepted before the deletion' } })
  expect(found.rows.map((call) => call.id)).toEqual([id])
})

test('[S11] a deletion and a restore that are sent together keep the edits of others, and later edits too', async () => {
  const { id } = await sharedCall('Deleted And Restored Offline')
  agent.isOnline = false
  await admin.api.calls.update({ id, patch: { notes: 'By the admin' } })
  await admin.synced()
  await agent.api.calls.update({ id, patch: { callDuration: 71 } })
  await agent.api.calls.delete({ id })
  expect(await agent.api.calls.restore({ id })).toMatchObject({ notes: null, callDuration: 71 })
  await agent.api.calls.update({ id, patch: { prospectPhone: '030 5678' } })
  agent.isOnline = true
  await agent.synced()
  await allSynced()
  expect(await agreed(id)).toMatchObject({ notes: 'By the admin', callDuration: 71, prospectPhone: '030 5678' })
  expect(await agent.api.sync.status()).toMatchObject({ conflicts: 0, rejections: 0 })
  const actions = (await agent.api.calls.history({ id })).map(({ action }) => action)
  expect(actions.filter((action) => action === 'DELETE')).toHaveLength(1)
  expect(actions.filter((action) => action === 'INSERT')).toHaveLength(2)
})

test('[S11] on a device that joined after the deletion, a lead restores an agent’s call only while connected', async () => {
  const { id } = await sharedCall('Deleted Before The Join', {
    status: 'completed',
    outcome: 'lost',
    lossReasonId: reasonId,
    notes: 'Kept by the server',
  })
  await agent.api.calls.delete({ id })
  await allSynced()
  const late = new Device()
  try {
    await late.join(server.url, LEAD_EMAIL)
    late.isOnline = false
    const offline = late.api.calls.restore({ id })
    expect(await codeOf(offline)).toBe('UNREACHABLE')
    await expect(offline).rejects.toThrow(/Nothing was changed/)
    expect(late.query(clientId, `SELECT 1 FROM sync_outbox WHERE row_id = ?`, id)).toEqual([])
    late.isOnline = true
    // The reason was deactivated meanwhile; the call keeps it.
    await admin.api.lossReasons.setActive({ id: reasonId, isActive: false })
    await admin.synced()
    expect(await late.api.calls.restore({ id })).toMatchObject({ notes: 'Kept by the server', userId: agentId })
    await allSynced(late)
    expect(await agreed(id, late)).toMatchObject({ notes: 'Kept by the server', lossReasonId: reasonId })
    expect(await codeOf(late.api.calls.restore({ id }))).toBe('CONFLICT')
    // The trail records the restore under the lead’s name on every device.
    const { id: leadId } = await leadUser()
    for (const { api } of [late, admin])
      expect((await api.calls.history({ id }))[0]).toMatchObject({ action: 'INSERT', userId: leadId })
  } finally {
    await late.dispose()
  }
})

test('[S11] [S14] an agent restores their own call from another device, and no call of others', async () => {
  const { id } = await sharedCall('Own On Another Device')
  const { id: foreign } = await lead.api.calls.create(wonCall((await leadUser()).id, 'Secret Of The Lead'))
  await lead.api.calls.delete({ id: foreign })
  await agent.api.calls.delete({ id })
  await allSynced()
  const second = new Device()
  try {
    await second.join(server.url, AGENT_EMAIL)
    expect(await second.api.calls.restore({ id })).toMatchObject({ prospectName: 'Own On Another Device' })
    expect(await codeOf(second.api.calls.restore({ id: foreign }))).toBe('NOT_FOUND')
    expect(await second.api.sync.status()).toMatchObject({ rejections: 0, pending: 0 })
    expect(second.bytes().includes('Secret Of The Lead')).toBe(false)
    await allSynced()
    expect(await agreed(id, second)).toBeDefined()
  } finally {
    await second.dispose()
  }
})

test('[S11] a call that was deleted before the publication is restored from the audit trail, also by a device that joined', async () => {
  const restored = await lead.api.calls.restore({ id: deletedBefore })
  expect(restored).toMatchObject({ prospectName: 'Deleted Before Publication', userId: agentId })
  await allSynced()
  expect(await agreed(deletedBefore)).toMatchObject({ prospectName: 'Deleted Before Publication' })
  await agent.api.calls.update({ id: deletedBefore, patch: { notes: 'Goes on' } })
  await agent.synced()
  await allSynced()
  expect(await agreed(deletedBefore)).toMatchObject({ notes: 'Goes on' })
})

async function leadUser() {
  return must(
    (await admin.api.users.list()).find(({ email }) => email === LEAD_EMAIL),
    'The lead exists',
  )
}

test('[S11] a restored call of a deactivated person still belongs to them', async () => {
  const { id: goneId } = await admin.api.users.create({
    email: 'gus@acme.test',
    name: 'Gus Gone',
    role: 'agent',
    password: TEST_PASSWORD,
  })
  await allSynced()
  const { id } = await admin.api.calls.create(wonCall(goneId, 'Of Gus'))
  await admin.api.calls.delete({ id })
  await admin.api.users.setActive({ id: goneId, isActive: false })
  await allSynced()
  expect(await lead.api.calls.restore({ id })).toMatchObject({ userId: goneId, prospectName: 'Of Gus' })
  await admin.synced()
  expect(await admin.api.calls.get({ id })).toMatchObject({ userId: goneId })
})

test('[S11] [S12] an edit that arrived after the deletion stays in its author’s list and can be retried on the restored call', async () => {
  const { id } = await sharedCall('Edited After The Deletion')
  lead.isOnline = false
  await lead.api.calls.update({ id, patch: { notes: 'Edited while it was deleted' } })
  await agent.api.calls.delete({ id })
  await agent.synced()
  lead.isOnline = true
  await lead.synced()
  const [refused] = await lead.api.sync.rejections()
  expect(refused).toMatchObject({ code: 'DELETED', rowId: id, values: { notes: 'Edited while it was deleted' } })
  await lead.api.calls.restore({ id })
  await lead.synced()
  expect(await lead.api.sync.rejections()).toHaveLength(1)
  await lead.api.sync.retry({ opId: must(refused, 'a refused edit').opId })
  await lead.synced()
  await allSynced()
  expect(await agreed(id)).toMatchObject({ notes: 'Edited while it was deleted' })
  expect(await lead.api.sync.status()).toMatchObject({ rejections: 0, conflicts: 0 })
})

test('[S12] [S10] a retry of a refused edit does not silently overwrite a later edit by someone else', async () => {
  const { id } = await sharedCall('Retried Too Late', { notes: 'At first' })
  lead.isOnline = false
  await lead.api.calls.update({ id, patch: { notes: 'Refused at first', prospectPhone: '030 77' } })
  await agent.api.calls.delete({ id })
  await agent.synced()
  lead.isOnline = true
  await lead.synced()
  await admin.api.calls.restore({ id })
  await admin.api.calls.update({ id, patch: { notes: 'Written meanwhile' } })
  await admin.synced()
  await lead.synced()
  const refused = (await lead.api.sync.rejections()).find(({ rowId }) => rowId === id)
  await lead.api.sync.retry({ opId: must(refused, 'a refused edit').opId })
  await lead.synced()
  await allSynced()
  expect(await agreed(id)).toMatchObject({ notes: 'Refused at first', prospectPhone: '030 77' })
  for (const { api } of [lead, admin])
    expect((await api.sync.conflicts()).filter(({ rowId }) => rowId === id)).toMatchObject([
      { losing: { notes: 'Written meanwhile' }, winning: { notes: 'Refused at first' } },
    ])
})

test('[S11] [S10] a conflict that was open is open after a restore, and “use mine” works', async () => {
  const { id } = await sharedCall('In Conflict')
  agent.isOnline = admin.isOnline = false
  await agent.api.calls.update({ id, patch: { notes: 'The agent’s' } })
  await new Promise((resolve) => setTimeout(resolve, 50))
  await admin.api.calls.update({ id, patch: { notes: 'The admin’s' } })
  agent.isOnline = admin.isOnline = true
  await agent.synced()
  await admin.synced()
  await agent.synced()
  const own = async () => (await agent.api.sync.conflicts()).filter(({ rowId }) => rowId === id)
  expect(await own()).toHaveLength(1)
  await agent.api.calls.delete({ id })
  await agent.synced()
  expect(await own()).toHaveLength(0)
  await agent.api.calls.restore({ id })
  await agent.synced()
  const [open] = await own()
  await agent.api.sync.useMine({ id: must(open, 'The conflict is open again').id })
  await agent.synced()
  await allSynced()
  expect(await agreed(id)).toMatchObject({ notes: must(open, 'a conflict').losing['notes'] })
})

test('concurrent deletions and restores end the same on every device, with correct totals and search', async () => {
  const { id } = await sharedCall('In A Storm', { notes: 'stormword' })
  for (let round = 0; round < 6; round++) {
    const [first, second] = round % 2 === 0 ? [agent, admin] : [admin, agent]
    first.isOnline = round % 3 !== 0
    second.isOnline = round % 3 !== 1
    if ((await codeOf(first.api.calls.delete({ id }))) === 'ok' && round % 2 === 1) await first.api.calls.restore({ id })
    await second.api.calls.update({ id, patch: { notes: `stormword ${round}` } }).catch(() => {})
    await second.api.calls.delete({ id }).catch(() => {})
    first.isOnline = second.isOnline = true
    await first.synced()
    await second.synced()
    if ((await codeOf(second.api.calls.get({ id }))) === 'NOT_FOUND') await second.api.calls.restore({ id })
    await second.synced()
    await allSynced()
    expect(await agreed(id), `round ${round}`).toBeDefined()
  }
  const { rows } = await admin.api.calls.list({ filter: { text: 'stormword' } })
  expect(rows.map((call) => call.id)).toEqual([id])
  for (const device of everyone) {
    expect(await device.api.sync.status()).toMatchObject({ pending: 0 })
    const db = openReadable(`${device.home}/workspaces/${clientId}/workspace.db`)
    try {
      expect(wrongTotals(db)).toBe(0)
    } finally {
      db.close()
    }
  }
})
