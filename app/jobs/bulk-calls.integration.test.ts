import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { BulkAction, BulkEvent, BulkReport, CallSelectionInput } from '../../core/contract/bulk.ts'
import type { CallPage, Cursor } from '../../core/contract/calls.ts'
import type { Api } from '../../core/contract/contract.ts'
import { must } from '../../core/assert.ts'
import type { Id, LossReasonId, UserId } from '../../core/id.ts'
import type { Call, NewCall } from '../../core/model/call.ts'
import { TestApplication, codeOf, wonCall } from '../testing/test-application.ts'

const app = new TestApplication()
let admin: Api
let lead: { api: Api; id: Id }
let ben: { api: Api; id: Id }
let cleo: { api: Api; id: Id }
let viewer: { api: Api; id: Id }
let price: LossReasonId
let timing: LossReasonId

beforeAll(async () => {
  ;({ api: admin } = await app.workspace('admin', 'Acme', 'ada@acme.test'))
  lead = await app.member(admin, 'team_lead', 'lena@acme.test')
  ben = await app.member(admin, 'agent', 'ben@acme.test')
  cleo = await app.member(admin, 'agent', 'cleo@acme.test')
  viewer = await app.member(admin, 'viewer', 'vera@acme.test')
  const reasons = await admin.lossReasons.list()
  price = must(
    reasons.find(({ name }) => name === 'Price too high'),
    'a reason',
  ).id
  timing = must(
    reasons.find(({ name }) => name === 'Bad timing'),
    'a reason',
  ).id
})
afterAll(() => app.dispose())

beforeEach(async () => {
  const { refused } = await finished(admin.calls.bulk.run({ selection: { list: {} }, action: { kind: 'delete' } }))
  if (refused > 0) throw new Error('An admin can delete every call')
})

async function finished(stream: Promise<AsyncIterable<BulkEvent>>): Promise<BulkReport> {
  for await (const event of await stream) if (event.kind === 'report') return event.report
  throw new Error('The run ended without a report')
}
const run = (api: Api, selection: CallSelectionInput, action: BulkAction) => finished(api.calls.bulk.run({ selection, action }))
const undo = (api: Api, { batchId }: BulkReport) => finished(api.calls.bulk.undo({ batchId }))
const redo = (api: Api, { batchId }: BulkReport) => finished(api.calls.bulk.redo({ batchId }))

const call = (userId: UserId, over: Partial<NewCall> = {}) => admin.calls.create({ ...wonCall(userId), ...over })
const lost = (userId: UserId, over: Partial<NewCall> = {}) => call(userId, { outcome: 'lost', ...over })
async function all(): Promise<Call[]> {
  const found: Call[] = []
  for (let after: Cursor | null = null; ;) {
    const page: CallPage = await admin.calls.list({ limit: 500, after })
    found.push(...page.rows)
    if (page.next === null) return found.toSorted((a, b) => (a.id < b.id ? -1 : 1))
    after = page.next
  }
}
/** Returns all calls without the time of the last change. */
const values = async () => (await all()).map(({ updatedAt: _updatedAt, ...rest }) => rest)

test('a team lead reassigns all calls of an agent, with one audit line per call, and one undo restores the owners', async () => {
  for (let n = 0; n < 7; n++) await call(ben.id, { prospectName: `Of Ben ${n}` })
  const cleos = await call(cleo.id)
  const before = await values()
  const report = await run(lead.api, { list: { filter: { userIds: [ben.id] } } }, { kind: 'reassign', userId: cleo.id })
  expect(report).toMatchObject({ total: 7, changed: 7, unchanged: 0, refused: 0, cancelled: false, failure: null })
  expect(new Set((await all()).map(({ userId }) => userId))).toEqual(new Set([cleo.id]))
  for (const { id } of await all()) {
    const lines = (await admin.calls.history({ id })).filter(({ action }) => action === 'UPDATE')
    const expected = { userId: lead.id, oldValues: { user_id: ben.id }, newValues: { user_id: cleo.id } }
    expect(lines).toMatchObject(id === cleos.id ? [] : [expected])
  }
  expect(await undo(lead.api, report)).toMatchObject({ isUndo: true, total: 7, changed: 7, refused: 0 })
  expect(await values()).toEqual(before)
})

