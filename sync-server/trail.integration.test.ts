import type { UserId } from '../core/id.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { must } from '../core/assert.ts'
import { columnarRows, columnarSchema, toColumnar } from '../core/sync/columnar.ts'
import { auditPageSchema } from '../core/sync/protocol.ts'
import { AUDIT_COLUMNS, type Scalar } from '../core/sync/tables.ts'
import { sampleWorkspace, wonCall, type SampleWorkspace } from './testing/sample-workspace.ts'
import type { TestDevice } from './testing/test-device.ts'
import { TestServer, publishAll } from './testing/test-server.ts'

const HOUR_MS = 3_600_000
const server = new TestServer(11)
let acme: SampleWorkspace
let admin: TestDevice
beforeAll(async () => {
  await server.start()
  acme = await server.workspace('Acme')
  admin = await server.joined(acme.people.admin.email)
})
afterAll(() => server.dispose())

type Line = Readonly<Record<string, Scalar>>

async function history(device: TestDevice, table: string, id: string): Promise<Line[]> {
  return [...columnarRows(columnarSchema.parse(await device.get(`/v1/history/${table}/${id}`)))]
}

/** Reads all pages of a query, newest line first. */
async function audit(device: TestDevice, query: Readonly<Record<string, string | number>> = {}): Promise<Line[]> {
  const lines: Line[] = []
  for (let cursor: string | null = null; ;) {
    const parameters = new URLSearchParams({ ...query, ...(cursor === null ? {} : { cursor }) } as Record<string, string>)
    const page = auditPageSchema.parse(await device.get(`/v1/audit?${parameters.toString()}`))
    lines.push(...columnarRows(page.rows))
    cursor = page.next
    if (cursor === null) return lines
  }
}

async function change(device: TestDevice, table: 'calls' | 'users', id: string, fields: Readonly<Record<string, Scalar>>) {
  device.update(table, id, fields)
  return device.push()
}

async function callOf(ownerId: UserId, notes: string): Promise<string> {
  const id = admin.insertCall({ ...wonCall(ownerId), notes })
  await admin.push()
  return id
}

test('[S16] a viewer cannot read changes of a colleague’s e-mail address, nor a colleague’s sign-ins and devices', async () => {
  const { other } = acme.people
  await admin.pull()
  await change(admin, 'users', other.id, { email: 'planted-address@acme.test', name: 'Olga Renamed' })
  await change(admin, 'users', other.id, { email: other.email })
  const viewer = await server.joined(acme.people.viewer.email)
  const lead = await server.joined(acme.people.team_lead.email)
  const both = async (device: TestDevice) =>
    JSON.stringify([
      await history(device, 'users', other.id),
      (await audit(device)).filter((line) => line['record_id'] === other.id),
    ])
  expect(await both(lead)).toContain('planted-address')
  const seen = await both(viewer)
  expect(seen).toContain('Olga Renamed')
  expect(seen).not.toMatch(/planted-address|LOGIN/)
  for (const line of await audit(viewer)) if (line['user_id'] !== acme.people.viewer.id) expect(line['ip_address']).toBeNull()
  await expect(server.joined(acme.people.agent.email).then((agent) => history(agent, 'users', other.id))).rejects.toThrow(
    expect.objectContaining({ code: 'NOT_FOUND' }),
  )
})

