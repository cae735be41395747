import { afterAll, beforeAll, expect, test } from 'vitest'
import { LOST_UNIT, NO_SHOW_UNIT, wonCall, type SampleWorkspace } from './testing/sample-workspace.ts'
import { TestServer } from './testing/test-server.ts'

const server = new TestServer(31)
let acme: SampleWorkspace
beforeAll(async () => {
  await server.start()
  acme = await server.workspace('Acme')
})
afterAll(() => server.dispose())

test('[S14] a refusal contains no data of a colleague that the agent may not see', async () => {
  const agent = await server.joined(acme.people.agent.email)
  const texts: string[] = []
  agent.onReceive = (text) => void texts.push(text)
  agent.update('users', acme.people.other.id, { email: '' })
  await agent.push()
  expect(texts.join()).not.toContain(acme.people.other.email)
})

test('[S12] an answer contains the rows that its rows refer to, because the device may not have them', async () => {
  const agent = await server.joined(acme.people.agent.email)
  const lead = await server.joined(acme.people.team_lead.email)
  const call = agent.insertCall(wonCall(acme.people.agent.id))
  await agent.push()
  await lead.pull()
  agent.update('calls', call, NO_SHOW_UNIT)
  await new Promise((resolve) => setTimeout(resolve, 250))
  const reason = lead.newId()
  const fields = { name: 'New reason', description: null, is_active: 1, created_at: 1 }
  lead.change([{ table: 'loss_reasons', id: reason, action: 'INSERT', fields }])
  lead.update('calls', call, LOST_UNIT(reason))
  await lead.push()
  const { rows } = await agent.push()
  expect(rows.map(({ table }) => table)).toEqual(['loss_reasons', 'calls'])
})

test('[S5] a sign-in pushed by a device that is behind does not hide changes of that person by others', async () => {
  const agent = await server.joined(acme.people.agent.email)
  const admin = await server.joined(acme.people.admin.email)
  admin.update('users', acme.people.agent.id, { name: 'Renamed by the admin' })
  await admin.push()
  agent.change([{ table: 'users', id: acme.people.agent.id, action: 'LOGIN', fields: {} }])
  await agent.push()
  await agent.pull()
  expect(agent.row('users', acme.people.agent.id)?.['name']).toBe('Renamed by the admin')
})

test('[S3] the answer to a repeated push has the current rows, because others may have edited them since', async () => {
  const agent = await server.joined(acme.people.agent.email)
  const lead = await server.joined(acme.people.team_lead.email)
  const call = agent.insertCall(wonCall(acme.people.agent.id))
  await agent.push()
  await lead.pull()
  const sent = agent.update('calls', call, { notes: 'mine' })
  await agent.send(agent.pushRequest())
  // The answer is lost. A colleague edits the call again, and the feed brings that edit while the agent's own edit still waits.
  await lead.pull()
  lead.update('calls', call, { notes: 'theirs, later' })
  await lead.push()
  await agent.pullPage()
  agent.outbox = [...sent]
  const { rows } = await agent.push()
  expect(rows.flatMap(({ data }) => data[0] ?? [])).toEqual([call])
})