test('a viewer is refused; an agent cannot reassign calls and deletes only their own; a team lead cannot delete calls of others', async () => {
  const bens = await call(ben.id)
  const cleos = await call(cleo.id)
  const both = { ids: [bens.id, cleos.id] }
  const actions: BulkAction[] = [{ kind: 'delete' }, { kind: 'tag', lossReasonId: price }, { kind: 'reassign', userId: cleo.id }]
  for (const action of actions) expect(await codeOf(run(viewer.api, both, action))).toBe('FORBIDDEN')
  expect(await codeOf(run(ben.api, both, { kind: 'reassign', userId: ben.id }))).toBe('FORBIDDEN')
  expect(await run(lead.api, both, { kind: 'delete' })).toMatchObject({
    changed: 0,
    refused: 2,
    causes: [{ code: 'FORBIDDEN', calls: 2, message: 'Your role allows deleting your own calls only.' }],
  })
  const report = await run(ben.api, both, { kind: 'delete' })
  expect(report).toMatchObject({ changed: 1, refused: 1 })
  // The report does not reveal the name of a colleague's prospect.
  expect(report.refusals).toEqual([
    {
      id: cleos.id,
      prospectName: null,
      code: 'NOT_FOUND',
      message: 'Deleted in the meantime, or you don’t have access to it.',
      text: { id: 'bulk.gone', values: {} },
    },
  ])
  expect((await all()).map(({ id }) => id)).toEqual([cleos.id])
  expect(
    await run(ben.api, { list: {} }, { kind: 'delete' }),
    'a list contains only calls that the person may see',
  ).toMatchObject({ total: 0 })
})

test('only lost calls get a loss reason; the others are listed with the cause, and an undo restores each earlier loss reason', async () => {
  const [open, tagged, same] = [
    await lost(ben.id),
    await lost(ben.id, { lossReasonId: timing }),
    await lost(ben.id, { lossReasonId: price }),
  ]
  const won = await call(ben.id, { prospectName: 'Won Already' })
  const before = await values()
  const report = await run(ben.api, { list: {} }, { kind: 'tag', lossReasonId: price })
  expect(report).toMatchObject({
    total: 4,
    changed: 2,
    unchanged: 1,
    refused: 1,
    refusals: [{ id: won.id, prospectName: 'Won Already', code: 'INVALID', message: 'Only a lost call has a loss reason.' }],
  })
  const reasons = new Map((await all()).map(({ id, lossReasonId }) => [id, lossReasonId]))
  expect([open, tagged, same, won].map(({ id }) => reasons.get(id))).toEqual([price, price, price, null])
  expect(await undo(ben.api, report)).toMatchObject({ changed: 2, refused: 0 })
  expect(await values()).toEqual(before)
})

test('people and loss reasons that are not allowed for a single call are refused before anything is written', async () => {
  const { id } = await lost(ben.id)
  const gone = await app.member(admin, 'agent', 'gone@acme.test')
  await admin.users.setActive({ id: gone.id, isActive: false })
  const inactive = await admin.lossReasons.create({ name: 'Inactive' })
  await admin.lossReasons.setActive({ id: inactive.id, isActive: false })
  const notPeople: Id[] = [gone.id, viewer.id, id]
  for (const userId of notPeople) expect(await codeOf(run(admin, { ids: [id] }, { kind: 'reassign', userId }))).toBe('INVALID')
  const notReasons: Id[] = [inactive.id, id]
  for (const lossReasonId of notReasons)
    expect(await codeOf(run(admin, { ids: [id] }, { kind: 'tag', lossReasonId }))).toBe('INVALID')
  expect(await admin.calls.get({ id })).toMatchObject({ userId: ben.id, lossReasonId: null })
})

test('an undo keeps and lists calls that were edited since; an edit of another field does not prevent it', async () => {
  const [edited, noted, deleted, plain] = [await call(ben.id), await call(ben.id), await call(ben.id), await call(ben.id)]
  const report = await run(lead.api, { list: {} }, { kind: 'reassign', userId: cleo.id })
  await admin.calls.update({ id: edited.id, patch: { userId: lead.id } })
  await cleo.api.calls.update({ id: noted.id, patch: { notes: 'Called back' } })
  await cleo.api.calls.delete({ id: deleted.id })
  const undone = await undo(lead.api, report)
  expect(undone).toMatchObject({ total: 4, changed: 2, refused: 2 })
  expect(new Map(undone.refusals.map(({ id, code }) => [id, code]))).toEqual(
    new Map([
      [edited.id, 'CONFLICT'],
      [deleted.id, 'NOT_FOUND'],
    ]),
  )
  expect(await admin.calls.get({ id: edited.id })).toMatchObject({ userId: lead.id })
  expect(await admin.calls.get({ id: noted.id })).toMatchObject({ userId: ben.id, notes: 'Called back' })
  expect(await admin.calls.get({ id: plain.id })).toMatchObject({ userId: ben.id })
  expect(await undo(lead.api, report), 'a second undo has nothing to do').toMatchObject({ total: 0, changed: 0 })
})

