import { afterEach, beforeEach, expect, test } from 'vitest'
import { must } from '../../core/assert.ts'
import type { Id } from '../../core/id.ts'
import { TEST_PASSWORD, wonCall } from '../testing/test-application.ts'
import { foundAcme } from './testing/acme.ts'
import { Device } from './testing/device.ts'
import { importRows, lostRows } from './testing/import-file.ts'
import { ServerProcess } from './testing/server-process.ts'

const BEA = 'bea@acme.test'

let server: ServerProcess
let devices: Device[]
/** Two admins, each on a device of their own, and an agent. */
let ada: Device
let bea: Device
let ben: Device
let clientId: Id
let adaId: Id
let benId: Id

beforeEach(async () => {
  server = new ServerProcess()
  devices = [new Device(), new Device(), new Device()]
  ;[ada, bea, ben] = devices as [Device, Device, Device]
  await server.start()
  const acme = await foundAcme(server.url, ada, ben, () =>
    ada.api.users.create({ email: BEA, name: 'Bea Boss', role: 'admin', password: TEST_PASSWORD }),
  )
  ;({ clientId, adminId: adaId, agentId: benId } = acme)
  await bea.join(server.url, BEA)
}, 60_000)

afterEach(async () => {
  for (const device of devices) await device.dispose()
  await server.dispose()
})

function setOnline(isOnline: boolean): void {
  for (const device of devices) device.isOnline = isOnline
}

/** Syncs in this order until nothing is left that one of them could bring to another. */
async function meet(...order: Device[]): Promise<void> {
  setOnline(true)
  for (const device of [...order, ...order]) await device.synced()
}

const CALLS = `SELECT id, user_id, prospect_name, status, outcome, loss_reason_id, notes FROM calls ORDER BY id`
const callsOf = (device: Device) => device.query<Record<string, string | null>>(clientId, CALLS)
const reasonsOf = (device: Device) =>
  device.query<{ id: string; name: string; description: string | null; is_active: number }>(
    clientId,
    'SELECT id, name, description, is_active FROM loss_reasons ORDER BY id',
  )
const named = (device: Device, test: RegExp) => reasonsOf(device).filter(({ name }) => test.test(name))
const rejectionsOf = (device: Device) => device.api.replication.rejections()

async function joinAnother(email: string): Promise<Device> {
  const device = new Device()
  devices.push(device)
  await device.join(server.url, email)
  return device
}

/** All devices hold the same, nothing waits and nothing was refused. */
async function expectAgreement(...compared: Device[]): Promise<void> {
  const [first, ...others] = compared
  for (const device of others) {
    expect(callsOf(device)).toEqual(callsOf(must(first, 'a device')))
    expect(reasonsOf(device)).toEqual(reasonsOf(must(first, 'a device')))
  }
  for (const device of compared) {
    expect(await rejectionsOf(device)).toEqual([])
    expect((await device.api.replication.status()).pending).toBe(0)
  }
}

test.each([
  ['the typed one first', () => [ada, bea]],
  ['the imported one first', () => [bea, ada]],
] as const)(
  'a reason typed on one device and imported on another ends as one, and 600 calls follow: %s [S11]',
  async (_, order) => {
    setOnline(false)
    const typed = await ada.api.lossReasons.create({ name: 'Too Expensive', description: 'Says the price' })
    const lost = { outcome: 'lost', lossReasonId: typed.id } as const
    await ada.api.calls.create({ ...wonCall(adaId, 'Typed Call'), ...lost })
    const rows = lostRows(600, 'Ben Agent', 'too  EXPENSIVE')
    expect(await importRows(bea, rows)).toMatchObject({ created: 600, refused: 0 })
    await meet(...order())
    await expectAgreement(ada, bea)
    expect(named(ada, /expensive/i)).toHaveLength(1)
    expect(named(ada, /expensive/i)).toMatchObject([{ description: 'Says the price' }])
    expect(callsOf(ada)).toHaveLength(601)
    expect(new Set(callsOf(ada).map((call) => call['loss_reason_id'])).size).toBe(1)
    for (const device of [ada, bea])
      expect(await importRows(device, rows)).toMatchObject({ created: 0, updated: 0, unchanged: 600 })
    const third = await joinAnother(BEA)
    await expectAgreement(third, ada)
    await ben.synced()
    expect(callsOf(ben)).toHaveLength(600)
  },
  120_000,
)

