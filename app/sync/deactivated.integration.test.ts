import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Api } from '../../core/contract/contract.ts'
import type { ClientId, UserId } from '../../core/id.ts'
import { codeOf, TEST_PASSWORD, wonCall } from '../testing/test-application.ts'
import { AGENT_EMAIL, foundAcme } from './testing/acme.ts'
import { Device } from './testing/device.ts'
import { ServerProcess } from './testing/server-process.ts'

const server = new ServerProcess()
const admin = new Device()
const agent = new Device()
let clientId: ClientId
let agentId: UserId
const OWN = { email: AGENT_EMAIL, password: TEST_PASSWORD }

beforeAll(async () => {
  await server.start()
  ;({ clientId, agentId } = await foundAcme(server.url, admin, agent))
})
afterAll(async () => {
  await admin.dispose()
  await agent.dispose()
  await server.dispose()
})

async function setActive(isActive: boolean): Promise<void> {
  await admin.api.users.setActive({ id: agentId, isActive })
  await admin.synced()
}
async function expectEnded(device: Device): Promise<void> {
  await expect.poll(async () => codeOf(device.api.calls.list({})), { timeout: 120_000 }).toBe('SESSION_EXPIRED')
}
const waiting = () =>
  agent.query<{ n: number }>(clientId, `SELECT count(*) AS n FROM sync_outbox WHERE state IN ('pending', 'sent')`)[0]?.n

/** Requests that read or write data of the workspace. */
const DOORS: readonly [string, (api: Api) => Promise<unknown>][] = [
  ['list calls', (api) => api.calls.list({})],
  ['count calls', (api) => api.calls.count({})],
  ['names', (api) => api.users.names()],
  ['reasons', (api) => api.lossReasons.list()],
  ['settings', (api) => api.settings.get()],
  ['report', (api) => api.reports.summary({ range: { from: 0, to: 1 } })],
  ['trail', (api) => api.audit.list({})],
  ['status', (api) => api.sync.status()],
  ['conflicts', (api) => api.sync.conflicts()],
  ['refusals', (api) => api.sync.rejections()],
  ['counts', (api) => api.workspace.status()],
  ['a draft', (api) => api.drafts.get({ form: 'call' })],
  ['keep a draft', (api) => api.drafts.put({ form: 'call', value: { notes: 'x' } })],
  ['log a call', (api) => api.calls.create(wonCall(agentId, 'Not Logged'))],
  ['sync', (api) => api.sync.now()],
]

test('[S17] from the next contact on a deactivated person reads and writes nothing on a joined device; the outbox is kept', async () => {
  const second = new Device({ home: agent.home })
  await second.api.session.signIn(OWN)
  agent.isOnline = second.isOnline = false
  await agent.api.calls.create(wonCall(agentId, 'Logged Before'))
  await setActive(false)
  agent.isOnline = second.isOnline = true
  await agent.api.sync.nudge()
  // Both windows on this home, whichever of them syncs.
  await expectEnded(agent)
  await expectEnded(second)
  expect(await agent.api.session.get()).toEqual({ state: 'signed_out', ended: 'deactivated' })
  for (const device of [agent, second])
    for (const [door, open] of DOORS) expect(await codeOf(open(device.api)), door).toMatch(/SESSION_EXPIRED|UNAUTHENTICATED/)
  expect(await codeOf(agent.api.session.signIn(OWN))).toBe('ACCOUNT_DEACTIVATED')
  expect(await codeOf(agent.api.session.signIn({ ...OWN, password: 'not the password' }))).toBe('WRONG_CREDENTIALS')
  await second.application.close()
  await agent.restart()
  expect(await codeOf(agent.api.session.signIn(OWN)), 'also after a restart').toBe('ACCOUNT_DEACTIVATED')
  agent.isOnline = false
  expect(await codeOf(agent.api.session.signIn(OWN)), 'also without a connection').toBe('ACCOUNT_DEACTIVATED')
  agent.isOnline = true
  expect(waiting()).toBeGreaterThan(0)
  const lines = agent.query(clientId, `SELECT 1 FROM audit_logs WHERE table_name = 'users' AND new_values LIKE '%is_active%'`)
  expect(lines, 'the device made no such change').toEqual([])
})

test('[S17] after the account is activated, a sign-in that reaches the server opens the workspace and the outbox is sent', async () => {
  // Offline before the activation: a heartbeat of the agent's device could otherwise learn of it first.
  agent.isOnline = false
  await setActive(true)
  expect(await codeOf(agent.api.session.signIn(OWN))).toBe('ACCOUNT_DEACTIVATED')
  agent.isOnline = true
  expect(await agent.api.session.signIn(OWN)).toMatchObject({ user: { id: agentId, isActive: true } })
  await agent.until('the outbox is sent', ({ pending, problem }) => pending === 0 && problem === null, 120_000)
  await admin.synced()
  const { rows } = await admin.api.calls.list({})
  expect(rows.map(({ prospectName }) => prospectName)).toEqual(['Logged Before'])
})