test('an undo restores the owner of a call even if they were deactivated since, but not if they are a viewer', async () => {
  const dora = await app.member(admin, 'agent', 'dora@acme.test')
  const emil = await app.member(admin, 'agent', 'emil@acme.test')
  const [doras, emils] = [await call(dora.id), await call(emil.id)]
  const report = await run(admin, { list: {} }, { kind: 'reassign', userId: cleo.id })
  await admin.users.setActive({ id: dora.id, isActive: false })
  await admin.users.update({ id: emil.id, patch: { role: 'viewer' } })
  expect(await undo(admin, report)).toMatchObject({
    changed: 1,
    refusals: [{ id: emils.id, code: 'INVALID', message: 'The former agent can no longer have calls.' }],
  })
  expect((await admin.calls.get({ id: doras.id })).userId).toBe(dora.id)
  expect((await admin.calls.get({ id: emils.id })).userId).toBe(cleo.id)
})

test('an undo restores deleted calls unchanged, except calls that someone restored or deleted again', async () => {
  const calls = [await lost(ben.id, { lossReasonId: price, notes: 'Said no' }), await call(ben.id), await call(ben.id)]
  const before = await values()
  const report = await run(ben.api, { ids: calls.map(({ id }) => id) }, { kind: 'delete' })
  expect(report).toMatchObject({ changed: 3 })
  expect(await all()).toEqual([])
  const [, restored, again] = calls
  await admin.calls.restore({ id: must(restored, 'a call').id })
  await admin.calls.restore({ id: must(again, 'a call').id })
  await admin.calls.update({ id: must(again, 'a call').id, patch: { notes: 'Newer' } })
  await admin.calls.delete({ id: must(again, 'a call').id })
  const undone = await undo(ben.api, report)
  expect(undone).toMatchObject({ changed: 1, refused: 2, causes: [{ code: 'CONFLICT', calls: 2 }] })
  expect(await values()).toEqual(before.filter(({ id }) => id !== again?.id))
})

test.each([
  ['reassign', () => ({ kind: 'reassign', userId: cleo.id }) as const],
  ['tag', () => ({ kind: 'tag', lossReasonId: price }) as const],
  ['delete', () => ({ kind: 'delete' }) as const],
])('an undone action can be done again and undone again, any number of times: %s', async (_kind, action) => {
  await lost(ben.id)
  await lost(ben.id, { lossReasonId: timing })
  const before = await values()
  const report = await run(admin, { list: {} }, action())
  const after = await values()
  for (let round = 0; round < 2; round++) {
    expect(await undo(admin, report)).toMatchObject({ isUndo: true, total: 2, changed: 2 })
    expect(await values()).toEqual(before)
    expect(await redo(admin, report)).toMatchObject({ isUndo: false, total: 2, changed: 2, refused: 0 })
    expect(await values()).toEqual(after)
  }
  expect(await redo(admin, report), 'nothing is undone').toMatchObject({ total: 0, changed: 0 })
})

test('a redo keeps and lists calls that were edited since the undo, and checks the permission again', async () => {
  const [edited, plain] = [await call(ben.id), await call(ben.id)]
  const deletion = await run(ben.api, { list: {} }, { kind: 'delete' })
  await undo(ben.api, deletion)
  await admin.calls.update({ id: edited.id, patch: { notes: 'Called back' } })
  expect(await redo(ben.api, deletion)).toMatchObject({ changed: 1, refusals: [{ id: edited.id, code: 'CONFLICT' }] })
  expect((await all()).map(({ id }) => id)).toEqual([edited.id])
  await undo(ben.api, deletion)
  expect((await all()).map(({ id }) => id)).toEqual([edited.id, plain.id].toSorted())

  const reassigned = await run(lead.api, { ids: [edited.id, plain.id] }, { kind: 'reassign', userId: cleo.id })
  await undo(lead.api, reassigned)
  await admin.calls.update({ id: edited.id, patch: { userId: lead.id } })
  expect(await codeOf(redo(admin, reassigned)), 'another session').toBe('NOT_FOUND')
  await admin.users.update({ id: lead.id, patch: { role: 'agent' } })
  expect(await redo(lead.api, reassigned)).toMatchObject({ changed: 0, refused: 2 })
  await admin.users.update({ id: lead.id, patch: { role: 'team_lead' } })
  expect(await admin.calls.get({ id: plain.id })).toMatchObject({ userId: ben.id })
})

