import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { must } from '../../core/assert.ts'
import type { ClientId, UserId } from '../../core/id.ts'
import { openWritable } from '../../db/open.ts'
import { compareIndexWithCalls } from '../../db/testing/search.ts'
import { Device } from '../sync/testing/device.ts'
import { foundAcme } from '../sync/testing/acme.ts'
import { ServerProcess } from '../sync/testing/server-process.ts'
import { file, MAP } from '../testing/import-into.ts'
import { TEST_PASSWORD, wonCall } from '../testing/test-application.ts'
import { examineHome } from './examine-home.ts'

const server = new ServerProcess()
const devices = { admin: new Device(), agent: new Device(), lead: new Device(), viewer: new Device() }
const { admin, agent, lead, viewer } = devices
const LEAD_EMAIL = 'lea@acme.test'
const VIEWER_EMAIL = 'vic@acme.test'
let clientId: ClientId
let adminId: UserId
let agentId: UserId
let leadId: UserId

beforeAll(async () => {
  await server.start()
  ;({ clientId, adminId, agentId } = await foundAcme(server.url, admin, agent, async (acme) => {
    await admin.api.calls.create(wonCall(acme.agentId, 'Before Publication'))
    const gone = await admin.api.calls.create(wonCall(acme.adminId, 'Gone Before'))
    await admin.api.calls.delete({ id: gone.id })
  }))
  const people = [
    { email: LEAD_EMAIL, name: 'Lea Lead', role: 'team_lead' },
    { email: VIEWER_EMAIL, name: 'Vic Viewer', role: 'viewer' },
  ] as const
  const [first] = await Promise.all(people.map((person) => admin.api.users.create({ ...person, password: TEST_PASSWORD })))
  leadId = must(first, 'Lea was created').id
  await admin.synced()
  await lead.join(server.url, LEAD_EMAIL)
  await viewer.join(server.url, VIEWER_EMAIL)
})

afterAll(async () => {
  for (const device of Object.values(devices)) await device.dispose()
  await server.dispose()
})

/** Returns the findings of the doctor in each home. */
function findings(): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(devices).map(([name, { home }]) => {
      const { checks, workspaces } = examineHome(home)
      const all = [...checks, ...workspaces.flatMap((each) => each.checks)]
      return [name, all.filter(({ ok }) => !ok).map((check) => `${check.name}: ${check.detail}`)]
    }),
  )
}
const NOTHING = { admin: [], agent: [], lead: [], viewer: [] }

async function synced(): Promise<void> {
  for (let round = 0; round < 2; round++) for (const device of Object.values(devices)) await device.synced()
}

async function found(device: Device, text: string): Promise<string[]> {
  const { rows } = await device.api.calls.list({ filter: { text } })
  return rows.map(({ id }) => id)
}

test('published and joined homes of every role are healthy', () => {
  expect(findings()).toEqual(NOTHING)
})

test('after a join, search finds calls that were created, edited and deleted, here and on other devices', async () => {
  for (const [device, owner] of [
    [agent, agentId],
    [lead, leadId],
  ] as const) {
    const { id } = await device.api.calls.create({ ...wonCall(owner, 'Jo Quetzalcoatl'), notes: 'Montezuma' })
    expect(await found(device, 'quetzal')).toEqual([id])
    await device.api.calls.update({ id, patch: { notes: 'Zerubbabel' } })
    expect([await found(device, 'montezuma'), await found(device, 'zerub')]).toEqual([[], [id]])
    await synced()
    expect(await found(lead, 'zerubbabel')).toEqual([id])
    await lead.api.calls.update({ id, patch: { notes: 'Huitzilopochtli' } })
    await synced()
    expect([await found(device, 'zerubbabel'), await found(device, 'huitzil')]).toEqual([[], [id]])
    await device.api.calls.delete({ id })
    await synced()
    for (const each of [device, lead, viewer]) expect(await found(each, 'quetzalcoatl')).toEqual([])
  }
  expect(findings()).toEqual(NOTHING)
})

