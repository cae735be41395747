import { afterAll, beforeAll, expect, test } from 'vitest'
import { must } from '../core/assert.ts'
import { PROTOCOL_HEADER, PROTOCOL_VERSION } from '../core/sync/protocol.ts'
import { ROLES } from '../core/roles.ts'
import type { Person, SampleWorkspace } from './testing/sample-workspace.ts'
import type { TestDevice } from './testing/test-device.ts'
import { TestServer } from './testing/test-server.ts'

const server = new TestServer(13)
let acme: SampleWorkspace
let admin: TestDevice
beforeAll(async () => {
  await server.start()
  acme = await server.workspace('Acme')
  admin = await server.joined(acme.people.admin.email)
})
afterAll(() => server.dispose())

const HASH = 'h'.repeat(43)
const entryOf = (person: Person, over: Record<string, string | number | null> = {}) => ({
  ...{ contact_hash: HASH, reason: 'Asked in writing', user_id: person.id, created_at: 5 },
  ...over,
})
const add = (device: TestDevice, fields: Record<string, string | number | null>, id: string = device.newId()) => {
  device.change([{ table: 'do_not_call', id, action: 'INSERT', fields }])
  return id
}
const lift = (device: TestDevice, id: string, by: string, at: number | null = 9) =>
  void device.update('do_not_call', id, { lifted_at: at, lifted_by: by })

/** Sends everything, and returns the refusals. */
async function refusals(device: TestDevice): Promise<(string | null)[][]> {
  return (await device.push()).rejected.map(({ code, field }) => [code, field])
}

test('[S13] everyone but a viewer adds an entry; only leads and admins lift one', async () => {
  for (const role of ROLES) {
    const person = acme.people[role]
    const device = await server.joined(person.email)
    add(device, entryOf(person))
    expect(await refusals(device), role).toEqual(role === 'viewer' ? [['FORBIDDEN', null]] : [])
    const id = add(admin, entryOf(acme.people.admin))
    await admin.push()
    await device.pull()
    lift(device, id, person.id)
    expect(await refusals(device), role).toEqual(role === 'team_lead' || role === 'admin' ? [] : [['FORBIDDEN', null]])
  }
})

test('[S14] everyone in the client receives every entry, and no one in another client', async () => {
  const bolt = await server.workspace('Bolt')
  const id = add(admin, entryOf(acme.people.admin, { reason: 'planted-for-acme' }))
  expect(await refusals(admin)).toEqual([])
  for (const role of ROLES) {
    const device = await server.joined(acme.people[role].email)
    expect(device.row('do_not_call', id), role).toMatchObject({ contact_hash: HASH, reason: 'planted-for-acme' })
    const foreign = server.device()
    const received: string[] = []
    foreign.onReceive = (text) => received.push(text)
    await foreign.enrol(bolt.people[role].email)
    await foreign.pull()
    expect(received.join()).not.toContain('planted-for-acme')
  }
})

test('[S13] an entry names its author, is added in force, and changes only by being lifted', async () => {
  const { agent, team_lead: lead } = acme.people
  const device = await server.joined(agent.email)
  add(device, entryOf(lead))
  add(device, entryOf(agent, { lifted_at: 9, lifted_by: agent.id }))
  add(device, entryOf(agent, { contact_hash: '+49 30 5551234' }))
  add(device, entryOf(agent, { contact_hash: null }))
  expect(await refusals(device)).toEqual([
    ['INVALID', 'user_id'],
    ['INVALID', 'lifted_at'],
    ['INVALID', 'contact_hash'],
    ['INVALID', 'contact_hash'],
  ])
  const own = add(device, entryOf(agent))
  expect(await refusals(device)).toEqual([])
  const leads = await server.joined(lead.email)
  lift(leads, own, agent.id)
  lift(leads, own, lead.id, null)
  leads.update('do_not_call', own, { reason: 'Another reason' })
  leads.change([{ table: 'do_not_call', id: own, action: 'DELETE', fields: {} }])
  expect(await refusals(leads)).toEqual([
    ['INVALID', 'lifted_by'],
    ['INVALID', 'lifted_by'],
    ['INVALID', 'reason'],
    ['FORBIDDEN', null],
  ])
  // An INSERT of an existing entry cannot lift it either.
  add(device, entryOf(agent, { lifted_at: 9, lifted_by: agent.id }), own)
  expect(await refusals(device)).toEqual([['INVALID', 'lifted_at']])
  expect(must((await server.joined(lead.email)).row('do_not_call', own), 'The entry')['lifted_at']).toBeNull()
})

test('an INSERT of an entry that was lifted does not put it in force again', async () => {
  const { agent, team_lead: lead } = acme.people
  const device = await server.joined(agent.email)
  const leads = await server.joined(lead.email)
  const id = add(device, entryOf(agent))
  await device.push()
  await leads.pull()
  lift(leads, id, lead.id)
  expect(await refusals(leads)).toEqual([])
  add(device, entryOf(agent), id)
  await device.push()
  expect((await server.joined(lead.email)).row('do_not_call', id)).toMatchObject({ lifted_at: 9, lifted_by: lead.id })
})

test('two people who add one contact offline, and two who lift it, end with the same entries everywhere', async () => {
  const { agent, other, team_lead: lead } = acme.people
  const devices = [await server.joined(agent.email), await server.joined(other.email)] as const
  const contact = { contact_hash: 'i'.repeat(43) }
  const ids = [add(devices[0], entryOf(agent, contact)), add(devices[1], entryOf(other, contact))]
  for (const device of devices) expect(await refusals(device)).toEqual([])
  const leads = [await server.joined(lead.email), await server.joined(acme.people.admin.email)] as const
  for (const [device, by] of [
    [leads[0], lead],
    [leads[1], acme.people.admin],
  ] as const)
    for (const id of ids) lift(device, id, by.id, by === lead ? 10 : 11)
  for (const device of leads) expect(await refusals(device)).toEqual([])
  for (const device of [...devices, ...leads]) await device.pull()
  const states = [...devices, ...leads].map((device) => ids.map((id) => device.row('do_not_call', id)))
  for (const state of states) expect(state).toEqual(states[0])
  expect(states[0]?.every((row) => row?.['lifted_at'] !== null)).toBe(true)
  for (const device of leads) expect([...device.conflicts.values()], 'nothing is left to decide').toEqual([])
})

test('[S22] a device of the previous version receives no page with the table before the first entry', async () => {
  const fresh = await server.workspace('Fresh')
  const device = await server.joined(fresh.people.agent.email)
  const headers = { ...device.headers(), [PROTOCOL_HEADER]: String(PROTOCOL_VERSION - 1) }
  const snapshot = async () => (await fetch(`${server.url}/v1/snapshot`, { headers })).text()
  expect(await snapshot()).not.toContain('do_not_call')
  add(device, entryOf(fresh.people.agent))
  await device.push()
  expect(await snapshot()).toContain('"do_not_call"')
})

test('leads read the lines of an entry in the trail; an agent who did not make the change does not', async () => {
  const id = add(admin, entryOf(acme.people.admin, { reason: 'in-the-trail' }))
  await admin.push()
  const lead = await server.joined(acme.people.team_lead.email)
  expect(JSON.stringify(await lead.get(`/v1/audit?record=${id}`))).toContain('in-the-trail')
  const agent = await server.joined(acme.people.agent.email)
  expect(JSON.stringify(await agent.get(`/v1/audit?record=${id}`))).not.toContain('in-the-trail')
})