test('calls that a person may no longer delete are not deleted by a redo', async () => {
  await call(ben.id)
  const report = await run(admin, { list: {} }, { kind: 'delete' })
  await undo(admin, report)
  const other = await app.member(admin, 'admin', 'second@acme.test')
  const adminId = (await admin.users.list()).find(({ email }) => email === 'ada@acme.test')?.id
  await other.api.users.update({ id: must(adminId, 'the admin'), patch: { role: 'team_lead' } })
  expect(await redo(admin, report)).toMatchObject({ changed: 0, causes: [{ code: 'FORBIDDEN', calls: 1 }] })
  await other.api.users.update({ id: must(adminId, 'the admin'), patch: { role: 'admin' } })
})

test('an undo checks the permission again, and another session cannot undo', async () => {
  await call(ben.id)
  const report = await run(lead.api, { list: {} }, { kind: 'reassign', userId: cleo.id })
  expect(await codeOf(undo(admin, report))).toBe('NOT_FOUND')
  await admin.users.update({ id: lead.id, patch: { role: 'viewer' } })
  expect(await undo(lead.api, report)).toMatchObject({ changed: 0, causes: [{ code: 'FORBIDDEN', calls: 1 }] })
  await admin.users.update({ id: lead.id, patch: { role: 'team_lead' } })
})

test('a call that matches the filter only after the start of a run is not changed, and other writes run between its transactions', async () => {
  await importCalls(1_300)
  expect((await admin.calls.count({})).total).toBe(1_300)
  const seen: BulkEvent['kind'][] = []
  let late: Id | undefined
  let report: BulkReport | undefined
  const stream = await admin.calls.bulk.run({ selection: { list: {} }, action: { kind: 'reassign', userId: cleo.id } })
  for await (const event of stream) {
    seen.push(event.kind)
    if (event.kind === 'report') ({ report } = event)
    if (event.kind === 'progress') late ??= (await call(ben.id)).id
  }
  expect(seen).toEqual(['started', 'progress', 'progress', 'progress', 'report'])
  expect(report).toMatchObject({ total: 1_300, changed: 1_300 })
  expect((await admin.calls.get({ id: must(late, 'a late call') })).userId).toBe(ben.id)
})

test('a cancelled run reports how many calls it changed, and an undo restores them', async () => {
  await importCalls(1_300)
  const before = await values()
  let batchId: Id | undefined
  let report: BulkReport | undefined
  for await (const event of await admin.calls.bulk.run({ selection: { list: {} }, action: { kind: 'delete' } })) {
    if (event.kind === 'started') ({ batchId } = event)
    if (event.kind === 'progress') await admin.calls.bulk.cancel({ batchId: must(batchId, 'a started run') })
    if (event.kind === 'report') ({ report } = event)
  }
  const done = must(report, 'a report')
  expect(done).toMatchObject({ cancelled: true, total: 1_300, unchanged: 0, refused: 0 })
  expect(done.changed).toBeGreaterThan(0)
  expect(done.changed).toBeLessThan(1_300)
  expect((await admin.calls.count({})).total).toBe(1_300 - done.changed)
  await undo(admin, done)
  expect(await values()).toEqual(before)
})

test('a run ends when its reader disconnects, and a connection runs one action at a time', async () => {
  await importCalls(1_300)
  const selection = { list: {} }
  for await (const event of await admin.calls.bulk.run({ selection, action: { kind: 'delete' } })) {
    if (event.kind !== 'progress') continue
    expect(await codeOf(run(admin, selection, { kind: 'delete' }))).toBe('CONFLICT')
    break
  }
  const left = (await admin.calls.count({})).total
  expect(left).toBeGreaterThan(0)
  expect(await run(admin, selection, { kind: 'delete' })).toMatchObject({ changed: left })
})

let imported = 0

/** Imports calls with new row ids, because an import does not restore a deleted call. */
async function importCalls(count: number): Promise<void> {
  const lines = Array.from({ length: count }, (_, n) => `${++imported},Import Agent,2026-01-0${(n % 9) + 1},Y`)
  const file = new File([['Call Id,Agent,Date,Answered', ...lines].join('\n')], 'calls.csv')
  const { importId, suggestedMap } = await admin.imports.inspect({ file })
  for await (const _ of await admin.imports.run({ importId, map: suggestedMap }));
}
