import { afterAll, beforeAll, expect, test } from 'vitest'
import { wonCall, type SampleWorkspace } from './testing/sample-workspace.ts'
import { TestServer } from './testing/test-server.ts'

const server = new TestServer()
let acme: SampleWorkspace
beforeAll(async () => {
  await server.start()
  acme = await server.workspace('Acme')
})
afterAll(() => server.dispose())

test('a call logged on one device arrives on another, and nowhere else', async () => {
  const agent = await server.joined(acme.people.agent.email)
  const lead = await server.joined(acme.people.team_lead.email)
  const other = await server.joined(acme.people.other.email)
  const id = agent.insertCall(wonCall(acme.people.agent.id, 'Jo Smith'))
  const { rejected, merged, cursor } = await agent.push()
  expect({ rejected, merged }).toEqual({ rejected: [], merged: [] })
  expect(cursor).toBeNull()
  await Promise.all([agent.pull(), lead.pull(), other.pull()])
  expect(lead.row('calls', id)).toMatchObject({ prospect_name: 'Jo Smith', user_id: acme.people.agent.id })
  expect(other.ids('calls')).toEqual([])
  agent.update('calls', id, { notes: 'later' })
  expect((await agent.push()).cursor).not.toBeNull()
})
