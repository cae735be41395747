import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Id } from '../../core/id.ts'
import { TEST_PASSWORD, wonCall } from '../testing/test-application.ts'
import { Device } from './testing/device.ts'
import { ServerProcess } from './testing/server-process.ts'

const server = new ServerProcess()
const admin = new Device()
const agent = new Device()
let clientId: Id
let agentId: Id
let adminId: Id

beforeAll(async () => {
  await server.start()
  const session = await admin.create('Acme', 'ada@acme.test')
  clientId = session.client.id
  adminId = session.user.id
  agentId = (await admin.api.users.create({ email: 'ben@acme.test', name: 'Ben Agent', role: 'agent', password: TEST_PASSWORD })).id
  await admin.api.calls.create(wonCall(agentId, 'Before Publication'))
  await admin.api.calls.create(wonCall(adminId, 'Of The Admin'))
  await admin.publish(server.url)
  await agent.join(server.url, 'ben@acme.test')
})

afterAll(async () => {
  await admin.dispose()
  await agent.dispose()
  await server.dispose()
})

const names = async (device: Device) =>
  (await device.api.calls.list({ filter: {} })).rows.map(({ prospectName }) => prospectName).toSorted()

test('a published workspace starts with nothing to send, and a joined one holds its person’s scope [S14][S19]', async () => {
  expect((await admin.synced()).pending).toBe(0)
  expect(await names(agent)).toEqual(['Before Publication'])
  expect(agent.query<{ name: string }>(clientId, 'SELECT name FROM users ORDER BY name')).toEqual([{ name: 'Ada Admin' }, { name: 'Ben Agent' }])
})
