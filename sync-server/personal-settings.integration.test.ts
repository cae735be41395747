import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { must } from '../core/assert.ts'
import { ROLES, reach } from '../core/roles.ts'
import { PROTOCOL_HEADER, PROTOCOL_VERSION } from '../core/sync/protocol.ts'
import type { Person, SampleWorkspace } from './testing/sample-workspace.ts'
import type { TestDevice } from './testing/test-device.ts'
import { TestServer } from './testing/test-server.ts'

const server = new TestServer(4)
let acme: SampleWorkspace
let admin: TestDevice
beforeAll(async () => {
  await server.start()
  acme = await server.workspace('Acme')
  admin = await server.joined(acme.people.admin.email)
})
afterAll(() => server.dispose())

/** Returns a device that keeps every answer as text, so that a test can search it for data that must not be in it. */
async function recorded(person: Person): Promise<{ device: TestDevice; received: () => string }> {
  const device = server.device()
  const texts: string[] = []
  device.onReceive = (text) => void texts.push(text)
  await device.enrol(person.email)
  await device.pull()
  return { device, received: () => texts.join('\n') }
}

function putSetting(device: TestDevice, owner: string, key: string, value: unknown): string {
  const id = `${owner}:${key}`
  const fields = { user_id: owner, key, value: JSON.stringify(value) }
  device.change([{ table: 'user_settings', id, action: 'INSERT', fields }])
  return id
}

function putTarget(device: TestDevice, who: string, value: unknown, metric = 'won'): string {
  const id = `target:2026-10:${who}:${metric}`
  device.change([{ table: 'client_settings', id, action: 'INSERT', fields: { value: JSON.stringify(value) } }])
  return id
}

describe.each(ROLES)('[S14] %s', (role) => {
  test('receives their own settings on a second device, and nothing of the settings of others', async () => {
    const me = acme.people[role]
    const [first, theirs] = [await server.joined(me.email), await server.joined(acme.people.other.email)]
    const id = putSetting(first, me.id, `mine.${role}`, `planted-mine-${role}`)
    const foreign = putSetting(theirs, acme.people.other.id, `other.${role}`, `planted-other-${role}`)
    for (const device of [first, theirs]) expect((await device.push()).rejected).toEqual([])
    const { device, received } = await recorded(me)
    expect(device.row('user_settings', id)).toMatchObject({
      user_id: me.id,
      key: `mine.${role}`,
      value: `"planted-mine-${role}"`,
    })
    // Includes the tail after the snapshot.
    putSetting(theirs, acme.people.other.id, `tail.${role}`, `planted-tail-${role}`)
    expect((await theirs.push()).rejected).toEqual([])
    await device.pull()
    expect(received()).not.toContain(`planted-other-${role}`)
    expect(received()).not.toContain(`planted-tail-${role}`)
    expect(device.ids('user_settings')).not.toContain(foreign)
  })

  test('cannot write, read or guess another person’s settings [S13]', async () => {
    const { device, received } = await recorded(acme.people[role])
    const theirs = await server.joined(acme.people.other.email)
    const { id: victim } = acme.people.other
    const id = putSetting(theirs, victim, `guess.${role}`, `planted-guess-${role}`)
    await theirs.push()
    putSetting(device, victim, `guess.${role}`, 'mine')
    device.change([{ table: 'user_settings', id, action: 'UPDATE', fields: { value: '"mine"' } }])
    // A forged id, with the sender as the person in the row.
    device.change([
      {
        table: 'user_settings',
        id: `${victim}:x`,
        action: 'INSERT',
        fields: { user_id: acme.people[role].id, key: 'x', value: '1' },
      },
    ])
    expect((await device.push()).rejected).toMatchObject([{ code: 'FORBIDDEN' }, { code: 'FORBIDDEN' }, { code: 'FORBIDDEN' }])
    await expect(device.get(`/v1/history/user_settings/${encodeURIComponent(id)}`)).rejects.toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    )
    await device.get('/v1/audit?limit=500')
    await device.get('/v1/audit?limit=500&table=user_settings')
    expect(received()).not.toContain(`planted-guess-${role}`)
    await theirs.pull()
    expect(theirs.row('user_settings', id)?.['value']).toBe(`"planted-guess-${role}"`)
  })

  test('receives the team’s targets and their own, and those of others only with access to everyone’s calls', async () => {
    const me = acme.people[role]
    for (const [who, value] of [
      ['team', 111_001],
      [me.id, 111_002],
      [acme.people.other.id, 111_003],
    ] as const)
      putTarget(admin, who, value, 'won')
    await admin.push()
    const { device } = await recorded(me)
    const ids = device.ids('client_settings')
    expect(ids).toContain('target:2026-10:team:won')
    expect(ids).toContain(`target:2026-10:${me.id}:won`)
    expect(ids.includes(`target:2026-10:${acme.people.other.id}:won`)).toBe(reach(role, 'calls.read') === 'all')
    expect(ids).toContain('time_zone')
  })

  test('sets targets only with the permission, regardless of what the device sends [S13]', async () => {
    const { device } = await recorded(acme.people[role])
    const value = 700 + ROLES.indexOf(role)
    const key = putTarget(device, acme.people.other.id, value, 'completed')
    const { rejected } = await device.push()
    const isAllowed = reach(role, 'targets.edit') === 'all'
    expect(rejected.map(({ code }) => code)).toEqual(isAllowed ? [] : ['FORBIDDEN'])
    await admin.pull()
    expect(admin.row('client_settings', key)?.['value'] === String(value)).toBe(isAllowed)
  })
})

