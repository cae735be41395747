import { afterAll, beforeAll, expect, test } from 'vitest'
import { wonCall, type SampleWorkspace } from './testing/sample-workspace.ts'
import type { TestDevice } from './testing/test-device.ts'
import { TestServer } from './testing/test-server.ts'

const server = new TestServer()
let acme: SampleWorkspace
beforeAll(async () => {
  await server.start()
  acme = await server.workspace('Acme')
})
afterAll(() => server.dispose())

const agentId = () => acme.people.agent.id

test('a call logged on one device arrives on the devices in whose scope it is, and on no others', async () => {
  const agent = await server.joined(acme.people.agent.email)
  const lead = await server.joined(acme.people.team_lead.email)
  const other = await server.joined(acme.people.other.email)
  const id = agent.insertCall(wonCall(agentId(), 'Jo Smith'))
  expect(await agent.push()).toMatchObject({ rejected: [], merged: [] })
  await Promise.all([agent, lead, other].map((device) => device.pull()))
  expect(lead.row('calls', id)).toMatchObject({ prospect_name: 'Jo Smith', user_id: agentId() })
  expect(other.ids('calls')).not.toContain(id)
})

test('[S1] operations of devices that push at once get one number each, without gaps', async () => {
  // One after the other: the throttle counts sign-ins of an account that run at the same time, before it knows that they are right.
  const devices: TestDevice[] = []
  for (let n = 0; n < 4; n++) devices.push(await server.joined(acme.people.agent.email))
  const before = (await devices[0]?.pullPage())?.head ?? 0
  const responses = await Promise.all(
    devices.map((device) => {
      for (let n = 0; n < 25; n++) device.insertCall(wonCall(agentId()))
      return device.push()
    }),
  )
  const seqs = responses.flatMap(({ seq }) => seq).toSorted((a, b) => a - b)
  expect(seqs).toEqual(Array.from({ length: 100 }, (_, n) => before + 1 + n))
})

test('[S3] a push that is sent again gets the same verdicts and changes nothing', async () => {
  const device = await server.joined(acme.people.agent.email)
  const id = device.insertCall(wonCall(agentId()))
  device.update('calls', id, { call_duration: -1 })
  const request = device.pushRequest()
  const first = await device.send(request)
  expect(first.rejected).toMatchObject([{ index: 1, code: 'INVALID', field: 'call_duration' }])
  const again = await device.send(request)
  // After a retry, the feed gives the device's position.
  const rest = { serverTime: 0, cursor: '', isCovered: false, complete: false, conflicts: [] }
  expect({ ...again, ...rest }).toEqual({ ...first, ...rest })
  await device.pull()
  expect(again.head).toBe(first.head)
  expect(device.ids('calls').filter((each) => each === id)).toEqual([id])
})

test('[S3] a retry with further operations gets old verdicts and new ones, in the order of the request', async () => {
  const device = await server.joined(acme.people.agent.email)
  const sent = [device.insertCall(wonCall(agentId())), device.insertCall(wonCall(agentId()))]
  const first = await device.send(device.pushRequest())
  sent.push(device.insertCall(wonCall(agentId())))
  const second = await device.send(device.pushRequest())
  expect(second.seq.slice(0, 2)).toEqual(first.seq)
  expect(second.seq[2]).toBe(second.head)
  await device.pull()
  expect(device.ids('calls')).toEqual(expect.arrayContaining(sent))
})

test.each([
  ['another value', { notes: 'altered' }],
  ['another column', { call_duration: 1 }],
])('[S3] the same operation with %s is refused and changes nothing', async (_, fields) => {
  const device = await server.joined(acme.people.agent.email)
  const id = device.insertCall(wonCall(agentId()))
  await device.push()
  const [edit] = device.update('calls', id, { notes: 'original' })
  await device.push()
  const altered = {
    ...edit!,
    fields: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, { new: value, base: 0 }])),
  }
  const fresh = {
    ...edit!,
    opId: device.newId(),
    txId: device.newId(),
    deviceSeq: edit!.deviceSeq + 1,
    fields: { notes: { new: 'after', base: 0 } },
  }
  await expect(device.send(device.pushRequest([altered, fresh]))).rejects.toThrow(
    expect.objectContaining({ code: 'OPERATION_ALTERED', data: { opId: edit!.opId } }),
  )
  await device.pull()
  expect(device.row('calls', id)?.['notes']).toBe('original')
})

test('[S3] neither the id of an operation nor its number on the device can be used again', async () => {
  const device = await server.joined(acme.people.agent.email)
  const id = device.insertCall(wonCall(agentId()))
  const [insert] = device.outbox
  await device.push()
  const [edit] = device.update('calls', id, { notes: 'x' })
  const sameId = { ...edit!, opId: insert!.opId }
  const sameNumber = { ...edit!, deviceSeq: insert!.deviceSeq }
  for (const forged of [sameId, sameNumber])
    await expect(device.send(device.pushRequest([forged]))).rejects.toThrow(
      expect.objectContaining({ code: 'OPERATION_ALTERED' }),
    )
  // Another device may not take the id either.
  const other = await server.joined(acme.people.agent.email)
  other.change([{ table: 'calls', id, action: 'UPDATE', fields: { notes: 'y' } }])
  const stolen = { ...other.outbox[0]!, opId: insert!.opId }
  await expect(other.send(other.pushRequest([stolen]))).rejects.toThrow(expect.objectContaining({ code: 'OPERATION_ALTERED' }))
})

