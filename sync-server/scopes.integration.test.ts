import type { UserId } from '../core/id.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROLES, reach, type Role } from '../core/roles.ts'
import { insertCallOf } from './testing/insert-call-of.ts'
import type { TestDevice } from './testing/test-device.ts'
import { samplePasswordHash, wonCall, type SampleWorkspace } from './testing/sample-workspace.ts'
import { TestServer } from './testing/test-server.ts'

const server = new TestServer(4)
let acme: SampleWorkspace
let bolt: SampleWorkspace
let admin: TestDevice
beforeAll(async () => {
  await server.start()
  acme = await server.workspace('Acme')
  bolt = await server.workspace('Bolt')
  admin = await server.joined(acme.people.admin.email)
})
afterAll(() => server.dispose())

/** Returns a device that keeps every answer as text, so that a test can search it for data that must not be in it. */
async function recorded(email: string): Promise<{ device: TestDevice; received: () => string }> {
  const device = server.device()
  const texts: string[] = []
  device.onReceive = (text) => void texts.push(text)
  await device.enrol(email)
  await device.pull()
  return { device, received: () => texts.join('\n') }
}

async function callOf(ownerId: UserId, fields: Parameters<TestDevice['insertCall']>[0] = {}): Promise<string> {
  const owner = Object.values(acme.people).find((person) => person.id === ownerId)
  const id = owner === undefined ? admin.insertCall({ ...wonCall(ownerId), ...fields }) : insertCallOf(admin, owner, fields)
  expect((await admin.push()).rejected).toEqual([])
  await admin.pull()
  return id
}

async function change(table: 'calls' | 'users', id: string, fields: Parameters<TestDevice['update']>[2]): Promise<void> {
  admin.update(table, id, fields)
  expect((await admin.push()).rejected).toEqual([])
  await admin.pull()
}

/** A person of their own for tests that change roles. */
async function hired(role: Role): Promise<{ id: string; email: string }> {
  const id = admin.newId()
  const email = `hired-${id}@acme.test`
  const fields = { name: `Hired ${id}`, role, is_active: 1, email, password_hash: samplePasswordHash(), created_at: 1 }
  admin.change([{ table: 'users', id, action: 'INSERT', fields }])
  expect((await admin.push()).rejected).toEqual([])
  return { id, email }
}

describe.each(ROLES)('[S14] %s', (role) => {
  test('receives the calls in scope and nothing of other calls', async () => {
    const me = acme.people[role]
    const mine = await callOf(me.id, { notes: `planted-own-${role}` })
    const theirs = await callOf(acme.people.other.id, { notes: `planted-foreign-${role}` })
    const { device, received } = await recorded(me.email)
    expect(device.ids('calls')).toContain(mine)
    const all = reach(role, 'calls.read') === 'all'
    expect(device.ids('calls').includes(theirs)).toBe(all)
    expect(received().includes(`planted-foreign-${role}`)).toBe(all)
    expect(received().includes(theirs)).toBe(all)
  })

  test('receives nothing of another client in any answer', async () => {
    const foreign = await server.joined(bolt.people.admin.email)
    const call = foreign.insertCall({ ...wonCall(bolt.people.agent.id), notes: 'planted-in-bolt' })
    await foreign.push()
    const { device, received } = await recorded(acme.people[role].email)
    device.change([{ table: 'calls', id: call, action: 'UPDATE', fields: { notes: 'mine now' } }])
    device.change([{ table: 'calls', id: call, action: 'DELETE', fields: {} }])
    device.change([{ table: 'users', id: bolt.people.agent.id, action: 'UPDATE', fields: { role: 'admin' } }])
    const { rejected } = await device.push()
    expect(rejected).toHaveLength(3)
    for (const path of [`/v1/history/calls/${call}`, `/v1/history/users/${bolt.people.agent.id}`])
      await expect(device.get(path)).rejects.toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
    await device.pull()
    expect(received()).not.toMatch(/bolt/i)
  })

  test('[S16] receives its own password hash and no other', async () => {
    const { received } = await recorded(acme.people[role].email)
    expect(received().split(samplePasswordHash()).length - 1).toBe(1)
  })
})