test.each([
  ['an hour behind', -HOUR_MS],
  ['an hour ahead', HOUR_MS],
  ['right', 0],
])('[S14] a reassignment by a lead whose clock is %s gives the new owner no earlier line', async (_name, skew) => {
  const { agent, other } = acme.people
  const call = await callOf(agent.id, 'planted-first')
  const lead = await server.joined(acme.people.team_lead.email, () => Date.now() + skew)
  const ben = await server.joined(agent.email)
  lead.update('calls', call, { user_id: other.id })
  await change(ben, 'calls', call, { notes: 'planted-later' })
  await change(ben, 'calls', call, { notes: 'standing at the change of hands' })
  // The clock is corrected before the edit is sent, so that the server cannot correct the edit's time.
  const request = lead.pushRequest()
  await lead.send({ ...request, sentAt: Date.now() })
  const olga = await server.joined(other.email)
  await change(olga, 'calls', call, { notes: 'by the new owner' })
  for (const lines of [(await history(olga, 'calls', call)).toReversed(), await audit(olga, { record: call })]) {
    expect(JSON.stringify(lines)).not.toContain('planted')
    expect(lines).toHaveLength(2)
    expect(lines[0]?.['new_values']).toContain('by the new owner')
    expect(lines[1]).toMatchObject({
      user_id: acme.people.team_lead.id,
      old_values: null,
      new_values: JSON.stringify({ user_id: other.id }),
    })
  }
  const all = await history(lead, 'calls', call)
  expect(all.map((line) => /planted-\w+|standing|new owner|user_id/.exec(String(line['new_values']))?.[0])).toEqual([
    'user_id',
    'planted-later',
    'standing',
    'user_id',
    'new owner',
  ])
})

test('[S14] a refused late edit of a former owner is not shown to the new owner', async () => {
  const { agent, other } = acme.people
  const call = await callOf(agent.id, 'first')
  const ben = await server.joined(agent.email)
  ben.update('calls', call, { notes: 'planted-too-late' })
  await admin.pull()
  await change(admin, 'calls', call, { user_id: other.id })
  expect((await ben.push()).rejected).toMatchObject([{ code: 'NOT_FOUND' }])
  const olga = await server.joined(other.email)
  expect(JSON.stringify([await history(olga, 'calls', call), await audit(olga)])).not.toContain('too-late')
  expect(JSON.stringify(await history(admin, 'calls', call))).toContain('planted-too-late')
})

test('[S14] the owner of a call that was returned to them reads the lines since its return', async () => {
  const { agent, other } = acme.people
  const call = await callOf(agent.id, 'planted-first')
  for (const fields of [
    { user_id: other.id },
    { notes: 'planted-second' },
    { user_id: agent.id, notes: 'handed back' },
    { notes: 'since then' },
  ]) {
    await admin.pull()
    await change(admin, 'calls', call, fields)
  }
  const ben = await server.joined(agent.email)
  const lines = await history(ben, 'calls', call)
  expect(lines.map((line) => line['new_values'])).toEqual([
    JSON.stringify({ notes: 'handed back', user_id: agent.id }),
    JSON.stringify({ notes: 'since then' }),
  ])
  expect(lines[0]?.['old_values']).toBeNull()
  // The same holds for a call that was deleted while it was theirs.
  await admin.pull()
  admin.change([{ table: 'calls', id: call, action: 'DELETE', fields: {} }])
  await admin.push()
  const after = await history(ben, 'calls', call)
  expect(after.at(-1)).toMatchObject({ action: 'DELETE', user_id: acme.people.admin.id })
  expect(JSON.stringify(after)).not.toContain('planted')
  expect(await audit(ben, { record: call })).toHaveLength(3)
})

test('a lead reads the whole trail in pages with the right names; an agent reads the trail of their own records', async () => {
  const { agent, other } = acme.people
  const ben = await server.joined(agent.email)
  const call = ben.insertCall({ ...wonCall(agent.id), notes: 'short-lived' })
  await ben.push()
  ben.change([{ table: 'calls', id: call, action: 'DELETE', fields: {} }])
  await ben.push()
  const lead = await server.joined(acme.people.team_lead.email)
  const whole = await audit(lead, { limit: 500 })
  expect(whole.length).toBeGreaterThan(10)
  expect(await audit(lead, { limit: 3 })).toEqual(whole)
  expect(whole.find((line) => line['record_id'] === call && line['action'] === 'DELETE')).toMatchObject({ user_id: agent.id })
  expect(await audit(lead, { actions: 'DELETE', user: agent.id })).toEqual(
    whole.filter((line) => line['action'] === 'DELETE' && line['user_id'] === agent.id),
  )
  const time = Number(must(whole[3], 'A line')['created_at'])
  expect(await audit(lead, { from: time })).toEqual(whole.filter((line) => Number(line['created_at']) >= time))
  const own = new Set([...(await audit(ben)).map((line) => line['record_id'])])
  const olgas = (await audit(await server.joined(other.email))).map((line) => line['record_id'])
  expect(own).toContain(call)
  expect(olgas.filter((id) => own.has(id ?? ''))).toEqual([])
})

