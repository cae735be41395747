import { afterEach, beforeEach, expect, test } from 'vitest'
import { TestApplication, codeOf, wonCall } from './testing/test-application.ts'

let app: TestApplication
beforeEach(() => {
  app = new TestApplication()
})
afterEach(() => app.dispose())

test('an update with expected values never overwrites a change by someone else', async () => {
  const { api: admin } = await app.workspace('window', 'Acme', 'ada@acme.test')
  const { api: agent, id: agentId } = await app.member(admin, 'agent', 'ben@acme.test')
  const call = await agent.calls.create(wonCall(agentId))
  await admin.calls.update({ id: call.id, patch: { notes: 'By the admin' } })
  const stale = { id: call.id, patch: { notes: 'By the agent' }, expected: { notes: null } }
  expect(await codeOf(agent.calls.update(stale))).toBe('CONFLICT')
  await expect(agent.calls.update(stale)).rejects.toMatchObject({ data: { field: 'notes' } })
  expect((await agent.calls.get({ id: call.id })).notes).toBe('By the admin')
  await agent.calls.update({ ...stale, expected: { notes: 'By the admin' } })
  expect((await agent.calls.get({ id: call.id })).notes).toBe('By the agent')
  // Edits of different fields do not conflict.
  await admin.calls.update({ id: call.id, patch: { prospectPhone: '030 1' } })
  expect(await codeOf(agent.calls.update({ id: call.id, patch: { notes: null }, expected: { notes: 'By the agent' } }))).toBe(
    'ok',
  )
})

test('a call is deleted only with the expected values, and the error marks the change of someone else', async () => {
  const { api: admin } = await app.workspace('window', 'Acme', 'ada@acme.test')
  const { api: agent, id: agentId } = await app.member(admin, 'agent', 'ben@acme.test')
  const call = await agent.calls.create(wonCall(agentId))
  await admin.calls.update({ id: call.id, patch: { notes: 'By the admin' } })
  const error: unknown = await agent.calls.delete({ id: call.id, expected: { notes: null } }).catch((cause: unknown) => cause)
  expect(error).toMatchObject({ code: 'CONFLICT', data: { field: 'notes', changedSince: true } })
  expect(await codeOf(agent.calls.delete({ id: call.id, expected: { notes: 'By the admin' } }))).toBe('ok')
})

test('updates of people and loss reasons with expected values never overwrite a change by someone else', async () => {
  const { api: admin } = await app.workspace('window', 'Acme', 'ada@acme.test')
  const { id } = await app.member(admin, 'agent', 'ben@acme.test')
  const user = (name: string, expected: string) => admin.users.update({ id, patch: { name }, expected: { name: expected } })
  expect(await codeOf(user('Ben', 'Not his name'))).toBe('CONFLICT')
  expect(await codeOf(user('Ben', 'The agent ben@acme.test'))).toBe('ok')
  const reason = await admin.lossReasons.create({ name: 'Season' })
  const rename = (name: string, expected: string) =>
    admin.lossReasons.update({ id: reason.id, patch: { name }, expected: { name: expected, description: null } })
  expect(await codeOf(rename('Weather', 'Price'))).toBe('CONFLICT')
  expect(await codeOf(rename('Weather', 'Season'))).toBe('ok')
})