test('[S14] an agent receives the names, roles and states of colleagues, but no addresses', async () => {
  const { device, received } = await recorded(acme.people.agent.email)
  const columns = new Set(
    device
      .ids('users')
      .filter((id) => id !== acme.people.agent.id)
      .flatMap((id) => Object.keys(device.row('users', id) ?? {})),
  )
  expect([...columns].toSorted()).toEqual(['is_active', 'name', 'role'])
  expect(received()).not.toContain(acme.people.other.email)
  expect(device.row('users', acme.people.agent.id)).toMatchObject({ email: acme.people.agent.email })
})

test('[S16] a changed password hash reaches only its owner’s devices, and is neither in the log nor in the trail', async () => {
  const owner = await recorded(acme.people.other.email)
  const lead = await recorded(acme.people.team_lead.email)
  const planted = `$2b$04$${'plantedSecretOfTheTest'.padEnd(53, 'x')}`
  await change('users', acme.people.other.id, { password_hash: planted })
  await Promise.all([owner.device.pull(), lead.device.pull()])
  const history = JSON.stringify(await lead.device.get(`/v1/history/users/${acme.people.other.id}`))
  expect(owner.received()).toContain(planted)
  for (const text of [lead.received(), history, server.logged.join('')]) expect(text).not.toContain('plantedSecret')
  await change('users', acme.people.other.id, { password_hash: samplePasswordHash() })
})

test('[S15] a call that enters a scope arrives whole, and one that leaves it is removed', async () => {
  const { agent, other } = acme.people
  const one = await recorded(agent.email)
  const two = await recorded(other.email)
  const call = await callOf(agent.id, { notes: 'from the first owner', prospect_phone: '030 1' })
  await Promise.all([one.device.pull(), two.device.pull()])
  expect(one.device.ids('calls')).toContain(call)
  await change('calls', call, { user_id: other.id })
  const page = await one.device.pullPage()
  expect(page.removed).toMatchObject([{ table: 'calls', id: call, reason: 'moved' }])
  await two.device.pull()
  expect(two.device.row('calls', call)).toMatchObject({
    user_id: other.id,
    notes: 'from the first owner',
    prospect_phone: '030 1',
  })
  await change('calls', call, { user_id: agent.id })
  await Promise.all([one.device.pull(), two.device.pull()])
  expect([one.device.ids('calls').includes(call), two.device.ids('calls').includes(call)]).toEqual([true, false])
})

test('[S14] an agent receives no value that a call had before it was theirs', async () => {
  const { agent, other } = acme.people
  const call = await callOf(agent.id, { notes: 'planted-before' })
  await change('calls', call, { notes: 'planted-between' })
  await change('calls', call, { user_id: other.id, notes: 'given over' })
  await change('calls', call, { notes: 'afterwards' })
  const { device, received } = await recorded(other.email)
  await device.get(`/v1/history/calls/${call}`)
  expect(device.row('calls', call)?.['notes']).toBe('afterwards')
  expect(received()).toContain('given over')
  expect(received()).not.toMatch(/planted-(before|between)/)
  const first = await recorded(agent.email)
  await expect(first.device.get(`/v1/history/calls/${call}`)).rejects.toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
})

test('[S14] an edit of a call that was taken away meanwhile is refused as if the call did not exist, and the call is removed', async () => {
  const { agent, other } = acme.people
  const device = await server.joined(agent.email)
  const call = await callOf(agent.id)
  await device.pull()
  device.update('calls', call, { notes: 'typed in the train' })
  await change('calls', call, { user_id: other.id, notes: 'planted-new-owner' })
  const texts: string[] = []
  device.onReceive = (text) => void texts.push(text)
  const response = await device.push()
  expect(response.rejected).toEqual([{ index: 0, code: 'NOT_FOUND', field: null, current: null }])
  expect(response.removed).toMatchObject([{ id: call }])
  expect(texts.join()).not.toContain('planted-new-owner')
})

