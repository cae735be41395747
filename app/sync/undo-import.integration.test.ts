import { afterEach, beforeEach, expect, test } from 'vitest'
import { must } from '../../core/assert.ts'
import type { UndoCounts } from '../../core/contract/import-undo.ts'
import type { ClientId, Id } from '../../core/id.ts'
import { codeOf, TEST_PASSWORD } from '../testing/test-application.ts'
import { ADMIN_EMAIL, AGENT_EMAIL } from './testing/acme.ts'
import { Device } from './testing/device.ts'
import { importRows } from './testing/import-file.ts'
import { ServerProcess } from './testing/server-process.ts'

const LEA = 'lea@acme.test'
const rows = (notes: string) => [1, 2, 3, 4].map((n) => `r${n},Ben Agent,P${n},2026-01-0${n}T10:00,completed,won,,60,${notes}`)

let server: ServerProcess
let ada: Device
let lea: Device
let ben: Device
let clientId: ClientId

beforeEach(async () => {
  server = new ServerProcess()
  ;[ada, lea, ben] = [new Device(), new Device(), new Device()]
  await server.start()
  clientId = (await ada.create('Acme', ADMIN_EMAIL)).client.id
  await ada.api.users.create({ email: AGENT_EMAIL, name: 'Ben Agent', role: 'agent', password: TEST_PASSWORD })
  await ada.api.users.create({ email: LEA, name: 'Lea Lead', role: 'team_lead', password: TEST_PASSWORD })
  await ada.publish(server.url)
  await lea.join(server.url, LEA)
  await ben.join(server.url, AGENT_EMAIL)
})
afterEach(async () => {
  for (const device of [ada, lea, ben]) await device.dispose()
  await server.dispose()
})

const held = (device: Device) =>
  device
    .query<{ name: string; notes: string }>(clientId, 'SELECT prospect_name AS name, notes FROM calls ORDER BY prospect_name')
    .map(({ name, notes }) => `${name} ${notes}`)
async function idOf(device: Device, name: string): Promise<Id> {
  const found = (await device.api.calls.list({ filter: {} })).rows.find(({ prospectName }) => prospectName === name)
  return must(found, name).id
}
async function meet(): Promise<void> {
  for (const device of [lea, ben, ada, lea, ben, ada]) {
    device.isOnline = true
    await device.synced()
  }
}
async function undo(device: Device, importId: Id): Promise<UndoCounts> {
  for await (const event of await device.api.imports.undo({ importId })) if (event.kind === 'done') return event.counts
  throw new Error('An undo ends with its counts')
}

test('a lead’s undo deletes the calls on every device, and keeps edits of others, also those that have not arrived yet', async () => {
  const { importId } = await importRows(lea, rows('imported'))
  await meet()
  expect(held(ben)).toHaveLength(4)
  await ben.api.calls.update({ id: await idOf(ben, 'P1'), patch: { notes: 'known' } })
  await meet()
  // An edit that has not reached the lead's device.
  ben.isOnline = false
  lea.isOnline = false
  await ben.api.calls.update({ id: await idOf(ben, 'P2'), patch: { notes: 'unknown' } })
  expect(await undo(lea, importId)).toEqual({ removed: 3, restored: 0, kept: 1 })
  ben.isOnline = true
  await ben.synced()
  await meet()
  for (const device of [ada, lea, ben]) expect(held(device)).toEqual(['P1 known', 'P2 unknown'])
})

test('an undone file can be imported again, and every device has the calls once', async () => {
  const { importId } = await importRows(lea, rows('wrong'))
  await meet()
  await undo(lea, importId)
  await meet()
  for (const device of [ada, lea, ben]) expect(held(device)).toEqual([])
  expect(await importRows(lea, rows('right'))).toMatchObject({ created: 4, refused: 0 })
  await meet()
  for (const device of [ada, lea, ben]) expect(held(device)).toEqual([1, 2, 3, 4].map((n) => `P${n} right`))
  const again = must((await lea.api.imports.list())[0], 'an import').importId
  expect(await undo(lea, again)).toEqual({ removed: 4, restored: 0, kept: 0 })
  await meet()
  for (const device of [ada, lea, ben]) expect(held(device)).toEqual([])
  expect(await lea.api.sync.rejections()).toEqual([])
})

test('an undo restores earlier values on every device', async () => {
  await importRows(lea, rows('first'))
  await meet()
  const { importId } = await importRows(lea, rows('second'))
  await meet()
  expect(await undo(lea, importId)).toEqual({ removed: 0, restored: 4, kept: 0 })
  await meet()
  for (const device of [ada, lea, ben]) expect(held(device)).toEqual([1, 2, 3, 4].map((n) => `P${n} first`))
})

test('a device that did not run the import does not list it and cannot undo it', async () => {
  const { importId } = await importRows(lea, rows('imported'))
  await meet()
  expect(await ada.api.imports.list()).toEqual([])
  expect(await codeOf(undo(ada, importId))).toBe('NOT_FOUND')
  expect(held(ada)).toHaveLength(4)
})
