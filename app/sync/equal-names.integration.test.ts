import { afterAll, beforeAll, expect, test } from 'vitest'
import { must } from '../../core/assert.ts'
import type { ClientId, Id, UserId } from '../../core/id.ts'
import { uniqueKey } from '../../core/text/unique-key.ts'
import { TEST_PASSWORD, wonCall } from '../testing/test-application.ts'
import { ADMIN_EMAIL, AGENT_EMAIL } from './testing/acme.ts'
import { Device } from './testing/device.ts'
import { importRows, lostRows } from './testing/import-file.ts'
import { ServerProcess } from './testing/server-process.ts'

const BEA = 'bea@acme.test'

const server = new ServerProcess()
/** Two admins, each on their own device. */
const ada = new Device()
const bea = new Device()
let clientId: ClientId
let adaId: UserId
let benId: UserId

beforeAll(async () => {
  await server.start()
  const session = await ada.create('Acme', ADMIN_EMAIL)
  clientId = session.client.id
  adaId = session.user.id
  const ben = { email: AGENT_EMAIL, name: 'Ben Agent', role: 'agent', password: TEST_PASSWORD } as const
  benId = (await ada.api.users.create(ben)).id
  await ada.api.users.create({ email: BEA, name: 'Bea Boss', role: 'admin', password: TEST_PASSWORD })
  await ada.publish(server.url)
  await bea.join(server.url, BEA)
})

afterAll(async () => {
  await ada.dispose()
  await bea.dispose()
  await server.dispose()
})

/** Connects and syncs the devices in this order, then repeats until no device has anything left to send or fetch. */
async function meet(...order: readonly Device[]): Promise<void> {
  for (const device of [...order, ...order]) {
    device.isOnline = true
    await device.synced()
  }
}

/** Brings both devices up to date, then disconnects them. */
async function part(): Promise<void> {
  await meet(ada, bea)
  ada.isOnline = bea.isOnline = false
}

const CALLS = `SELECT id, user_id, prospect_name, status, outcome, loss_reason_id, notes FROM calls ORDER BY id`
const callsOf = (device: Device, prefix = '') =>
  device.query<Record<string, string | null>>(clientId, CALLS).filter((call) => call['prospect_name']?.startsWith(prefix))
const reasonsOf = (device: Device) =>
  device.query<{ id: Id; name: string; description: string | null; is_active: number }>(
    clientId,
    'SELECT id, name, description, is_active FROM loss_reasons ORDER BY id',
  )
const named = (device: Device, ...names: string[]) => {
  const keys = new Set(names.map(uniqueKey))
  return reasonsOf(device).filter(({ name }) => keys.has(uniqueKey(name)))
}
const rejectionsOf = (device: Device) => device.api.sync.rejections()

/** All devices hold the same rows; no operation is waiting or refused. */
async function expectAgreement(first: Device, ...others: Device[]): Promise<void> {
  for (const device of others) {
    expect(callsOf(device)).toEqual(callsOf(first))
    expect(reasonsOf(device)).toEqual(reasonsOf(first))
  }
  for (const device of [first, ...others]) {
    expect(await rejectionsOf(device)).toEqual([])
    expect((await device.api.sync.status()).pending).toBe(0)
  }
}

async function settleConflicts(): Promise<void> {
  for (const device of [ada, bea])
    for (const { id } of await device.api.sync.conflicts()) await device.api.sync.keepTheirs({ id })
}

test.each([
  { first: ada, second: bea, name: 'Too Expensive', spelling: 'too  EXPENSIVE', prefix: 'a', which: 'typed' },
  { first: bea, second: ada, name: 'Überteuert', spelling: 'ÜBERTEUERT', prefix: 'b', which: 'imported' },
])(
  'a reason typed on one device and imported on another ends as one row with all 600 calls: the $which one first [S11]',
  async ({ first, second, name, spelling, prefix }) => {
    await part()
    const typed = await ada.api.lossReasons.create({ name, description: 'Objects to the price' })
    const lost = { outcome: 'lost', lossReasonId: typed.id } as const
    await ada.api.calls.create({ ...wonCall(adaId, `Prospect ${prefix} typed`), ...lost })
    const rows = lostRows(600, 'Ben Agent', spelling, prefix)
    expect(await importRows(bea, rows)).toMatchObject({ created: 600, refused: 0 })
    await meet(first, second)
    await expectAgreement(ada, bea)
    const found = named(ada, name)
    expect(found).toMatchObject([{ description: 'Objects to the price' }])
    const calls = callsOf(ada, `Prospect ${prefix}`)
    expect(calls).toHaveLength(601)
    expect(new Set(calls.map((call) => call['loss_reason_id']))).toEqual(new Set([found[0]?.id]))
    for (const device of [ada, bea])
      expect(await importRows(device, rows)).toMatchObject({ created: 0, updated: 0, unchanged: 600 })
    const third = new Device()
    try {
      await third.join(server.url, BEA)
      await third.synced()
      await expectAgreement(third, ada)
    } finally {
      await third.dispose()
    }
  },
)