test('names are compared by one rule on device and server: case and encoding of any letter, spaces [S11]', async () => {
  const pairs = [
    ['ÄRGER MIT PREIS', 'ärger mit preis'],
    ['Café zu teuer', 'Cafe\u0301 ZU TEUER'],
    ['Большая цена', 'БОЛЬШАЯ  ЦЕНА'],
    ['Große Straße', 'GROSSE STRASSE'],
    ['Ακριβός', 'ΑΚΡΙΒΌΣ'],
  ] as const
  setOnline(false)
  for (const [one, other] of pairs) {
    const mine = await ada.api.lossReasons.create({ name: one })
    const theirs = await bea.api.lossReasons.create({ name: other })
    await ada.api.calls.create({ ...wonCall(adaId, `Ada ${one}`), outcome: 'lost', lossReasonId: mine.id })
    await bea.api.calls.create({ ...wonCall(adaId, `Bea ${one}`), outcome: 'lost', lossReasonId: theirs.id })
    await expect(ada.api.lossReasons.create({ name: other })).rejects.toMatchObject({ code: 'CONFLICT' })
  }
  await meet(ada, bea)
  await expectAgreement(ada, bea)
  const typed = reasonsOf(ada).filter(({ name }) => pairs.some((pair) => pair.some((each) => each === name)))
  expect(typed).toHaveLength(pairs.length)
}, 60_000)

test('a queue that was packed before the answer, and its retries, find the surviving reason [S3][S11]', async () => {
  setOnline(false)
  await ada.api.lossReasons.create({ name: 'Holidays' })
  const { id } = await bea.api.lossReasons.create({ name: 'holidays' })
  // Two megabytes: the calls travel in several pushes, which are packed while the first is under way.
  for (let n = 0; n < 220; n++)
    await bea.api.calls.create({
      ...wonCall(adaId, `Long ${n}`),
      outcome: 'lost',
      lossReasonId: id,
      notes: `${n} `.repeat(4_000).slice(0, 9_900),
    })
  ada.isOnline = true
  await ada.synced()
  // The first answer is lost, so that the server has judged what the device believes to be waiting.
  bea.requestsLeft = 1
  bea.isOnline = true
  await bea.api.replication.sync().catch(() => {})
  bea.requestsLeft = Number.POSITIVE_INFINITY
  await meet(bea, ada)
  await expectAgreement(ada, bea)
  expect(named(bea, /holidays/i)).toMatchObject([{ name: 'Holidays' }])
  expect(callsOf(ada)).toHaveLength(220)
}, 120_000)

test('what a person did to the duplicate while offline becomes an edit of the one that is left [S10][S11]', async () => {
  setOnline(false)
  await ada.api.lossReasons.create({ name: 'Budget' })
  const { id } = await bea.api.lossReasons.create({ name: 'BUDGET', description: 'No money this year' })
  await bea.api.lossReasons.update({ id, patch: { name: 'No budget' } })
  await bea.api.lossReasons.setActive({ id, isActive: false })
  await bea.api.calls.create({ ...wonCall(adaId, 'Without Budget'), outcome: 'won' })
  await meet(ada, bea)
  expect(await rejectionsOf(bea)).toEqual([])
  const [survivor, ...others] = named(bea, /budget/i)
  expect(others).toEqual([])
  expect(named(ada, /budget/i)).toEqual([survivor])
  const conflicts = await bea.api.replication.conflicts()
  const kept = JSON.stringify([survivor, conflicts])
  expect(kept).toContain('No budget')
  expect(kept).toContain('No money this year')
  expect(survivor?.id).not.toBe(id)
}, 60_000)

