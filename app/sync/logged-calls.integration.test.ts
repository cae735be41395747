import { afterAll, beforeAll, expect, test } from 'vitest'
import type { UserId } from '../../core/id.ts'
import { TEST_PASSWORD, codeOf, wonCall } from '../testing/test-application.ts'
import { foundAcme } from './testing/acme.ts'
import { Device } from './testing/device.ts'
import { ServerProcess } from './testing/server-process.ts'

const LEAD_EMAIL = 'lea@acme.test'

const server = new ServerProcess()
const admin = new Device()
const agent = new Device()
const lead = new Device()
const everyone = [admin, agent, lead]
let agentId: UserId

beforeAll(async () => {
  await server.start()
  ;({ agentId } = await foundAcme(server.url, admin, agent, () =>
    admin.api.users.create({ email: LEAD_EMAIL, name: 'Lea Lead', role: 'team_lead', password: TEST_PASSWORD }),
  ))
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

test('[S14] after a reassignment each agent sees their part of a chain, and a lead sees all of it', async () => {
  const next = { scheduledAt: Date.now() + 86_400_000 }
  const logged = await agent.api.calls.log({ call: { ...wonCall(agentId), notes: 'Of the agent' }, next })
  const nextId = logged.next?.id ?? ''
  await allSynced()
  const leadId = (await lead.api.users.names()).find(({ role }) => role === 'team_lead')?.id ?? ''
  await lead.api.calls.update({ id: nextId, patch: { userId: leadId } })
  await allSynced()
  const idsFor = async ({ api }: Device, id: string) => (await api.calls.chain({ id })).map((call) => call.id)
  expect(await idsFor(lead, nextId)).toEqual([logged.call.id, nextId])
  expect(await idsFor(agent, logged.call.id)).toEqual([logged.call.id])
  expect(await codeOf(agent.api.calls.chain({ id: nextId }))).toBe('NOT_FOUND')
  expect(await codeOf(agent.api.calls.undoLog(logged))).toBe('NOT_FOUND')
})

test('a logged call that was sent is taken back and logged again with the same rows, on every device', async () => {
  const planned = await agent.api.calls.create({
    ...wonCall(agentId, 'Planned'),
    ...{ status: 'scheduled', outcome: null, completedAt: null, callDuration: null, scheduledAt: Date.now() + 3_600_000 },
  })
  const next = { scheduledAt: Date.now() + 86_400_000 }
  const logged = await agent.api.calls.log({ call: wonCall(agentId, 'Planned'), next, settles: planned.id })
  await allSynced()
  const seen = async () => (await lead.api.calls.chain({ id: planned.id })).map(({ id, status }) => [id, status])
  const after = await seen()
  expect(after).toEqual([
    [planned.id, 'completed'],
    [logged.next?.id, 'scheduled'],
  ])
  await agent.api.calls.undoLog(logged)
  await allSynced()
  expect(await seen()).toEqual([[planned.id, 'scheduled']])
  const again = await agent.api.calls.redoLog(logged)
  await allSynced()
  expect(await seen()).toEqual(after)
  // An edit by the lead is not lost by another undo.
  await lead.api.calls.update({ id: planned.id, patch: { notes: 'By the lead' } })
  await allSynced()
  expect(await codeOf(agent.api.calls.undoLog(again))).toBe('CONFLICT')
  expect(await agent.api.sync.status()).toMatchObject({ conflicts: 0, rejections: 0 })
})