test('names are compared by one rule on device and server: case and encoding of any letter, spaces [S11]', async () => {
  const pairs = [
    ['ÄRGER MIT PREIS', 'ärger mit preis'],
    ['Café zu teuer', 'Cafe\u0301 ZU TEUER'],
    ['Большая цена', 'БОЛЬШАЯ  ЦЕНА'],
    ['Große Straße', 'GROSSE STRASSE'],
    ['Ακριβός', 'ΑΚΡΙΒΌΣ'],
  ] as const
  await part()
  for (const [one, other] of pairs) {
    const mine = await ada.api.lossReasons.create({ name: one })
    const theirs = await bea.api.lossReasons.create({ name: other })
    await ada.api.calls.create({ ...wonCall(adaId, `Ada ${one}`), outcome: 'lost', lossReasonId: mine.id })
    await bea.api.calls.create({ ...wonCall(adaId, `Bea ${one}`), outcome: 'lost', lossReasonId: theirs.id })
    await expect(ada.api.lossReasons.create({ name: other })).rejects.toMatchObject({ code: 'CONFLICT' })
  }
  await meet(ada, bea)
  await expectAgreement(ada, bea)
  for (const pair of pairs) expect(named(ada, ...pair)).toHaveLength(1)
})

test('a queue that was packed before the answer, and its retries, find the surviving reason [S3][S11]', async () => {
  await part()
  await ada.api.lossReasons.create({ name: 'Holidays' })
  const { id } = await bea.api.lossReasons.create({ name: 'holidays' })
  // Two megabytes: the calls are sent in several pushes, which are packed while the first is under way.
  const notes = 'long '.repeat(1_990)
  for (let n = 0; n < 220; n++)
    await bea.api.calls.create({ ...wonCall(adaId, `Long ${n}`), outcome: 'lost', lossReasonId: id, notes })
  await meet(ada)
  // The first answers are lost, so the device still holds operations as waiting that the server has judged.
  bea.isOnline = true
  bea.requestsLeft = 1
  await bea.api.sync.now().catch(() => {})
  bea.requestsLeft = Number.POSITIVE_INFINITY
  await meet(bea, ada)
  await expectAgreement(ada, bea)
  const survivor = named(bea, 'Holidays')
  expect(survivor).toMatchObject([{ name: 'Holidays' }])
  const calls = callsOf(ada, 'Long')
  expect(calls).toHaveLength(220)
  expect(new Set(calls.map((call) => call['loss_reason_id']))).toEqual(new Set([survivor[0]?.id]))
})

test('edits of an alias made offline become edits of the surviving reason [S10][S11]', async () => {
  await part()
  await ada.api.lossReasons.create({ name: 'Budget' })
  const { id } = await bea.api.lossReasons.create({ name: 'BUDGET', description: 'No money this year' })
  await bea.api.lossReasons.update({ id, patch: { name: 'No budget' } })
  await bea.api.lossReasons.setActive({ id, isActive: false })
  await meet(ada, bea)
  await expectAgreement(ada, bea)
  const [survivor, ...others] = named(bea, 'Budget', 'No budget')
  expect(others).toEqual([])
  expect(survivor?.id).not.toBe(id)
  const kept = JSON.stringify([survivor, await bea.api.sync.conflicts()])
  expect(kept).toContain('No budget')
  expect(kept).toContain('No money this year')
  await settleConflicts()
})

