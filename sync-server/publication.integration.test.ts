import { afterAll, beforeAll, expect, test } from 'vitest'
import { toColumnar, type Columnar } from '../core/sync/columnar.ts'
import type { PublishRequest } from '../core/sync/protocol.ts'
import { AUDIT_COLUMNS } from '../core/sync/tables.ts'
import { columnarTables, sampleWorkspace, wonCall, type Row, type SampleWorkspace } from './testing/sample-workspace.ts'
import { PUBLISH_KEY, TestServer, newPublicationSecret, publishAll, publishStep } from './testing/test-server.ts'

const server = new TestServer(7)
beforeAll(() => server.start())
afterAll(() => server.dispose())

const callRow = (id: string, fields: Row | Record<string, string | number | null>): Row => ({
  prospect_email: null,
  prospect_phone: null,
  loss_reason_id: null,
  notes: null,
  scheduled_at: null,
  updated_at: 1_760_000_000_000,
  ...fields,
  id,
})
function made(name: string, calls = 3): SampleWorkspace {
  const workspace = sampleWorkspace(name, server.newId)
  for (let n = 0; n < calls; n++)
    workspace.rows.calls.push(callRow(server.newId(), wonCall(workspace.people.agent.id, `Prospect ${n}`)))
  return workspace
}

function stepsOf(workspace: SampleWorkspace, publicationId = server.newId(), deviceId = server.newId()) {
  const secret = newPublicationSecret()
  const about = { publicationId, clientId: workspace.clientId }
  const pages = columnarTables(workspace)
  const begin: PublishRequest = {
    step: 'begin',
    ...about,
    userId: workspace.people.admin.id,
    device: { id: deviceId, name: 'P' },
    deviceSeq: 5,
    secret,
  }
  const chunks = pages.map((page, index): PublishRequest => ({ step: 'chunk', ...about, index, rows: [page] }))
  const counts = {
    ...Object.fromEntries(Object.entries(workspace.rows).map(([table, rows]) => [table, rows.length])),
    audit_logs: 0,
  }
  const finish: PublishRequest = { step: 'finish', ...about, chunks: chunks.length, counts, secret }
  return { begin, chunks, finish, deviceId }
}

test('a published workspace is complete: its people sign in on other devices and receive their scope', async () => {
  const workspace = made('Whole')
  const line = [
    server.newId(),
    workspace.people.agent.id,
    'calls',
    workspace.rows.calls[0]?.id ?? '',
    'INSERT',
    null,
    '{"notes":"from before"}',
    null,
    'x',
    5,
  ]
  const publisher = server.device()
  await publishAll(publisher, workspace, [toColumnar('audit_logs', AUDIT_COLUMNS, [line])])
  const agent = await server.joined(workspace.people.agent.email)
  const lead = await server.joined(workspace.people.team_lead.email)
  for (const device of [agent, lead]) expect(device.ids('calls')).toEqual(workspace.rows.calls.map(({ id }) => id).toSorted())
  expect(lead.row('client_settings', 'time_zone')).toEqual({ value: '"Europe/Berlin"' })
  expect(JSON.stringify(await agent.get(`/v1/history/calls/${workspace.rows.calls[0]?.id}`))).toContain('from before')
})

test('before the last step, no one can sign in and no account can be found', async () => {
  const workspace = made('Hidden')
  const device = server.device()
  const { begin, chunks } = stepsOf(workspace)
  await publishStep(device, begin)
  for (const chunk of chunks) await publishStep(device, chunk)
  await expect(server.device().enrol(workspace.people.admin.email)).rejects.toThrow(
    expect.objectContaining({ code: 'WRONG_CREDENTIALS' }),
  )
})

