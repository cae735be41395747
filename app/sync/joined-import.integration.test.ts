import { afterEach, beforeEach, expect, test } from 'vitest'
import { must } from '../../core/assert.ts'
import type { ClientId, Id, UserId } from '../../core/id.ts'
import { TEST_PASSWORD } from '../testing/test-application.ts'
import { ADMIN_EMAIL, AGENT_EMAIL } from './testing/acme.ts'
import { Device } from './testing/device.ts'
import { importRows, lostRows } from './testing/import-file.ts'
import { ServerProcess } from './testing/server-process.ts'

const LEA = 'lea@acme.test'
const row = (n: number, notes: string, { name = `Prospect ${n}`, seconds = 60 } = {}) =>
  `r${n},Ben Agent,${name},2026-01-${String(n + 1).padStart(2, '0')}T10:00,completed,won,,${seconds},${notes}`
const rows = (count: number, notes: string) => Array.from({ length: count }, (_, n) => row(n, notes))

let server: ServerProcess
let devices: Device[]
/** The admin published; the lead joined afterwards, so the lead's trail starts with the join. */
let ada: Device
let lea: Device
let clientId: ClientId
let leaId: UserId

beforeEach(async () => {
  server = new ServerProcess()
  ada = new Device()
  lea = new Device()
  devices = [ada, lea]
  await server.start()
  clientId = (await ada.create('Acme', ADMIN_EMAIL)).client.id
  await ada.api.users.create({ email: AGENT_EMAIL, name: 'Ben Agent', role: 'agent', password: TEST_PASSWORD })
  await ada.api.users.create({ email: LEA, name: 'Lea Lead', role: 'team_lead', password: TEST_PASSWORD })
  // The calls are imported, corrected and deleted before the lead joins.
  await importRows(ada, rows(6, 'as imported'))
  await ada.api.calls.update({ id: await idOf(ada, 'Prospect 0'), patch: { notes: 'corrected before' } })
  await ada.api.calls.delete({ id: await idOf(ada, 'Prospect 1') })
  await ada.publish(server.url)
  leaId = (await lea.join(server.url, LEA)).user.id
})

afterEach(async () => {
  for (const device of devices) await device.dispose()
  await server.dispose()
})

const heldBy = (device: Device) =>
  device.query<{ id: Id; name: string; notes: string | null; seconds: number; user: string; reason: string | null }>(
    clientId,
    `SELECT id, prospect_name AS name, notes, call_duration AS seconds, user_id AS user, loss_reason_id AS reason FROM calls ORDER BY prospect_name`,
  )
async function idOf(device: Device, name: string): Promise<Id> {
  const { rows: found } = await device.api.calls.list({ filter: {} })
  return must(
    found.find(({ prospectName }) => prospectName === name),
    name,
  ).id
}
async function meet(...order: Device[]): Promise<void> {
  for (const device of [...order, ...order]) {
    device.isOnline = true
    await device.synced()
  }
}
const counts = ({ created, updated, unchanged, refused }: Awaited<ReturnType<typeof importRows>>) => [
  created,
  updated,
  unchanged,
  refused,
]
const namesOf = (device: Device) => heldBy(device).map(({ name }) => name)

test('an import on a joined device does not restore a deleted call, whenever it was deleted', async () => {
  await ada.api.calls.delete({ id: await idOf(ada, 'Prospect 2') })
  await meet(ada, lea)
  const file = rows(6, 'as imported')
  expect(counts(await importRows(lea, file, { dryRun: true }))).toEqual([0, 0, 6, 0])
  expect(counts(await importRows(lea, file))).toEqual([0, 0, 6, 0])
  await meet(lea, ada)
  for (const device of [ada, lea]) expect(namesOf(device)).toEqual(['Prospect 0', 'Prospect 3', 'Prospect 4', 'Prospect 5'])
})

test('an import keeps corrections and adds new values, on a joined device as on the publishing one', async () => {
  await ada.api.calls.update({ id: await idOf(ada, 'Prospect 3'), patch: { notes: 'first correction' } })
  await ada.api.calls.update({ id: await idOf(ada, 'Prospect 3'), patch: { notes: 'corrected after' } })
  await meet(ada, lea)
  const old = rows(6, 'as imported')
  expect(counts(await importRows(lea, old))).toEqual([0, 0, 6, 0])
  // The lead's device never received the value between the two corrections.
  expect(counts(await importRows(lea, [row(3, 'first correction')]))).toEqual([0, 0, 1, 0])
  const later = [row(0, 'as imported', { seconds: 75 }), row(3, 'from a later file'), row(4, 'from a later file')]
  expect(counts(await importRows(lea, later))).toEqual([0, 3, 0, 0])
  await meet(lea, ada)
  for (const device of [ada, lea])
    expect(heldBy(device)).toMatchObject([
      { name: 'Prospect 0', notes: 'corrected before', seconds: 75 },
      { name: 'Prospect 2', notes: 'as imported' },
      { name: 'Prospect 3', notes: 'from a later file' },
      { name: 'Prospect 4', notes: 'from a later file' },
      { name: 'Prospect 5', notes: 'as imported' },
    ])
  expect(counts(await importRows(ada, [...old, ...later.map((line) => line.replace(/^r/, 'x'))]))).toEqual([3, 0, 6, 0])
})

