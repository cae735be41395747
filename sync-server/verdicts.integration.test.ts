import type { UserId } from '../core/id.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { must } from '../core/assert.ts'
import { ROLES, may, reach, type Permission } from '../core/roles.ts'
import type { SyncTableName } from '../core/sync/tables.ts'
import { insertCallOf } from './testing/insert-call-of.ts'
import type { TestDevice } from './testing/test-device.ts'
import { LOST_UNIT, wonCall, type SampleWorkspace } from './testing/sample-workspace.ts'
import { TestServer } from './testing/test-server.ts'

const server = new TestServer(5)
let acme: SampleWorkspace
let admin: TestDevice
beforeAll(async () => {
  await server.start()
  acme = await server.workspace('Acme')
  admin = await server.joined(acme.people.admin.email)
})
afterAll(() => server.dispose())

async function callOf(ownerId: UserId): Promise<string> {
  const owner = must(
    Object.values(acme.people).find((person) => person.id === ownerId),
    'The owner is a person of the client',
  )
  const id = insertCallOf(admin, owner)
  expect((await admin.push()).rejected).toEqual([])
  return id
}

let serial = 0
const reason = () => ({ name: `Reason of verdicts ${++serial}`, description: null, is_active: 1, created_at: 1 })

/** The permission that each action needs, for own records and for those of others. */
type Case = {
  readonly what: string
  readonly permission: Permission
  readonly target: 'own' | 'other' | 'client'
  /** Whether the call is deleted before the action. */
  readonly isDeleted?: true
  readonly run: (device: TestDevice, call: string) => void
}
const client = (
  what: string,
  permission: Permission,
  table: SyncTableName,
  id: () => string,
  fields: () => Record<string, string | number | null>,
  action: 'INSERT' | 'UPDATE' = 'UPDATE',
): Case => ({
  what,
  permission,
  target: 'client',
  run: (device) => void device.change([{ table, id: id(), action, fields: fields() }]),
})
const cases: readonly Case[] = [
  ...(['own', 'other'] as const).flatMap((target): Case[] => [
    {
      what: 'edit a call',
      permission: 'calls.edit',
      target,
      run: (device, call) => void device.update('calls', call, { notes: 'x' }),
    },
    {
      what: 'delete a call',
      permission: 'calls.delete',
      target,
      run: (device, call) => void device.change([{ table: 'calls', id: call, action: 'DELETE', fields: {} }]),
    },
    {
      what: 'restore a call',
      permission: 'calls.restore',
      target,
      isDeleted: true,
      run: (device, call) => void device.restoreCall(call),
    },
    {
      what: 'give a call away',
      permission: 'calls.reassign',
      target,
      run: (device, call) =>
        void device.update('calls', call, {
          user_id: (device.userId === acme.people.admin.id ? acme.people.agent : acme.people.admin).id,
        }),
    },
  ]),
  client(
    'make a person',
    'users.edit',
    'users',
    () => admin.newId(),
    () => ({ name: 'N', role: 'admin', is_active: 1, email: `n${++serial}@acme.test`, password_hash: null, created_at: 1 }),
    'INSERT',
  ),
  client(
    'rename a person',
    'users.edit',
    'users',
    () => acme.people.other.id,
    () => ({ name: `Renamed ${++serial}` }),
  ),
  client('make a reason', 'loss_reasons.edit', 'loss_reasons', () => admin.newId(), reason, 'INSERT'),
  client(
    'deactivate a reason',
    'loss_reasons.edit',
    'loss_reasons',
    () => acme.lossReasonIds[2] ?? '',
    () => ({ is_active: 0 }),
  ),
  client(
    'change a setting',
    'settings.edit',
    'client_settings',
    () => 'week_start',
    () => ({ value: '7' }),
  ),
  client(
    'rename the client',
    'settings.edit',
    'clients',
    () => acme.clientId,
    () => ({ name: `Acme ${++serial}` }),
  ),
]

