import { afterAll, beforeAll, expect, test } from 'vitest'
import { must } from '../../core/assert.ts'
import type { ClientId, UserId } from '../../core/id.ts'
import type { Target } from '../../core/model/targets.ts'
import { codeOf } from '../testing/test-application.ts'
import { AGENT_EMAIL, foundAcme } from './testing/acme.ts'
import { Device } from './testing/device.ts'
import { ServerProcess } from './testing/server-process.ts'

const LEAD_EMAIL = 'lena@acme.test'
const PASSWORD = 'correct horse'

const server = new ServerProcess()
const admin = new Device()
const agent = new Device()
const agentsOther = new Device()
const lead = new Device()
let clientId: ClientId
let agentId: UserId
let adminId: UserId
let leadId: UserId

beforeAll(async () => {
  await server.start()
  ;({ clientId, adminId, agentId } = await foundAcme(server.url, admin, agent, async (acme) => {
    const lena = { email: LEAD_EMAIL, name: 'Lena Lead', role: 'team_lead', password: PASSWORD } as const
    leadId = (await admin.api.users.create(lena)).id
    await admin.api.views.create({ name: 'planted-admins-view', filters: { period: 'today' } })
    // The agent works in the same file before it is published.
    const api = admin.application.apiOf(admin.application.openConnection('agent'))
    await api.session.signIn({ email: AGENT_EMAIL, password: PASSWORD })
    await api.views.create({ name: 'planted-before-publication', filters: {} })
    await admin.api.targets.set({ targets: [{ month: '2026-10', userId: acme.adminId, metric: 'won', value: 424_242 }] })
  }))
  await agentsOther.join(server.url, AGENT_EMAIL)
  await lead.join(server.url, LEAD_EMAIL)
})
afterAll(async () => {
  for (const device of [admin, agent, agentsOther, lead]) await device.dispose()
  await server.dispose()
})

const valuesOf = (targets: readonly Target[]) => targets.map(({ value }) => value).toSorted((a, b) => a - b)

const viewNames = async ({ api }: Device) => (await api.views.list()).views.map(({ name }) => name)

test('a view from before the publication is sent to its person and removed from the publisher’s file', async () => {
  expect(await viewNames(agent)).toEqual(['planted-before-publication'])
  expect(await viewNames(admin)).toEqual(['planted-admins-view'])
  const rows = admin.query<{ user: string }>(clientId, 'SELECT DISTINCT user_id AS user FROM user_settings')
  expect(rows).toEqual([{ user: adminId }])
  const lines = admin.query(
    clientId,
    `SELECT 1 FROM audit_logs WHERE table_name = 'user_settings' AND substr(record_id, 1, 36) <> ?`,
    adminId,
  )
  expect(lines).toEqual([])
})

test('a saved view appears on the person’s second device, and on no disk of another person [S14][S16]', async () => {
  const { id } = await agent.api.views.create({ name: 'planted-agents-view', filters: { period: 'last_week' } })
  await agent.api.views.setDefault({ id })
  await agent.synced()
  await agentsOther.until('the view arrives', async () => (await viewNames(agentsOther)).includes('planted-agents-view'))
  expect((await agentsOther.api.views.list()).defaultId).toBe(id)
  for (const other of [admin, lead]) {
    await other.synced()
    expect(await viewNames(other)).not.toContain('planted-agents-view')
    expect(other.bytes().includes('planted-agents-view')).toBe(false)
    expect(other.traffic.some((text) => text.includes('planted-agents-view'))).toBe(false)
  }
  expect(agent.bytes().includes('planted-admins-view')).toBe(false)
})

test('an edit on the second device reaches the first, and the later of two concurrent edits wins [S8]', async () => {
  const { id } = must(
    (await agent.api.views.list()).views.find(({ name }) => name === 'planted-agents-view'),
    'The view',
  )
  agent.isOnline = agentsOther.isOnline = false
  await agent.api.views.update({ id, filters: { period: 'today' } })
  await new Promise((resolve) => setTimeout(resolve, 20))
  await agentsOther.api.views.update({ id, filters: { period: 'yesterday' } })
  agent.isOnline = agentsOther.isOnline = true
  await agentsOther.synced()
  await agent.synced()
  await agentsOther.synced()
  for (const device of [agent, agentsOther])
    expect((await device.api.views.list()).views.find((view) => view.id === id)?.filters).toEqual({ period: 'yesterday' })
})

