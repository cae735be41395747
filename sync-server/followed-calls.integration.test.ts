import { afterAll, beforeAll, expect, test } from 'vitest'
import { must } from '../core/assert.ts'
import { PROTOCOL_HEADER, PROTOCOL_VERSION } from '../core/sync/protocol.ts'
import type { PublishRequest } from '../core/sync/protocol.ts'
import { insertCallOf } from './testing/insert-call-of.ts'
import { columnarTables, sampleWorkspace, wonCall } from './testing/sample-workspace.ts'
import type { TestDevice } from './testing/test-device.ts'
import { TestServer, newPublicationSecret, publishStep } from './testing/test-server.ts'

const server = new TestServer(11)
beforeAll(() => server.start())
afterAll(() => server.dispose())

type Answered = { readonly rows: readonly { readonly table: string; readonly columns: readonly string[] }[] }

/** Returns the columns of calls that a device of a version of the protocol gets in its first page. */
async function columnsOfCalls(device: TestDevice, version: number): Promise<readonly string[]> {
  const headers = { ...device.headers(), [PROTOCOL_HEADER]: String(version) }
  const response = await fetch(`${server.url}/v1/snapshot`, { headers })
  expect(response.status).toBe(200)
  const { rows } = (await response.json()) as Answered
  return must(
    rows.find(({ table }) => table === 'calls'),
    'The page has calls',
  ).columns
}

test('[S22] a device of the previous version is served, and receives the column only with a call that continues another one', async () => {
  const acme = await server.workspace('Acme')
  const agent = await server.joined(acme.people.agent.email)
  const first = agent.insertCall(wonCall(acme.people.agent.id))
  await agent.push()
  for (const version of [PROTOCOL_VERSION - 1, PROTOCOL_VERSION])
    expect(await columnsOfCalls(agent, version)).not.toContain('follows_call_id')
  agent.insertCall({ ...wonCall(acme.people.agent.id), follows_call_id: first })
  expect((await agent.push()).rejected).toEqual([])
  for (const version of [PROTOCOL_VERSION - 1, PROTOCOL_VERSION])
    expect(await columnsOfCalls(agent, version)).toContain('follows_call_id')
})

test('[S13] the link of a call is set when the call is made, to the id of a call, and never changes', async () => {
  const acme = await server.workspace('Links')
  const agent = await server.joined(acme.people.agent.email)
  const first = agent.insertCall(wonCall(acme.people.agent.id))
  const second = agent.insertCall({ ...wonCall(acme.people.agent.id), follows_call_id: first })
  expect((await agent.push()).rejected).toEqual([])
  agent.update('calls', second, { follows_call_id: null })
  agent.insertCall({ ...wonCall(acme.people.agent.id), follows_call_id: 'not an id' })
  const { rejected } = await agent.push()
  expect(rejected.map(({ code, field }) => [code, field])).toEqual([
    ['INVALID', 'follows_call_id'],
    ['INVALID', 'follows_call_id'],
  ])
  const lead = await server.joined(acme.people.team_lead.email)
  expect(must(lead.row('calls', second), 'The call')['follows_call_id']).toBe(first)
})

test('[S14] an agent whose call continues a call of someone else receives its id and nothing else', async () => {
  const acme = await server.workspace('Scopes')
  const { agent: owner, other } = acme.people
  const lead = await server.joined(acme.people.team_lead.email)
  const received: string[] = []
  const agent = server.device()
  agent.onReceive = (text) => received.push(text)
  const theirs = insertCallOf(lead, other, { notes: 'planted-in-the-first-call', prospect_name: 'Planted Prospect' })
  const own = insertCallOf(lead, owner, { follows_call_id: theirs })
  expect((await lead.push()).rejected).toEqual([])
  await agent.enrol(owner.email)
  await agent.pull()
  expect(agent.ids('calls')).toEqual([own])
  expect(must(agent.row('calls', own), 'The call')['follows_call_id']).toBe(theirs)
  await expect(agent.get(`/v1/history/calls/${theirs}`)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(received.join()).toContain(theirs)
  expect(received.join()).not.toMatch(/planted/i)
})

test('deleting one end of a link keeps the other, and a restored call has its link again', async () => {
  const acme = await server.workspace('Ends')
  const agent = await server.joined(acme.people.agent.email)
  const first = agent.insertCall(wonCall(acme.people.agent.id))
  const second = agent.insertCall({ ...wonCall(acme.people.agent.id), follows_call_id: first })
  await agent.push()
  agent.deleteCall(first)
  expect((await agent.push()).rejected).toEqual([])
  agent.deleteCall(second)
  await agent.push()
  agent.restoreCall(second)
  await agent.push()
  expect(agent.row('calls', second)).toMatchObject({ follows_call_id: first })
  expect((await server.joined(acme.people.agent.email)).ids('calls')).toEqual([second])
})

test('[S22] a device of the previous version publishes a workspace without the column and the table', async () => {
  const workspace = sampleWorkspace('Older', server.newId)
  const id = server.newId()
  const fields = { prospect_email: null, prospect_phone: null, loss_reason_id: null, notes: null, scheduled_at: null }
  workspace.rows.calls.push({ ...fields, updated_at: 1_760_000_000_000, ...wonCall(workspace.people.agent.id), id })
  const device = server.device()
  const about = { publicationId: server.newId(), clientId: workspace.clientId }
  const secret = newPublicationSecret()
  const begin = { step: 'begin', ...about, userId: workspace.people.admin.id, deviceSeq: 0, secret } as const
  const step = (request: PublishRequest) => publishStep(device, request, { [PROTOCOL_HEADER]: String(PROTOCOL_VERSION - 1) })
  await step({ ...begin, device: { id: device.id, name: 'Older' } })
  const pages = columnarTables(workspace).map((page) => {
    const kept = page.columns.flatMap((name, place) => (name === 'follows_call_id' ? [] : [place]))
    return { ...page, columns: kept.map((place) => page.columns[place] ?? ''), data: kept.map((place) => page.data[place] ?? []) }
  })
  for (const [index, page] of pages.entries()) await step({ step: 'chunk', ...about, index, rows: [page] })
  const { do_not_call: _, ...tables } = workspace.rows
  const counts = Object.fromEntries(Object.entries(tables).map(([table, rows]) => [table, rows.length]))
  await step({ step: 'finish', ...about, chunks: pages.length, counts: { ...counts, audit_logs: 0 }, secret })
  expect((await server.joined(workspace.people.admin.email)).ids('calls')).toEqual([id])
})