describe.each(ROLES)('[S13] %s', (role) => {
  test.each(cases)('$what · $target', async ({ permission, target, isDeleted, run }) => {
    const me = acme.people[role]
    const owner = target === 'other' ? acme.people.other.id : me.id
    const call = await callOf(owner)
    if (isDeleted === true) {
      admin.deleteCall(call)
      await admin.push()
    }
    const device = await server.joined(me.email)
    run(device, call)
    const allowed = target === 'client' ? reach(role, permission) === 'all' : may(role, permission, me.id, owner)
    const editFirst = permission !== 'calls.reassign' || may(role, 'calls.edit', me.id, owner)
    const { rejected } = await device.push()
    if (allowed && editFirst) return expect(rejected).toEqual([])
    const hidden = target === 'other' && !may(role, 'calls.read', me.id, owner)
    expect(rejected).toMatchObject([{ code: hidden ? 'NOT_FOUND' : 'FORBIDDEN' }])
  })
})

test('[S13] the author is the person of the token, regardless of the operation’s fields', async () => {
  const agent = await server.joined(acme.people.agent.email)
  const call = agent.insertCall(wonCall(acme.people.agent.id))
  await agent.push()
  const history = JSON.stringify(await agent.get(`/v1/history/calls/${call}`))
  expect(history).toContain(acme.people.agent.id)
  // A call for another person, and another person as the actor: the token decides the author, and the role refuses the call.
  agent.insertCall({ ...wonCall(acme.people.other.id) })
  expect((await agent.push()).rejected).toMatchObject([{ code: 'FORBIDDEN', field: 'user_id' }])
  agent.change([
    {
      table: 'calls',
      id: agent.newId(),
      action: 'INSERT',
      fields: { ...wonCall(acme.people.agent.id), changed_by: acme.people.admin.id },
    },
  ])
  await expect(agent.push()).rejects.toThrow(
    expect.objectContaining({ code: 'SERVER_OUTDATED', data: { table: 'calls', column: 'changed_by' } }),
  )
})

test('[S12] the answer to a rejected edit contains the server’s row, so that the device has the server’s state', async () => {
  const lead = await server.joined(acme.people.team_lead.email)
  const call = lead.insertCall({ ...wonCall(acme.people.team_lead.id), call_duration: 60 })
  await lead.push()
  lead.update('calls', call, { call_duration: 999_999, notes: 'typed' })
  const { rejected, rows } = await lead.push()
  expect(rejected).toEqual([{ index: 0, code: 'INVALID', field: 'call_duration', current: 60 }])
  expect(rows).toHaveLength(1)
  const fresh = await server.joined(acme.people.team_lead.email)
  expect(lead.row('calls', call)).toEqual(fresh.row('calls', call))
})

test('[S12] a rejection also rejects the operations that depend on it, and no others', async () => {
  const device = await server.joined(acme.people.admin.email)
  const made = device.newId()
  const email = acme.people.agent.email.toUpperCase()
  const taken = { name: 'N', role: 'agent', is_active: 1, email, password_hash: null, created_at: 1 }
  device.change([{ table: 'users', id: made, action: 'INSERT', fields: taken }])
  const dependent = device.insertCall(wonCall(made))
  const other = device.insertCall(wonCall(acme.people.agent.id))
  device.update('calls', dependent, { notes: 'on a call that never came to be' })
  device.update('calls', other, { notes: 'fine' })
  const { rejected } = await device.push()
  expect(rejected).toEqual([
    { index: 0, code: 'CONFLICT', field: 'email', current: acme.people.agent.id },
    { index: 1, code: 'INVALID', field: 'user_id', current: null },
    { index: 3, code: 'NOT_FOUND', field: null, current: null },
  ])
  const fresh = await server.joined(acme.people.admin.email)
  expect(fresh.row('calls', other)?.['notes']).toBe('fine')
})