test('keys and templates that two offline devices of a person set are merged one by one, and are on no disk of another person', async () => {
  agent.isOnline = agentsOther.isOnline = false
  const [first, second] = ['01999999-0000-7000-8000-00000000000a', '01999999-0000-7000-8000-00000000000b'] as const
  const template = (name: string) => ({ name, text: `planted-text ${name}` })
  await agent.api.preferences.set({ keys: { 'call.new': ['b'] }, note_templates: { [first]: template('Voicemail') } })
  await agentsOther.api.preferences.set({ keys: { 'app.lock': ['g l'] }, note_templates: { [second]: template('Budget') } })
  agent.isOnline = agentsOther.isOnline = true
  await agentsOther.synced()
  await agent.synced()
  await agentsOther.synced()
  for (const device of [agent, agentsOther])
    expect(await device.api.preferences.get()).toEqual({
      keys: { 'call.new': ['b'], 'app.lock': ['g l'] },
      note_templates: [
        { id: second, ...template('Budget') },
        { id: first, ...template('Voicemail') },
      ],
    })
  for (const other of [admin, lead]) {
    await other.synced()
    expect(other.bytes().includes('planted-text')).toBe(false)
  }
})

test('a target that a lead sets offline reaches everyone if it is the team’s, else only people who see that person’s calls', async () => {
  lead.isOnline = false
  await lead.api.targets.set({
    targets: [
      { month: '2026-11', userId: null, metric: 'won', value: 40 },
      { month: '2026-11', userId: agentId, metric: 'won', value: 12 },
      { month: '2026-11', userId: leadId, metric: 'won', value: 535_353 },
    ],
  })
  lead.isOnline = true
  expect((await lead.synced()).rejections).toBe(0)
  for (const device of [agent, admin]) await device.synced()
  const months = { from: '2026-10', to: '2026-11' }
  const values = async (device: Device) => valuesOf(await device.api.targets.list(months))
  expect(await values(agent)).toEqual([12, 40])
  expect(await values(admin)).toEqual([12, 40, 424_242, 535_353])
  // Not only hidden: the targets of others are not on the disk.
  const keys = agent.query<{ key: string }>(clientId, `SELECT key FROM client_settings WHERE key GLOB 'target:*' ORDER BY key`)
  expect(keys.map(({ key }) => key)).toEqual([`target:2026-11:${agentId}:won`, 'target:2026-11:team:won'].toSorted())
  expect(agent.traffic.some((text) => text.includes('535353'))).toBe(false)
  expect(await codeOf(agent.api.targets.set({ targets: [{ month: '2026-11', userId: agentId, metric: 'won', value: 1 }] }))).toBe(
    'FORBIDDEN',
  )
})

test('a shared view and its removal reach everyone', async () => {
  const { id } = await lead.api.views.create({ name: 'Shared weekly', filters: { period: 'this_week' } })
  await lead.api.views.share({ id, isShared: true })
  await lead.synced()
  await agent.until('the shared view arrives', async () => (await viewNames(agent)).includes('Shared weekly'))
  await lead.api.views.remove({ id })
  await lead.synced()
  await agent.until('the shared view is gone', async () => !(await viewNames(agent)).includes('Shared weekly'))
  expect(await viewNames(lead)).toEqual([])
})

test('[S15] the targets of others are removed from the device of a person who is no longer a lead', async () => {
  await admin.api.users.update({ id: leadId, patch: { role: 'agent' } })
  await lead.until(
    'the targets are removed',
    () => lead.query(clientId, `SELECT 1 FROM client_settings WHERE key GLOB ?`, `target:*${adminId}*`).length === 0,
  )
  const months = { from: '2026-10', to: '2026-11' }
  expect(valuesOf(await lead.api.targets.list(months))).toEqual([40, 535_353])
})