test('[S4] a transaction with one rejected operation is rejected whole, without effect on other transactions', async () => {
  const device = await server.joined(acme.people.agent.email)
  const [good, bad, later] = [device.newId(), device.newId(), device.newId()]
  const insert = (id: string, fields: Parameters<typeof device.insertCall>[0]) => ({
    table: 'calls' as const,
    id,
    action: 'INSERT' as const,
    fields,
  })
  device.change([insert(good, wonCall(agentId())), insert(bad, { ...wonCall(agentId()), call_duration: -1 })])
  device.change([insert(later, wonCall(agentId()))])
  const response = await device.push()
  expect(response.rejected).toEqual([
    { index: 0, code: 'TRANSACTION', field: null, current: null },
    { index: 1, code: 'INVALID', field: 'call_duration', current: null },
  ])
  expect(response.removed.map(({ id }) => id).toSorted()).toEqual([good, bad].toSorted())
  const fresh = await server.joined(acme.people.agent.email)
  expect(fresh.ids('calls')).toContain(later)
  expect(fresh.ids('calls')).not.toContain(good)
})

test('[S4] later transactions do not see rows of a rejected transaction', async () => {
  const device = await server.joined(acme.people.admin.email)
  const [reason, call] = [device.newId(), device.newId()]
  const fields = { name: 'Only here', description: null, is_active: 1, created_at: 1 }
  device.change([
    { table: 'loss_reasons', id: reason, action: 'INSERT', fields },
    { table: 'calls', id: device.newId(), action: 'INSERT', fields: { ...wonCall(agentId()), status: 'asleep' } },
  ])
  device.change([
    { table: 'calls', id: call, action: 'INSERT', fields: { ...wonCall(agentId()), outcome: 'lost', loss_reason_id: reason } },
  ])
  const { rejected } = await device.push()
  expect(rejected.map(({ code, field }) => [code, field])).toEqual([
    ['TRANSACTION', null],
    ['INVALID', 'status'],
    ['INVALID', 'loss_reason_id'],
  ])
})

test('[S4] a transaction sees its own changes and is applied whole', async () => {
  const device = await server.joined(acme.people.admin.email)
  const [reason, call] = [device.newId(), device.newId()]
  device.change([
    {
      table: 'loss_reasons',
      id: reason,
      action: 'INSERT',
      fields: { name: 'Made with its call', description: null, is_active: 1, created_at: 1 },
    },
    { table: 'calls', id: call, action: 'INSERT', fields: { ...wonCall(agentId()), outcome: 'lost', loss_reason_id: reason } },
    { table: 'calls', id: call, action: 'UPDATE', fields: { notes: 'at once' } },
  ])
  expect((await device.push()).rejected).toEqual([])
  const fresh = await server.joined(acme.people.admin.email)
  expect(fresh.row('calls', call)).toMatchObject({ loss_reason_id: reason, notes: 'at once' })
})

test('a device that was at the head before its push is at the head after it, and does not receive its own changes', async () => {
  const device = await server.joined(acme.people.agent.email)
  const id = device.insertCall(wonCall(agentId()))
  expect((await device.push()).cursor).not.toBeNull()
  const page = await device.pullPage()
  expect(page).toMatchObject({ rows: [], removed: [], complete: true })
  device.update('calls', id, { notes: 'own' })
  await device.push()
  // The device has the server's versions, so the next edit causes no conflict.
  const held = device.rows.get(`calls ${id}`)
  const fresh = await server.joined(acme.people.agent.email)
  expect(fresh.rows.get(`calls ${id}`)).toMatchObject({ version: held?.version, base: held?.base, overrides: held?.overrides })
})

test('a device that is behind pulls after its push, and does not receive its own changes', async () => {
  const [one, two] = [await server.joined(acme.people.agent.email), await server.joined(acme.people.agent.email)]
  const theirs = one.insertCall(wonCall(agentId()))
  await one.push()
  two.insertCall(wonCall(agentId()))
  expect((await two.push()).complete).toBe(false)
  two.insertCall(wonCall(agentId()))
  expect((await two.push()).complete).toBe(false)
  const page = await two.pullPage()
  expect(page.complete).toBe(true)
  expect(page.rows.flatMap(({ columns, data }) => data[columns.indexOf('id')])).toEqual([theirs])
})

test('an accepted edit of a row that someone else had changed meanwhile brings the row, because the feed skips the edit', async () => {
  const [one, two] = [await server.joined(acme.people.agent.email), await server.joined(acme.people.agent.email)]
  const id = one.insertCall(wonCall(agentId()))
  await one.push()
  await two.pull()
  one.update('calls', id, { notes: 'one' })
  await one.push()
  two.update('calls', id, { prospect_name: 'Two' })
  const answer = await two.push()
  expect(answer.merged).toEqual([])
  expect(two.row('calls', id)).toMatchObject({ notes: 'one', prospect_name: 'Two' })
  await two.pull()
  expect(two.row('calls', id)).toMatchObject({ notes: 'one', prospect_name: 'Two' })
})
