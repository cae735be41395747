import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ClientId, UserId } from '../../core/id.ts'
import { TEST_PASSWORD, codeOf, wonCall } from '../testing/test-application.ts'
import { foundAcme } from './testing/acme.ts'
import { Device } from './testing/device.ts'
import { ServerProcess } from './testing/server-process.ts'

const LEAD_EMAIL = 'lea@acme.test'
const PHONE = '+49 30 5551234'

const server = new ServerProcess()
const admin = new Device()
const agent = new Device()
const lead = new Device()
const everyone = [admin, agent, lead]
let clientId: ClientId
let agentId: UserId
let published: string

beforeAll(async () => {
  await server.start()
  ;({ clientId, agentId } = await foundAcme(server.url, admin, agent, async () => {
    await admin.api.users.create({ email: LEAD_EMAIL, name: 'Lea Lead', role: 'team_lead', password: TEST_PASSWORD })
    const [entry] = await admin.api.doNotCall.add({ email: 'before@example.com', reason: 'Before the publication' })
    published = entry?.id ?? ''
  }))
  await lead.join(server.url, LEAD_EMAIL)
})

afterAll(async () => {
  for (const device of everyone) await device.dispose()
  await server.dispose()
})

async function allSynced(): Promise<void> {
  for (const device of everyone) await device.synced()
  for (const device of everyone) await device.synced()
}

test('[S14] every device recognises a contact that one of them added, and no file contains it', async () => {
  await agent.api.doNotCall.add({ phone: PHONE, reason: 'Asked in writing' })
  await allSynced()
  for (const { api } of everyone) {
    expect((await api.doNotCall.check({ phone: PHONE })).entry).toMatchObject({ reason: 'Asked in writing', userId: agentId })
    expect((await api.doNotCall.check({ email: 'before@example.com' })).entry?.id).toBe(published)
  }
  for (const device of everyone) {
    const bytes = device.bytes().toString('latin1')
    expect(bytes).toContain('Asked in writing')
    expect(bytes).not.toMatch(/555\s?1234|before@example/i)
  }
})

test('two people who add one contact offline end with two entries, and lifting one lifts both, everywhere', async () => {
  const contact = { email: 'twice@example.com' }
  agent.isOnline = lead.isOnline = false
  await agent.api.doNotCall.add({ ...contact, reason: 'By the agent' })
  await lead.api.doNotCall.add({ ...contact, reason: 'By the lead' })
  agent.isOnline = lead.isOnline = true
  await allSynced()
  const rows = () =>
    everyone.map((device) => device.query(clientId, `SELECT id, reason, lifted_at, lifted_by FROM do_not_call ORDER BY id`))
  const [first, ...others] = rows()
  expect(first).toHaveLength(4)
  for (const other of others) expect(other).toEqual(first)
  const { entry } = await admin.api.doNotCall.check(contact)
  await admin.api.doNotCall.lift({ id: entry?.id ?? '' })
  await allSynced()
  for (const each of rows()) expect(each).toEqual(rows()[0])
  for (const { api } of everyone) expect((await api.doNotCall.check(contact)).entry).toBeNull()
  expect(await agent.api.sync.status()).toMatchObject({ conflicts: 0, rejections: 0 })
})

test('an outbound call with a prospect that a colleague listed asks first on the agent’s device', async () => {
  await admin.api.doNotCall.add({ email: 'later@example.com', reason: 'By the admin' })
  await allSynced()
  const next = { scheduledAt: Date.now() + 86_400_000 }
  const call = { ...wonCall(agentId), prospectEmail: 'Later@example.com' }
  expect(await codeOf(agent.api.calls.log({ call, next }))).toBe('DO_NOT_CALL')
  const logged = await agent.api.calls.log({ call, next, despiteDoNotCall: true })
  await allSynced()
  expect((await lead.api.calls.chain({ id: logged.call.id })).map(({ id }) => id)).toEqual([logged.call.id, logged.next?.id])
})