test('[S11] a new reason with a used name is an alias in this push, in its retry, in later pushes and for other devices', async () => {
  const device = await server.joined(acme.people.admin.email)
  const [survivor] = acme.lossReasonIds
  const alias = { table: 'loss_reasons', id: device.newId(), to: survivor }
  const lost = { ...wonCall(acme.people.agent.id), ...LOST_UNIT(alias.id) }
  const fields = { ...reason(), name: 'REASON  1' }
  device.change([{ table: 'loss_reasons', id: alias.id, action: 'INSERT', fields }])
  const first = device.insertCall(lost)
  const sent = device.pushRequest()
  const answer = await device.push()
  expect(answer).toMatchObject({ merged: [0], rejected: [], aliases: [alias] })
  expect(answer.rows.map(({ table }) => table)).toContain('loss_reasons')
  expect(await device.send(sent)).toMatchObject({ seq: answer.seq, merged: [0], rejected: [], aliases: [alias] })
  const second = device.insertCall(lost)
  expect(await device.push()).toMatchObject({ merged: [], rejected: [], aliases: [alias] })
  const other = await server.joined(acme.people.team_lead.email)
  const third = other.insertCall(lost)
  expect(await other.push()).toMatchObject({ rejected: [], aliases: [alias] })
  const fresh = await server.joined(acme.people.admin.email)
  expect([first, second, third].map((id) => fresh.row('calls', id)?.['loss_reason_id'])).toEqual([survivor, survivor, survivor])
  expect(fresh.row('loss_reasons', alias.id)).toBeUndefined()
})

test('[S11] an alias of a rejected transaction is not kept', async () => {
  const device = await server.joined(acme.people.admin.email)
  const id = device.newId()
  device.change([
    { table: 'loss_reasons', id, action: 'INSERT', fields: { ...reason(), name: 'REASON 1' } },
    { table: 'calls', id: device.newId(), action: 'INSERT', fields: { ...wonCall(acme.people.agent.id), call_duration: -1 } },
  ])
  expect((await device.push()).rejected.map(({ code }) => code)).toEqual(['TRANSACTION', 'INVALID'])
  device.insertCall({ ...wonCall(acme.people.agent.id), ...LOST_UNIT(id) })
  expect(await device.push()).toMatchObject({ rejected: [{ code: 'INVALID', field: 'loss_reason_id' }], aliases: [] })
})

test('[S12] a rejection does not block later operations', async () => {
  const device = await server.joined(acme.people.agent.email)
  device.update('calls', await callOf(acme.people.other.id), { notes: 'not mine' })
  await device.push()
  const id = device.insertCall(wonCall(acme.people.agent.id))
  expect((await device.push()).rejected).toEqual([])
  expect((await server.joined(acme.people.agent.email)).ids('calls')).toContain(id)
})

test('two reasons can exchange their names in one push', async () => {
  const device = await server.joined(acme.people.admin.email)
  const [one, two] = [device.newId(), device.newId()]
  device.change([
    { table: 'loss_reasons', id: one, action: 'INSERT', fields: { ...reason(), name: 'Left' } },
    { table: 'loss_reasons', id: two, action: 'INSERT', fields: { ...reason(), name: 'Right' } },
  ])
  await device.push()
  device.update('loss_reasons', one, { name: 'Between' })
  device.update('loss_reasons', two, { name: 'Left' })
  device.update('loss_reasons', one, { name: 'Right' })
  expect((await device.push()).rejected).toEqual([])
  const fresh = await server.joined(acme.people.admin.email)
  expect([one, two].map((id) => fresh.row('loss_reasons', id)?.['name'])).toEqual(['Right', 'Left'])
})

test('[S12] a person’s own sign-ins are events: they are recorded and change `last_login`', async () => {
  const agent = await server.joined(acme.people.agent.email)
  agent.change([{ table: 'users', id: acme.people.agent.id, action: 'LOGIN', fields: { unlock: 1 } }])
  agent.change([{ table: 'users', id: acme.people.other.id, action: 'LOGIN_FAILED', fields: { reason: 'password' } }])
  expect((await agent.push()).rejected).toEqual([{ index: 1, code: 'FORBIDDEN', field: null, current: null }])
  const lead = await server.joined(acme.people.team_lead.email)
  expect(lead.row('users', acme.people.agent.id)?.['last_login']).toBeGreaterThan(1_760_000_000_000)
  expect(JSON.stringify(await lead.get(`/v1/history/users/${acme.people.agent.id}`))).toContain('LOGIN')
})