test('a rename to a taken name is refused; calls with the reason are not [S11][S12]', async () => {
  const { id } = await bea.api.lossReasons.create({ name: 'Alpha' })
  await meet(bea, ada)
  await part()
  await ada.api.lossReasons.create({ name: 'Gamma' })
  await bea.api.lossReasons.update({ id, patch: { name: 'gamma' } })
  await bea.api.calls.create({ ...wonCall(adaId, 'Lost To Alpha'), outcome: 'lost', lossReasonId: id })
  await meet(ada, bea)
  await meet(ada)
  const rejections = await rejectionsOf(bea)
  expect(rejections).toMatchObject([{ table: 'loss_reasons', action: 'UPDATE', values: { name: 'gamma' }, code: 'CONFLICT' }])
  expect(callsOf(ada, 'Lost To Alpha')).toMatchObject([{ loss_reason_id: id }])
  for (const device of [ada, bea])
    expect(
      named(device, 'Alpha', 'Gamma')
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(['Alpha', 'Gamma'])
  const { opId } = must(rejections[0], 'a rejection')
  await expect(bea.api.sync.retry({ opId })).rejects.toMatchObject({ code: 'CONFLICT' })
  await ada.api.lossReasons.update({ id: must(named(ada, 'Gamma')[0], 'Gamma').id, patch: { name: 'Delta' } })
  await meet(ada, bea)
  await bea.api.sync.retry({ opId })
  await meet(bea, ada)
  await expectAgreement(ada, bea)
  expect(named(ada, 'Gamma')).toMatchObject([{ id }])
})

test('a new reason with the name of a deactivated one becomes that one, which stays deactivated [S11]', async () => {
  await part()
  const { id } = await ada.api.lossReasons.create({ name: 'Seasonal' })
  await ada.api.lossReasons.setActive({ id, isActive: false })
  const duplicate = await bea.api.lossReasons.create({ name: 'seasonal' })
  await bea.api.calls.create({ ...wonCall(adaId, 'Seasonal Call'), outcome: 'lost', lossReasonId: duplicate.id })
  await meet(ada, bea)
  await meet(ada)
  await expectAgreement(ada, bea)
  expect(named(bea, 'Seasonal')).toMatchObject([{ id, is_active: 0 }])
  // The conflict shows the person that the reason is deactivated, and lets them activate it.
  const [conflict] = await bea.api.sync.conflicts()
  expect(conflict).toMatchObject({ rowId: id, winning: { is_active: 0 }, losing: { is_active: 1 } })
  await settleConflicts()
})

test.each([
  { first: ada, second: bea, one: 'José Pérez', other: 'Jose Perez', prefix: 'm', which: 'first' },
  { first: bea, second: ada, one: 'ZOË  Lang', other: 'Zoe Lang', prefix: 'n', which: 'second' },
])(
  'people that two imports make under different spellings of one address end as one: the $which device first [S11]',
  async ({ first, second, one, other, prefix }) => {
    await part()
    await importRows(ada, lostRows(20, one, 'Price', `${prefix}1-`))
    await importRows(bea, lostRows(20, other, 'Price', `${prefix}2-`))
    await meet(first, second)
    await expectAgreement(ada, bea)
    const people = ada
      .query<{ id: string; name: string }>(clientId, 'SELECT id, name FROM users')
      .filter(({ name }) => name === one || name === other)
    expect(people).toHaveLength(1)
    const ids = 'SELECT id FROM users ORDER BY id'
    expect(bea.query(clientId, ids)).toEqual(ada.query(clientId, ids))
    const calls = callsOf(ada, `Prospect ${prefix}`)
    expect(calls).toHaveLength(40)
    expect(new Set(calls.map((call) => call['user_id']))).toEqual(new Set(people.map(({ id }) => id)))
  },
)

test('two real accounts with one address do not merge: the second is refused, with the calls that point to it [S12]', async () => {
  await part()
  const account = { email: 'carl@acme.test', name: 'Carl', password: TEST_PASSWORD } as const
  await ada.api.users.create({ ...account, role: 'agent' })
  const second = await bea.api.users.create({ ...account, email: 'CARL@acme.test', role: 'team_lead' })
  await bea.api.calls.create(wonCall(second.id, 'Of The Second Carl'))
  await bea.api.calls.create(wonCall(benId, 'Of Ben'))
  await meet(ada, bea)
  await meet(ada)
  const rejections = await rejectionsOf(bea)
  expect(rejections.map(({ table, code }) => [table, code])).toEqual([
    ['calls', 'INVALID'],
    ['users', 'CONFLICT'],
  ])
  for (const device of [ada, bea])
    expect(device.query(clientId, `SELECT role FROM users WHERE name = 'Carl'`)).toEqual([{ role: 'agent' }])
  expect(callsOf(ada, 'Of ').map((call) => call['prospect_name'])).toEqual(['Of Ben'])
  for (const { opId } of rejections) await bea.api.sync.discard({ opId, alone: true })
})

test('a form or draft that still holds the alias saves its call with the surviving reason', async () => {
  await part()
  await ada.api.lossReasons.create({ name: 'Location' })
  const { id } = await bea.api.lossReasons.create({ name: 'location' })
  await bea.api.drafts.put({ form: 'call-new', value: { lossReasonId: id, notes: 'half typed' } })
  await meet(ada, bea)
  const survivor = must(named(bea, 'Location')[0], 'Location').id
  expect(survivor).not.toBe(id)
  expect((await bea.api.drafts.get({ form: 'call-new' }))?.value).toEqual({ lossReasonId: survivor, notes: 'half typed' })
  const made = await bea.api.calls.create({ ...wonCall(adaId, 'From An Open Form'), outcome: 'lost', lossReasonId: id })
  expect(made.lossReasonId).toBe(survivor)
  expect(await bea.api.lossReasons.update({ id, patch: { description: 'Too far' } })).toMatchObject({ id: survivor })
  await meet(bea, ada)
  await expectAgreement(ada, bea)
})