test('[S15] a promotion brings the missing rows and columns, and only those', async () => {
  const { id, email } = await hired('agent')
  const own = await callOf(id)
  const foreign = await callOf(acme.people.other.id)
  const device = await server.joined(email)
  expect(device.ids('calls')).toEqual([own])
  await change('users', id, { role: 'team_lead' })
  const page = await device.pullPage()
  expect(page).toMatchObject({ scope: { calls: 'all', users: 'full' }, forget: [] })
  const arrived = page.rows.filter(({ table }) => table === 'calls').flatMap(({ data }) => data[0] ?? [])
  expect(arrived).toContain(foreign)
  expect(arrived).not.toContain(own)
  await device.pull()
  const fresh = await server.joined(acme.people.admin.email)
  expect(device.ids('calls')).toEqual(fresh.ids('calls'))
  expect(device.row('users', acme.people.other.id)).toMatchObject({ email: acme.people.other.email })
})

test('[S15] a demotion names what the device must remove, and the feed continues in the smaller scope', async () => {
  const { id, email } = await hired('team_lead')
  const own = await callOf(id)
  await callOf(acme.people.other.id)
  const device = await server.joined(email)
  await change('users', id, { role: 'agent' })
  const page = await device.pullPage()
  expect(page).toMatchObject({ scope: { calls: 'own', users: 'names' }, forget: ['calls_of_others', 'user_details'] })
  await device.pull()
  expect(device.ids('calls')).toEqual([own])
  expect(Object.keys(device.row('users', acme.people.other.id) ?? {}).toSorted()).toEqual(['is_active', 'name', 'role'])
  expect(device.row('users', id)).toMatchObject({ email, role: 'agent' })
  await callOf(acme.people.other.id)
  expect((await device.pullPage()).rows).toEqual([])
})

test('[S15] a demotion sends the person’s own calls again, because the device removes those whose owner it had proposed', async () => {
  const { id, email } = await hired('team_lead')
  const own = await callOf(id)
  await callOf(acme.people.other.id)
  const device = await server.joined(email)
  device.rows.delete(`calls ${own}`)
  await change('users', id, { role: 'agent' })
  await device.pull()
  expect(device.ids('calls')).toEqual([own])
  device.rows.delete(`calls ${own}`)
  await device.pull()
  expect(device.ids('calls')).toEqual([])
})

test('[S15] two role changes that cancel out between two pulls change nothing', async () => {
  const { id, email } = await hired('agent')
  const own = await callOf(id)
  await callOf(acme.people.other.id)
  const device = await server.joined(email)
  await change('users', id, { role: 'team_lead' })
  await change('users', id, { role: 'agent' })
  await device.pull()
  expect(device.ids('calls')).toEqual([own])
})

test('[S13] [S17] a demotion takes effect with the next request, and so does a deactivation', async () => {
  const { id, email } = await hired('team_lead')
  const device = await server.joined(email)
  const call = await callOf(acme.people.other.id)
  await device.pull()
  await change('users', id, { role: 'agent' })
  device.update('calls', call, { notes: 'I was a lead yesterday' })
  expect((await device.push()).rejected).toMatchObject([{ code: 'NOT_FOUND' }])
  await change('users', id, { is_active: 0 })
  device.insertCall(wonCall(id))
  const attempts = [() => device.push(), () => device.pull(), () => device.get(`/v1/history/users/${id}`)]
  for (const attempt of attempts) await expect(attempt()).rejects.toThrow(expect.objectContaining({ code: 'USER_DEACTIVATED' }))
})