test('a publication is resumed after a lost connection, and a part that is sent twice counts once', async () => {
  const workspace = made('Resumed')
  const device = server.device()
  const { begin, chunks, finish } = stepsOf(workspace)
  await publishStep(device, begin)
  const first = await publishStep(device, chunks[0]!)
  expect(await publishStep(device, chunks[0]!)).toEqual(first)
  await publishStep(device, chunks[1]!)
  expect(await publishStep(device, begin)).toEqual({ step: 'begin', nextChunk: 2 })
  await expect(publishStep(device, chunks[3]!)).rejects.toThrow(
    expect.objectContaining({ code: 'PUBLICATION', data: { nextChunk: 2 } }),
  )
  await expect(publishStep(device, finish)).rejects.toThrow(
    expect.objectContaining({ code: 'PUBLICATION', data: { nextChunk: 2 } }),
  )
  for (const chunk of chunks.slice(2)) await publishStep(device, chunk)
  const finished = await publishStep(device, finish)
  // The answer was lost. The repeated request returns a valid token.
  const again = await publishStep(device, finish)
  expect([finished.step, again.step]).toEqual(['finish', 'finish'])
  device.token = again.step === 'finish' ? again.token : null
  await device.pull()
  expect(device.ids('calls')).toHaveLength(3)
})

test('[S5] the repeated last step returns the cursor at the end of the publication, not after changes by others', async () => {
  const workspace = made('Lost answer')
  const device = server.device()
  const { begin, chunks, finish } = stepsOf(workspace, server.newId(), device.id)
  await publishStep(device, begin)
  for (const chunk of chunks) await publishStep(device, chunk)
  await publishStep(device, finish)
  const agent = await server.joined(workspace.people.agent.email)
  const call = agent.insertCall(wonCall(workspace.people.agent.id))
  await agent.push()
  const again = await publishStep(device, finish)
  if (again.step !== 'finish') throw new Error('The last step answers as such')
  device.token = again.token
  device.cursor = again.cursor
  await device.pull()
  expect(device.ids('calls')).toEqual([call])
})

test('a restarted publication removes the rows of the previous one', async () => {
  const workspace = made('Anew', 5)
  const device = server.device()
  const old = stepsOf(workspace)
  await publishStep(device, old.begin)
  for (const chunk of old.chunks) await publishStep(device, chunk)
  workspace.rows.calls.splice(2)
  await publishAll(device, workspace)
  await expect(publishStep(device, old.finish)).rejects.toThrow(expect.objectContaining({ code: 'PUBLICATION' }))
  await device.pull()
  expect((await server.joined(workspace.people.admin.email)).ids('calls')).toHaveLength(2)
})

test('a client that is already on the server cannot be published again', async () => {
  const workspace = made('Twice')
  await publishAll(server.device(), workspace)
  const { begin } = stepsOf(workspace)
  await expect(publishStep(server.device(), begin)).rejects.toThrow(expect.objectContaining({ code: 'ALREADY_PUBLISHED' }))
})

test('[S3] [S7] edits after the published state are pushed, without a conflict with the device’s own rows', async () => {
  const workspace = made('On top')
  const device = server.device()
  const { begin, chunks, finish } = stepsOf(workspace, server.newId(), device.id)
  await publishStep(device, { ...begin, deviceSeq: 0 })
  let version = 0
  for (const chunk of chunks) {
    const answer = await publishStep(device, chunk)
    version = answer.step === 'chunk' ? answer.firstVersion : 0
  }
  const finished = await publishStep(device, finish)
  if (finished.step !== 'finish') throw new Error('The last step answers as such')
  device.token = finished.token
  device.cursor = finished.cursor
  const [call] = workspace.rows.calls
  // The device has no versions yet.
  device.update('calls', call?.id ?? '', { notes: 'after the publication' })
  expect(device.outbox[0]?.fields['notes']?.base).toBe(0)
  const response = await device.push()
  expect(response).toMatchObject({ merged: [], rejected: [], conflicts: [] })
  // The device was at the head, so it stays there. The versions of its rows are those in the answers to the chunks.
  expect(response.cursor).not.toBeNull()
  const lead = await server.joined(workspace.people.team_lead.email)
  expect(lead.rows.get(`calls ${workspace.rows.calls[1]?.id}`)?.version).toBe(version + 1)
  expect(lead.row('calls', call?.id ?? '')?.['notes']).toBe('after the publication')
})