test('a reason that was renamed into a taken name is refused alone; calls with it are not [S11][S12]', async () => {
  const { id } = await bea.api.lossReasons.create({ name: 'Alpha' })
  await meet(bea, ada)
  setOnline(false)
  await ada.api.lossReasons.create({ name: 'Gamma' })
  await bea.api.lossReasons.update({ id, patch: { name: 'gamma' } })
  await bea.api.calls.create({ ...wonCall(adaId, 'Lost To Alpha'), outcome: 'lost', lossReasonId: id })
  await meet(ada, bea)
  const rejections = await rejectionsOf(bea)
  expect(rejections).toMatchObject([{ table: 'loss_reasons', action: 'UPDATE', values: { name: 'gamma' }, code: 'CONFLICT' }])
  expect(callsOf(ada).map((call) => call['prospect_name'])).toEqual(['Lost To Alpha'])
  expect(
    named(bea, /alpha|gamma/i)
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(['Alpha', 'Gamma'])
  await expect(bea.api.replication.retry({ opId: must(rejections[0], 'one').opId })).rejects.toMatchObject({ code: 'CONFLICT' })
  await ada.api.lossReasons.update({ id: must(named(ada, /gamma/i)[0], 'one').id as Id, patch: { name: 'Delta' } })
  await meet(ada, bea)
  await bea.api.replication.retry({ opId: must(rejections[0], 'one').opId })
  await meet(bea, ada)
  expect(named(ada, /gamma/i)).toMatchObject([{ id }])
}, 60_000)

test('a new reason with the name of a deactivated one becomes that one, which stays deactivated [S11]', async () => {
  setOnline(false)
  const { id } = await ada.api.lossReasons.create({ name: 'Seasonal' })
  await ada.api.lossReasons.setActive({ id, isActive: false })
  const duplicate = await bea.api.lossReasons.create({ name: 'seasonal' })
  await bea.api.calls.create({ ...wonCall(adaId, 'Seasonal Call'), outcome: 'lost', lossReasonId: duplicate.id })
  await meet(ada, bea)
  await expectAgreement(ada, bea)
  expect(named(bea, /seasonal/i)).toMatchObject([{ id, is_active: 0 }])
}, 60_000)

test.each([
  ['in the order of import', () => [ada, bea]],
  ['the other way round', () => [bea, ada]],
] as const)(
  'people whom two imports create under different spellings of one address end as one: %s [S11]',
  async (_, order) => {
    setOnline(false)
    const mine = lostRows(20, 'José Pérez', 'Price', 'a')
    const theirs = lostRows(20, 'Jose Perez', 'Price', 'b')
    await importRows(ada, mine)
    await importRows(bea, theirs)
    await meet(...order())
    await expectAgreement(ada, bea)
    const people = ada.query<{ id: string }>(clientId, `SELECT id FROM users WHERE name LIKE 'Jos%'`)
    expect(people).toHaveLength(1)
    expect(bea.query(clientId, 'SELECT id FROM users ORDER BY id')).toEqual(
      ada.query(clientId, 'SELECT id FROM users ORDER BY id'),
    )
    expect(new Set(callsOf(ada).map((call) => call['user_id']))).toEqual(new Set(people.map(({ id }) => id)))
    expect(callsOf(ada)).toHaveLength(40)
  },
  60_000,
)

test('two real accounts with one address do not merge: the second is refused, with the calls that point to it', async () => {
  setOnline(false)
  const account = { email: 'carl@acme.test', name: 'Carl', password: TEST_PASSWORD } as const
  await ada.api.users.create({ ...account, role: 'agent' })
  const second = await bea.api.users.create({ ...account, email: 'CARL@acme.test', role: 'team_lead' })
  await bea.api.calls.create(wonCall(second.id, 'Of The Second Carl'))
  await bea.api.calls.create(wonCall(benId, 'Of Ben'))
  await meet(ada, bea)
  expect((await rejectionsOf(bea)).map(({ table, code }) => [table, code])).toEqual([
    ['calls', 'INVALID'],
    ['users', 'CONFLICT'],
  ])
  const carls = ada.query<{ role: string }>(clientId, `SELECT role FROM users WHERE name = 'Carl'`)
  expect(carls).toEqual([{ role: 'agent' }])
  expect(callsOf(ada).map((call) => call['prospect_name'])).toEqual(['Of Ben'])
}, 60_000)

test('a form or draft that still names the duplicate saves its call with the one that is left', async () => {
  setOnline(false)
  await ada.api.lossReasons.create({ name: 'Location' })
  const { id } = await bea.api.lossReasons.create({ name: 'location' })
  await bea.api.drafts.put({ form: 'call-new', value: { lossReasonId: id, notes: 'half typed' } })
  await meet(ada, bea)
  const survivor = must(named(bea, /location/i)[0], 'one').id
  const draft = bea.query<{ value: string }>(clientId, 'SELECT value FROM local_drafts')
  expect(draft).toMatchObject([{ value: JSON.stringify({ lossReasonId: survivor, notes: 'half typed' }) }])
  const made = await bea.api.calls.create({ ...wonCall(adaId, 'From An Open Form'), outcome: 'lost', lossReasonId: id })
  expect(made.lossReasonId).toBe(survivor)
  await meet(bea, ada)
  await expectAgreement(ada, bea)
}, 60_000)
