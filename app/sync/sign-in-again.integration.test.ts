import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { must } from '../../core/assert.ts'
import type { ClientId, Id, UserId } from '../../core/id.ts'
import { openWritable } from '../../db/open.ts'
import { setProblem } from '../../db/sync/device-state.ts'
import { codeOf, TEST_PASSWORD, wonCall } from '../testing/test-application.ts'
import { ServerTransport } from './transport/server-transport.ts'
import { AGENT_EMAIL, foundAcme } from './testing/acme.ts'
import { Device } from './testing/device.ts'
import { ServerProcess } from './testing/server-process.ts'

const server = new ServerProcess()
const admin = new Device()
const agent = new Device()
let clientId: ClientId
let agentId: UserId

beforeAll(async () => {
  await server.start()
  const cleo = { email: 'cleo@acme.test', name: 'Cleo Agent', role: 'agent', password: TEST_PASSWORD } as const
  ;({ clientId, agentId } = await foundAcme(server.url, admin, agent, () => admin.api.users.create(cleo)))
})

afterAll(async () => {
  await admin.dispose()
  await agent.dispose()
  await server.dispose()
})

/** A person has one token per device: enrolling the device again makes the earlier token invalid. */
async function voidToken(): Promise<void> {
  const [row] = agent.query<{ id: string }>(clientId, 'SELECT device_id AS id FROM sync_device')
  const stranger = new ServerTransport({ url: server.url, fetch, userAgent: 'test' })
  await stranger.enrol({ email: AGENT_EMAIL, password: TEST_PASSWORD, device: { id: must(row, 'a device').id, name: 'test' } })
}

const arrived = (id: Id) => admin.until('the call arrives', async () => (await codeOf(admin.api.calls.get({ id }))) === 'ok')

test('a refused token stops sync, the status shows it, and the outbox is kept and sent after a sign-in', async () => {
  await agent.synced()
  await voidToken()
  const call = await agent.api.calls.create(wonCall(agentId, 'Behind A Void Token'))
  const status = await agent.until('the refusal shows', ({ problem }) => problem === 'UNAUTHENTICATED')
  expect(status).toMatchObject({ state: 'attention', pending: 1 })

  expect(await codeOf(agent.api.sync.signInAgain({ email: AGENT_EMAIL, password: 'not the password' }))).toBe('WRONG_CREDENTIALS')
  agent.isOnline = false
  expect(await codeOf(agent.api.sync.signInAgain({ email: AGENT_EMAIL, password: TEST_PASSWORD }))).toBe('UNREACHABLE')
  agent.isOnline = true
  const other = { email: 'cleo@acme.test', password: TEST_PASSWORD }
  expect(await codeOf(agent.api.sync.signInAgain(other))).toBe('CONFLICT')
  expect((await agent.api.sync.status()).pending).toBe(1)

  await agent.api.sync.signInAgain({ email: AGENT_EMAIL, password: TEST_PASSWORD })
  await agent.until('all is sent', ({ state, pending }) => state === 'up_to_date' && pending === 0)
  await arrived(call.id)
  const next = await agent.api.calls.create(wonCall(agentId, 'After The New Token'))
  await arrived(next.id)
})

test('a refused token is shown after a restart too, and the problem is cleared after a new sign-in', async () => {
  await voidToken()
  await agent.api.calls.create(wonCall(agentId, 'Before The Restart'))
  await agent.until('the refusal shows', ({ problem }) => problem === 'UNAUTHENTICATED')
  await agent.restart()
  await agent.api.session.signIn({ email: AGENT_EMAIL, password: TEST_PASSWORD })
  await agent.until('the refusal shows again', ({ problem, pending }) => problem === 'UNAUTHENTICATED' && pending > 0)
  await agent.api.sync.signInAgain({ email: AGENT_EMAIL, password: TEST_PASSWORD })
  const status = await agent.until('all is sent', ({ state, pending }) => state === 'up_to_date' && pending === 0)
  expect(status).toMatchObject({ isReached: true, problem: null })
})

test('a problem of the server that is over is cleared by the next process', async () => {
  const { pending } = await agent.synced()
  await agent.application.close()
  const db = openWritable(join(agent.home, 'workspaces', clientId, 'workspace.db'))
  setProblem(db, 'pull', 'EPOCH')
  db.close()
  await agent.restart()
  await agent.api.session.signIn({ email: AGENT_EMAIL, password: TEST_PASSWORD })
  const status = await agent.until('the problem is gone', ({ problem }) => problem === null)
  expect([pending, status.problem]).toEqual([0, null])
})

test('another process on the same home continues with the token that the first one got', async () => {
  const otherProcess = new Device({ home: agent.home })
  await otherProcess.api.session.signIn({ email: AGENT_EMAIL, password: TEST_PASSWORD })
  await voidToken()
  await agent.api.calls.create(wonCall(agentId, 'Two Processes'))
  await agent.until('the refusal shows', ({ problem }) => problem === 'UNAUTHENTICATED')
  await otherProcess.api.sync.signInAgain({ email: AGENT_EMAIL, password: TEST_PASSWORD })
  await otherProcess.until('all is sent', ({ pending, problem }) => pending === 0 && problem === null, 40_000)
  await otherProcess.application.close()
  const call = await agent.api.calls.create(wonCall(agentId, 'The Other One Is Gone'))
  const status = await agent.until('all is sent', ({ pending }) => pending === 0, 40_000)
  expect(status.problem).toBeNull()
  await arrived(call.id)
})