test('no cursor or filter gives an agent more than their own records', async () => {
  const { agent, other } = acme.people
  const call = await callOf(other.id, 'planted-foreign')
  const ben = await server.joined(agent.email)
  const own = JSON.stringify(await audit(ben))
  for (const query of [
    '',
    'cursor=1.999999',
    'cursor=1.2',
    `record=${call}`,
    `user=${acme.people.admin.id}`,
    'table=calls',
    'limit=500',
  ])
    expect(JSON.stringify(await ben.get(`/v1/audit?${query}`)), query).not.toContain('planted-foreign')
  expect(own).not.toContain('planted-foreign')
  for (const query of [
    'cursor=x',
    'cursor=1.-1',
    'cursor=1.1e3',
    'limit=0',
    'limit=501',
    'limit=x',
    'actions=ALL',
    'from=-1',
    'user=x',
    'cursor=1.1&cursor=1.2',
  ])
    await expect(ben.get(`/v1/audit?${query}`), query).rejects.toThrow(expect.objectContaining({ code: 'MALFORMED' }))
})

test('[S18] a page and the history of one record are bounded by bytes', async () => {
  const workspace = sampleWorkspace('Bulky', server.newId)
  const [call, device] = [server.newId(), server.device()]
  workspace.rows.calls.push({ id: call, updated_at: 1, ...wonCall(workspace.people.agent.id) })
  const values = JSON.stringify({ notes: '語'.repeat(60_000) })
  const lines = Array.from({ length: 12 }, (_, n) => [
    server.newId(),
    workspace.people.agent.id,
    'calls',
    call,
    n === 0 ? 'INSERT' : 'UPDATE',
    null,
    values,
    null,
    null,
    n,
  ])
  await publishAll(device, workspace, [toColumnar('audit_logs', AUDIT_COLUMNS, lines)])
  let longest = 0
  device.onReceive = (text) => (longest = Math.max(longest, Buffer.byteLength(text)))
  const whole = await audit(device, { limit: 500, table: 'calls', actions: 'INSERT,UPDATE' })
  expect(whole.map((line) => line['created_at'])).toEqual(lines.map((line) => line[9] ?? null).toReversed())
  expect(await history(device, 'calls', call)).not.toHaveLength(0)
  expect(longest).toBeGreaterThan(100_000)
  expect(longest).toBeLessThanOrEqual(1_000_000)
})

test('[S14] the trail of a call that was edited very often can be read to its end, and a former owner reads none of it', async () => {
  const { agent, other } = acme.people
  const owner = await server.joined(agent.email)
  const id = owner.insertCall(wonCall(agent.id))
  for (let edit = 0; edit < 600; edit++) owner.update('calls', id, { notes: `edit ${edit}` })
  await owner.push()
  // More lines are in between than one query reads.
  expect((await audit(owner, { record: id, actions: 'INSERT' })).map(({ action }) => action)).toEqual(['INSERT'])
  const all = await audit(owner, { record: id, limit: 500 })
  expect(all).toHaveLength(601)
  expect(new Set(all.map((line) => line['id'])).size).toBe(601)
  expect(await history(owner, 'calls', id)).toHaveLength(601)
  await admin.pull()
  await change(admin, 'calls', id, { user_id: other.id })
  const next = await server.joined(other.email)
  await change(next, 'calls', id, { notes: 'of the next owner' })
  expect(await audit(owner, { record: id })).toEqual([])
  // The lines start with the handover, without the values that it replaced.
  const theirs = await audit(next, { record: id })
  expect(theirs.map(({ new_values }) => new_values)).toEqual([
    JSON.stringify({ notes: 'of the next owner' }),
    JSON.stringify({ user_id: other.id }),
  ])
  expect(theirs[1]?.['old_values']).toBeNull()
  expect(await audit(admin, { record: id })).toHaveLength(603)
})