test('[S15] a person who becomes a lead receives the targets of others, and removes them when they are an agent again', async () => {
  const person = acme.people.agent
  putTarget(admin, acme.people.other.id, 222_001, 'show_rate')
  putTarget(admin, acme.people.other.id, 0.5, 'close_rate')
  await admin.push()
  const device = await server.joined(person.email)
  const key = `target:2026-10:${acme.people.other.id}:close_rate`
  expect(device.ids('client_settings')).not.toContain(key)
  admin.update('users', person.id, { role: 'viewer' })
  await admin.push()
  await device.pull()
  expect(device.ids('client_settings')).toContain(key)
  admin.update('users', person.id, { role: 'agent' })
  await admin.push()
  const forgotten: string[] = []
  device.onReceive = (text) => void forgotten.push(text)
  await device.pull()
  expect(forgotten.join()).toContain('calls_of_others')
})

test('[S17] a deactivated person receives nothing more, and their settings are kept until they are active again', async () => {
  const person = acme.people.other
  const device = await server.joined(person.email)
  const id = putSetting(device, person.id, 'back', 'kept')
  await device.push()
  admin.update('users', person.id, { is_active: 0 })
  await admin.push()
  await expect(device.pull()).rejects.toThrow(expect.objectContaining({ code: 'USER_DEACTIVATED' }))
  admin.update('users', person.id, { is_active: 1 })
  await admin.push()
  const again = await server.joined(person.email)
  expect(must(again.row('user_settings', id), 'The setting')['value']).toBe('"kept"')
})

test('[S22] a device of the previous version is served, and receives the table only if its person has settings', async () => {
  const person = acme.people.viewer
  const device = await server.joined(person.email)
  const snapshot = async (version: number) => {
    const headers = { ...device.headers(), [PROTOCOL_HEADER]: String(version) }
    const response = await fetch(`${server.url}/v1/snapshot`, { headers })
    const page = (await response.json()) as { readonly rows?: readonly { readonly table: string }[] }
    return { status: response.status, tables: page.rows?.map(({ table }) => table) ?? [] }
  }
  const bolt = await server.workspace('Bolt')
  const fresh = await server.joined(bolt.people.viewer.email)
  const headers = { ...fresh.headers(), [PROTOCOL_HEADER]: String(PROTOCOL_VERSION - 1) }
  const page = await (await fetch(`${server.url}/v1/snapshot`, { headers })).text()
  expect(page).toContain('"client_settings"')
  expect(page).not.toContain('user_settings')
  putSetting(device, person.id, 'old.peer', 1)
  await device.push()
  expect(await snapshot(PROTOCOL_VERSION - 1)).toMatchObject({ status: 200 })
  expect((await snapshot(PROTOCOL_VERSION - 1)).tables).toContain('user_settings')
  expect((await snapshot(PROTOCOL_VERSION + 1)).status).toBe(426)
})
