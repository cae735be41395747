import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BulkAction, BulkEvent, BulkReport, CallSelectionInput } from '../../core/contract/bulk.ts'
import type { Api } from '../../core/contract/contract.ts'
import { must } from '../../core/assert.ts'
import type { ClientId, Id, UserId } from '../../core/id.ts'
import { LIMITS } from '../../core/sync/protocol.ts'
import { wonCall } from '../testing/test-application.ts'
import { foundAcme } from './testing/acme.ts'
import { Device } from './testing/device.ts'
import { ServerProcess } from './testing/server-process.ts'

const server = new ServerProcess()
const admin = new Device()
const agent = new Device()
let clientId: ClientId
let agentId: UserId
let adminId: UserId

beforeAll(async () => {
  await server.start()
  ;({ clientId, adminId, agentId } = await foundAcme(server.url, admin, agent))
})
afterAll(async () => {
  await admin.dispose()
  await agent.dispose()
  await server.dispose()
})

async function finished(stream: Promise<AsyncIterable<BulkEvent>>): Promise<BulkReport> {
  for await (const event of await stream) if (event.kind === 'report') return event.report
  throw new Error('A run ends with a report')
}
const run = (api: Api, selection: CallSelectionInput, action: BulkAction) => finished(api.calls.bulk.run({ selection, action }))
const undo = (api: Api, { batchId }: BulkReport) => finished(api.calls.bulk.undo({ batchId }))

async function sharedCalls(count: number, name: string): Promise<Id[]> {
  const ids: Id[] = []
  for (let n = 0; n < count; n++) ids.push((await agent.api.calls.create(wonCall(agentId, `${name} ${n}`))).id)
  await settle()
  return ids
}

async function settle(): Promise<void> {
  for (const device of [agent, admin, agent, admin]) await device.synced()
}

const ROWS = `SELECT id, user_id, prospect_name, status, outcome, loss_reason_id, notes, completed_at FROM calls
  WHERE prospect_name LIKE ? AND user_id = ? ORDER BY id`
const rows = (device: Device, name: string, owner: UserId) => device.query(clientId, ROWS, `${name}%`, owner)

test('a reassignment of many calls moves them off the agent’s device, and one Undo brings them back as they were [S15]', async () => {
  const ids = await sharedCalls(30, 'Moved')
  const before = rows(agent, 'Moved', agentId)
  expect(before).toHaveLength(30)
  const filter = { userIds: [agentId], text: 'Moved' }
  const report = await run(admin.api, { list: { filter } }, { kind: 'reassign', userId: adminId })
  expect(report).toMatchObject({ changed: 30, refused: 0 })
  await settle()
  expect(rows(agent, 'Moved', agentId)).toEqual([])
  expect(rows(admin, 'Moved', adminId)).toHaveLength(30)

  expect(await undo(admin.api, report)).toMatchObject({ changed: 30, refused: 0 })
  await settle()
  expect(rows(agent, 'Moved', agentId)).toEqual(before)
  expect(rows(admin, 'Moved', agentId)).toEqual(before)
  const [first] = ids
  const history = await admin.api.calls.history({ id: must(first, 'a call') })
  expect(
    history.filter(({ newValues }) => newValues?.['user_id'] !== undefined && newValues['status'] === undefined),
  ).toHaveLength(2)
})

test('the server judges each call of a bulk action alone: a call reassigned meanwhile is refused, the others are accepted [S4][S12]', async () => {
  const ids = await sharedCalls(5, 'Judged')
  const lost = must(ids[2], 'a call')
  admin.isOnline = agent.isOnline = false
  await admin.api.calls.update({ id: lost, patch: { userId: adminId } })
  expect(await run(agent.api, { ids }, { kind: 'delete' })).toMatchObject({ changed: 5, refused: 0 })
  admin.isOnline = true
  await admin.synced() // The server receives the reassignment before the agent's deletion.
  agent.isOnline = true
  await settle()
  expect(rows(admin, 'Judged', agentId)).toEqual([])
  expect(rows(admin, 'Judged', adminId)).toMatchObject([{ id: lost }])
  const rejections = await agent.api.sync.rejections()
  expect(rejections).toMatchObject([{ rowId: lost, action: 'DELETE' }])
  await agent.api.sync.discard({ opId: must(rejections[0], 'a refusal').opId })
  expect((await agent.api.sync.status()).pending).toBe(0)
})

test('an Undo after another device’s edit restores the calls that no one has edited', async () => {
  const ids = await sharedCalls(4, 'Edited')
  const report = await run(admin.api, { ids }, { kind: 'reassign', userId: adminId })
  await settle()
  const third = await admin.api.users.create({
    email: 'third@acme.test',
    name: 'Third',
    role: 'agent',
    password: 'correct horse',
  })
  await admin.api.calls.update({ id: must(ids[0], 'a call'), patch: { userId: third.id } })
  await settle()
  expect(await undo(admin.api, report)).toMatchObject({ changed: 3, refused: 1, causes: [{ code: 'CONFLICT', calls: 1 }] })
  await settle()
  expect(rows(agent, 'Edited', agentId)).toEqual(rows(admin, 'Edited', agentId))
  expect(rows(agent, 'Edited', agentId)).toHaveLength(3)
})

test('an action on more calls than fit into one push arrives completely [S18]', async () => {
  // An operation takes more than 200 bytes, so one push of `pushBytes` does not carry them all.
  const count = Math.ceil(LIMITS.pushBytes / 200)
  const lines = Array.from({ length: count }, (_, n) => `many-${n},Ada Admin,2026-01-0${(n % 9) + 1},Y`)
  const file = new File([['Call Id,Agent,Date,Answered', ...lines].join('\n')], 'calls.csv')
  const { importId, suggestedMap } = await admin.api.imports.inspect({ file })
  for await (const _ of await admin.api.imports.run({ importId, map: suggestedMap }));
  await admin.synced()
  const owned = () =>
    admin.query<{ n: number }>(clientId, 'SELECT count(*) AS n FROM calls WHERE user_id = ?', agentId)[0]?.n ?? 0
  const before = owned()
  const report = await run(admin.api, { list: { filter: { userIds: [adminId] } } }, { kind: 'reassign', userId: agentId })
  expect(report.changed).toBeGreaterThanOrEqual(count)
  await settle()
  const here = agent.query<{ n: number }>(clientId, 'SELECT count(*) AS n FROM calls')[0]?.n
  expect(here).toBe(before + report.changed)
  const states = admin.query<{ state: string }>(clientId, `SELECT DISTINCT state FROM sync_outbox WHERE origin = 'bulk'`)
  expect(states.filter(({ state }) => state === 'pending' || state === 'sent' || state === 'rejected')).toEqual([])
}, 300_000)