test.each<[string, (workspace: SampleWorkspace) => void, string]>([
  ['a call without an owner', (w) => w.rows.calls.push(callRow(server.newId(), wonCall(server.newId()))), 'INVALID_ROW'],
  [
    'a call that breaks the model',
    (w) => w.rows.calls.push(callRow(server.newId(), { ...wonCall(w.people.agent.id), outcome: null })),
    'INVALID_ROW',
  ],
  ['an unknown setting', (w) => w.rows.client_settings.push({ id: 'colour', value: '"red"' }), 'INVALID_ROW'],
  ['two people with one address', (w) => w.rows.users.push({ ...w.rows.users[0]!, id: server.newId() }), 'INVALID_ROW'],
  ['a row of another client', (w) => w.rows.clients.push({ ...w.rows.clients[0]!, id: server.newId() }), 'INVALID_ROW'],
  ['an invalid id', (w) => w.rows.calls.push(callRow('1', wonCall(w.people.agent.id))), 'INVALID_ROW'],
  [
    'a hash that would keep the server busy for hours',
    (w) => (w.rows.users[0] = { ...w.rows.users[0]!, password_hash: `$2b$31$${'a'.repeat(53)}` }),
    'INVALID_ROW',
  ],
])('%s is refused', async (_, spoil, code) => {
  const workspace = made('Spoilt')
  spoil(workspace)
  await expect(publishAll(server.device(), workspace)).rejects.toThrow(expect.objectContaining({ code }))
})

test('a publication cannot be finished with a wrong number of rows, or by a person who is not an admin', async () => {
  const few = stepsOf(made('Few'))
  const device = server.device()
  await publishStep(device, few.begin)
  for (const chunk of few.chunks) await publishStep(device, chunk)
  await expect(publishStep(device, { ...few.finish, counts: { calls: 4 } })).rejects.toThrow(
    expect.objectContaining({ code: 'INVALID_ROW' }),
  )
  const workspace = made('No admin')
  const { begin, chunks, finish } = stepsOf(workspace)
  await publishStep(device, { ...begin, userId: workspace.people.agent.id })
  for (const chunk of chunks) await publishStep(device, chunk)
  await expect(publishStep(device, finish)).rejects.toThrow(
    expect.objectContaining({ code: 'INVALID_ROW', data: expect.objectContaining({ field: 'role' }) }),
  )
})

test.each([
  ['a column that does not exist', (page: Columnar) => page.columns.push('secret_column'), 'MALFORMED'],
  ['a missing column', (page: Columnar) => (page.columns.pop(), page.data.pop()), 'INVALID_ROW'],
  ['rows of different length', (page: Columnar) => page.data[0]?.push('x'), 'MALFORMED'],
  ['an unknown table', (page: Columnar) => (page.table = 'server'), 'SERVER_OUTDATED'],
])('%s is refused', async (_, spoil, code) => {
  const workspace = made('Columns')
  const { begin, chunks } = stepsOf(workspace)
  const device = server.device()
  await publishStep(device, begin)
  const [first] = chunks
  if (first?.step !== 'chunk') throw new Error('Chunks are chunks')
  spoil(first.rows[0]!)
  await expect(publishStep(device, first)).rejects.toThrow(expect.objectContaining({ code }))
})

test('[S16] a trail that holds a password hash is refused', async () => {
  const workspace = made('Trail')
  const planted = [
    server.newId(),
    null,
    'users',
    workspace.people.agent.id,
    'UPDATE',
    '{}',
    '{"password_hash":"x"}',
    null,
    null,
    5,
  ]
  const attempt = publishAll(server.device(), workspace, [toColumnar('audit_logs', AUDIT_COLUMNS, [planted])])
  await expect(attempt).rejects.toThrow(
    expect.objectContaining({ code: 'INVALID_ROW', data: expect.objectContaining({ table: 'audit_logs', field: 'new_values' }) }),
  )
})

test('without the publish key nothing is accepted, and guessing is slowed down', async () => {
  const { begin } = stepsOf(made('Key'))
  const ask = (authorization: string) => server.device().post('/v1/publish', begin, { authorization })
  await expect(ask(`Bearer ${PUBLISH_KEY}x`)).rejects.toThrow(expect.objectContaining({ code: 'PUBLISH_KEY' }))
  await expect(ask('')).rejects.toThrow(expect.objectContaining({ code: 'PUBLISH_KEY' }))
  for (let n = 0; n < 3; n++) await ask(`Bearer guess ${n}`).catch(() => {})
  await expect(ask(`Bearer ${PUBLISH_KEY}`)).rejects.toThrow(expect.objectContaining({ code: 'THROTTLED' }))
})