test('five new rows are imported next to a deleted one, also when the server is not reached', async () => {
  lea.isOnline = false
  const file = [row(1, 'as imported'), ...Array.from({ length: 5 }, (_, n) => row(10 + n, 'new'))]
  const report = await importRows(lea, file)
  expect(counts(report)).toEqual([6, 0, 0, 0])
  expect(report.issues).toMatchObject([
    { line: 1, column: null, message: expect.stringContaining('could not be reached') as string },
  ])
  await meet(lea, ada)
  const expected = ['Prospect 0', 'Prospect 10', 'Prospect 11', 'Prospect 12', 'Prospect 13', 'Prospect 14']
  for (const device of [ada, lea]) expect(namesOf(device).slice(0, 6)).toEqual(expected)
  for (const device of [ada, lea]) expect(namesOf(device)).not.toContain('Prospect 1')
  // No typed change was refused, so the list of refusals is empty.
  expect(await lea.api.sync.rejections()).toEqual([])
  expect((await lea.api.sync.status()).state).toBe('up_to_date')
  expect(counts(await importRows(lea, file))).toEqual([0, 0, 6, 0])
})

test('an import that was not compared with the server overwrites no edit from elsewhere', async () => {
  lea.isOnline = false
  await importRows(lea, [row(0, 'as imported'), row(5, 'another value')])
  await meet(lea, ada)
  expect(heldBy(ada).find(({ name }) => name === 'Prospect 0')?.notes).toBe('corrected before')
  expect(counts(await importRows(lea, [row(5, 'another value')]))).toEqual([0, 1, 0, 0])
})

test('on a joined device an old file finds a renamed person by their former name', async () => {
  const { id } = await ada.api.lossReasons.create({ name: 'Too Dear' })
  await ada.api.lossReasons.update({ id, patch: { name: 'Price level' } })
  await ada.synced()
  const late = new Device()
  devices.push(late)
  await late.join(server.url, LEA)
  expect(await importRows(late, lostRows(2, 'Ben Agent', 'too dear', 'old'))).toMatchObject({
    created: 2,
    createdLossReasons: [],
  })
  await meet(late, ada)
  expect(heldBy(ada).filter(({ reason }) => reason === id)).toHaveLength(2)
})

test('refused rows do not count as deleted: importing again or retrying their reason adds them [S12]', async () => {
  // The server takes the lead's role away while the lead imports.
  lea.isOnline = false
  const own = [0, 1, 2].map((n) => `own${n},Lea Lead,Own ${n},2026-01-01T10:00,completed,won,,60,`)
  const file = [...lostRows(30, 'Ben Agent', 'A New Reason', 'z'), ...own]
  expect(await importRows(lea, file)).toMatchObject({ created: 33 })
  await ada.api.users.update({ id: leaId, patch: { role: 'agent' } })
  await ada.synced()
  await meet(lea)
  const refused = await lea.api.sync.rejections()
  expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['FORBIDDEN']))
  // Only the operations that the role forbids, and those that depend on them, are refused; the lead's own calls are accepted.
  expect(refused).toHaveLength(31)
  expect(heldBy(lea)).toHaveLength(3)
  await ada.api.users.update({ id: leaId, patch: { role: 'team_lead' } })
  await meet(ada, lea)
  const reason = must(
    refused.find(({ table }) => table === 'loss_reasons'),
    'the reason',
  )
  await lea.api.sync.retry({ opId: reason.opId })
  expect(await lea.api.sync.rejections()).toEqual([])
  await meet(lea, ada)
  for (const device of [ada, lea]) expect(heldBy(device)).toHaveLength(33 + 5)
  expect(counts(await importRows(lea, file))).toEqual([0, 0, 33, 0])
})

test('importing again after a refusal creates the rows, and the refusal is settled [S12]', async () => {
  lea.isOnline = false
  const file = lostRows(10, 'Ben Agent', 'Another Reason', 'z')
  await importRows(lea, file)
  await ada.api.users.update({ id: leaId, patch: { role: 'agent' } })
  await ada.synced()
  await meet(lea)
  expect(await lea.api.sync.rejections()).toHaveLength(11)
  await ada.api.users.update({ id: leaId, patch: { role: 'team_lead' } })
  await meet(ada, lea)
  expect(counts(await importRows(lea, file))).toEqual([10, 0, 0, 0])
  await meet(lea, ada)
  expect(await lea.api.sync.rejections()).toEqual([])
  expect(heldBy(ada).filter(({ reason }) => reason !== null)).toHaveLength(10)
  // A deletion by a person still counts.
  await lea.api.calls.update({ id: await idOf(lea, 'Prospect z3'), patch: { notes: 'seen' } })
  await ada.synced()
  await ada.api.calls.delete({ id: await idOf(ada, 'Prospect z4') })
  await meet(ada, lea)
  expect(counts(await importRows(lea, file))).toEqual([0, 0, 10, 0])
  expect(heldBy(lea).filter(({ reason }) => reason !== null)).toHaveLength(9)
})