test('homes are healthy after reassignments, deletions on other devices and an import', async () => {
  const moved = await agent.api.calls.create(wonCall(agentId, 'Moved Away'))
  const gone = await agent.api.calls.create(wonCall(agentId, 'Gone Elsewhere'))
  const taken = await admin.api.calls.create(wonCall(adminId, 'Taken Over'))
  await synced()
  await agent.api.calls.update({ id: gone.id, patch: { notes: 'edited here' } })
  await synced()
  await admin.api.calls.update({ id: moved.id, patch: { userId: leadId } })
  await admin.api.calls.update({ id: taken.id, patch: { userId: agentId } })
  await admin.api.calls.delete({ id: gone.id })
  await synced()
  const text = file('1,Ben Agent,Imported One,2026-01-05,no_show,,,,', '2,Ben Agent,Imported Two,2026-01-05,no_show,,,,')
  const { importId } = await lead.api.imports.inspect({ file: new File([text], 'calls.csv') })
  for await (const _ of await lead.api.imports.run({ importId, map: MAP, dryRun: false }));
  await synced()
  expect(await found(agent, 'imported')).toHaveLength(2)
  expect(findings()).toEqual(NOTHING)
})

test('[S15] after a demotion with waiting changes, no byte of the home has data that the person may not see, and the home is healthy', async () => {
  const secret = await admin.api.calls.create({ ...wonCall(adminId, 'Jo Ixtlilxochitl'), notes: 'Cuauhtemoc' })
  await synced()
  lead.isOnline = false
  await lead.api.calls.update({ id: secret.id, patch: { notes: 'typed offline' } })
  await admin.api.users.update({ id: leadId, patch: { role: 'agent' } })
  await admin.synced()
  expect(findings()).toEqual(NOTHING)
  lead.isOnline = true
  await lead.synced()
  await lead.until('the refusal arrives', ({ pending, rejections }) => pending === 0 && rejections > 0)
  await lead.synced()
  await lead.until(
    'the removed rows are overwritten',
    () => {
      const [device] = lead.query<{ pending: number }>(clientId, 'SELECT scrub_pending AS pending FROM sync_device')
      return device?.pending === 0
    },
    900_000,
  )
  const held = lead.bytes().toString('latin1').toLowerCase()
  for (const word of ['ixtlilxochitl', 'tlilxochitl', 'cuauhtemoc', 'auhtemoc']) expect(held.includes(word), word).toBe(false)
  expect(held.includes('typed offline')).toBe(true)
  expect(await found(lead, 'ixtlilxochitl')).toEqual([])
  expect(findings()).toEqual(NOTHING)
})

test('a home with waiting changes is healthy', async () => {
  agent.isOnline = false
  await agent.api.calls.create(wonCall(agentId, 'Waits'))
  expect(findings()).toEqual(NOTHING)
  agent.isOnline = true
  await agent.synced()
})

test('a joined home without the triggers of the text index is repaired when it is opened', async () => {
  await agent.application.close()
  const path = join(agent.home, 'workspaces', clientId, 'workspace.db')
  const broken = openWritable(path)
  for (const name of ['insert', 'update', 'delete']) broken.sqlite.exec(`DROP TRIGGER calls_text_${name}`)
  broken.close()
  expect(findings()['agent']).toEqual([expect.stringContaining('schema: ')])
  await agent.restart()
  await agent.api.session.signIn({ email: 'ben@acme.test', password: TEST_PASSWORD })
  const { id } = await agent.api.calls.create(wonCall(agentId, 'Jo Nezahualcoyotl'))
  expect(await found(agent, 'nezahual')).toEqual([id])
  expect(findings()).toEqual(NOTHING)
  const db = openWritable(path)
  expect(() => compareIndexWithCalls(db.sqlite)).not.toThrow()
  db.close()
})

test('the copy of an interrupted publication is removed from a connected workspace', async () => {
  const folder = join(admin.home, 'workspaces', clientId, 'publishing')
  await admin.application.close()
  mkdirSync(folder)
  writeFileSync(join(folder, 'frozen.db'), 'Moctezuma')
  await admin.restart()
  await admin.api.session.signIn({ email: 'ada@acme.test', password: TEST_PASSWORD })
  await admin.synced()
  await admin.until('the copy is gone', () => !existsSync(folder))
  expect(admin.bytes().includes('Moctezuma')).toBe(false)
})
