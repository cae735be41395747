import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestDevice } from './testing/test-device.ts'
import { LOST_UNIT, NO_SHOW_UNIT, wonCall, type SampleWorkspace } from './testing/sample-workspace.ts'
import { TestServer } from './testing/test-server.ts'

const server = new TestServer(2)
let acme: SampleWorkspace
beforeAll(async () => {
  await server.start()
  acme = await server.workspace('Acme')
})
afterAll(() => server.dispose())

/** An agent and a lead who both hold one call, each with a clock that the test moves. */
async function pair() {
  const skew = { agent: 0, lead: 0 }
  const agent = await server.joined(acme.people.agent.email, () => Date.now() + skew.agent)
  const lead = await server.joined(acme.people.team_lead.email, () => Date.now() + skew.lead)
  const call = agent.insertCall(wonCall(acme.people.agent.id))
  await agent.push()
  await lead.pull()
  const settle = async (...order: readonly TestDevice[]) => {
    for (const device of order) await device.push()
    for (const device of [agent, lead]) await device.pull()
  }
  const conflictsOf = (device: TestDevice) => [...device.conflicts.values()].filter(({ rowId }) => rowId === call)
  return { agent, lead, call, skew, settle, conflictsOf }
}

/** The error of a measured clock offset is up to the duration of the request, which is long on a busy machine. */
const REALLY_LATER_MS = 1_500
const LATER_MS = 250
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

test('[S7] different fields of one call, both offline: both edits survive', async () => {
  const { agent, lead, call, settle, conflictsOf } = await pair()
  agent.update('calls', call, { notes: 'by the agent' })
  lead.update('calls', call, { prospect_phone: '030 1' })
  await settle(agent, lead)
  for (const device of [agent, lead]) {
    expect(device.row('calls', call)).toMatchObject({ notes: 'by the agent', prospect_phone: '030 1' })
    expect(conflictsOf(device)).toEqual([])
  }
})

test.each(['agent first', 'lead first'] as const)(
  '[S8] [S10] the same field: both devices show the later edit, and the other value is kept (%s)',
  async (order) => {
    const { agent, lead, call, settle, conflictsOf } = await pair()
    agent.update('calls', call, { notes: 'earlier' })
    await wait(LATER_MS)
    lead.update('calls', call, { notes: 'later' })
    await settle(...(order === 'agent first' ? [agent, lead] : [lead, agent]))
    for (const device of [agent, lead]) {
      expect(device.row('calls', call)?.['notes']).toBe('later')
      expect(conflictsOf(device)).toMatchObject([
        {
          columns: ['notes'],
          winning: { notes: 'later' },
          losing: { notes: 'earlier' },
          winningUserId: acme.people.team_lead.id,
          losingUserId: acme.people.agent.id,
        },
      ])
    }
    // "Use mine" is a normal edit of the current version. It closes the conflict, because the field gets another version.
    const [conflict] = conflictsOf(agent)
    expect(agent.rows.get(`calls ${call}`)?.overrides?.['notes']).toBe(conflict?.version)
    agent.update('calls', call, { notes: 'earlier' })
    await settle(agent)
    expect(lead.row('calls', call)?.['notes']).toBe('earlier')
    expect(lead.rows.get(`calls ${call}`)?.overrides?.['notes']).not.toBe(conflict?.version)
    expect(conflictsOf(lead)).toHaveLength(1)
  },
)

test('[S9] the outcome of a call is one value, and the call stays valid', async () => {
  const { agent, lead, call, settle, conflictsOf } = await pair()
  agent.update('calls', call, LOST_UNIT(acme.lossReasonIds[0] ?? ''))
  await wait(LATER_MS)
  lead.update('calls', call, NO_SHOW_UNIT)
  await settle(lead, agent)
  for (const device of [agent, lead]) expect(device.row('calls', call)).toMatchObject(NO_SHOW_UNIT)
  expect(conflictsOf(agent)[0]).toMatchObject({
    columns: ['status', 'outcome', 'loss_reason_id', 'completed_at'],
    losing: { outcome: 'lost' },
  })
})

test.each([
  ['a year ahead', 365 * 86_400_000],
  ['a day behind', -86_400_000],
])('[S8] a clock that is %s gives neither an advantage nor a disadvantage', async (_, wrong) => {
  const { agent, lead, call, skew, settle } = await pair()
  skew.agent = wrong
  agent.update('calls', call, { notes: 'really earlier' })
  await wait(REALLY_LATER_MS)
  lead.update('calls', call, { notes: 'really later' })
  await settle(agent, lead)
  expect(agent.row('calls', call)?.['notes']).toBe('really later')
  lead.update('calls', call, { prospect_phone: 'really earlier' })
  await wait(REALLY_LATER_MS)
  agent.update('calls', call, { prospect_phone: 'really later' })
  await settle(agent, lead)
  expect(lead.row('calls', call)?.['prospect_phone']).toBe('really later')
})

test('[S8] an edit with a time in the future, from a device whose clock is correct, counts from its arrival', async () => {
  const { agent, lead, call, settle } = await pair()
  const [edit] = lead.update('calls', call, { notes: 'from the year 2100' })
  const future = 4_102_444_800_000
  const forged = { ...edit!, hlc: `${future.toString(16).padStart(12, '0')}0000`, wallTime: future }
  lead.outbox = [forged]
  await lead.push()
  await wait(LATER_MS)
  agent.update('calls', call, { notes: 'honest, and later' })
  await settle(agent)
  expect(lead.row('calls', call)?.['notes']).toBe('honest, and later')
})

test('[S7] a device’s second offline edit does not conflict with its first', async () => {
  const { agent, lead, call, settle } = await pair()
  agent.update('calls', call, { notes: 'one' })
  await agent.push()
  // As if the answer had not arrived yet: the second edit has the base version of the first.
  const stale = { ...agent.update('calls', call, { notes: 'two' })[0]!, fields: { notes: { new: 'two', base: 1 } } }
  agent.outbox = [stale]
  const response = await agent.push()
  expect(response).toMatchObject({ merged: [], conflicts: [] })
  await settle()
  expect(lead.row('calls', call)?.['notes']).toBe('two')
})

test('[S10] the losing value is in the audit trail, whichever edit arrived second', async () => {
  const { agent, lead, call, settle } = await pair()
  agent.update('calls', call, { notes: 'kept in the trail' })
  await wait(LATER_MS)
  lead.update('calls', call, { notes: 'standing' })
  await settle(lead, agent)
  const trail = JSON.stringify(await lead.get(`/v1/history/calls/${call}`))
  expect(trail).toContain('kept in the trail')
  expect(trail).toContain('SYNC_REJECTED')
})

test('[S12] the answer to a merged edit contains the server’s row, so that the device has the server’s state', async () => {
  const { agent, lead, call } = await pair()
  agent.update('calls', call, { notes: 'loses', call_duration: 77 })
  await wait(LATER_MS)
  lead.update('calls', call, { notes: 'wins' })
  await lead.push()
  const response = await agent.push()
  expect(response.merged).toEqual([0])
  expect(agent.row('calls', call)).toMatchObject({ notes: 'wins', call_duration: 77 })
  expect(response.conflicts).toHaveLength(1)
})

test('[S11] an edit of a call that was deleted meanwhile is rejected, and only a restore brings the call back', async () => {
  const { agent, call, lead } = await pair()
  lead.update('calls', call, { notes: 'too late' })
  agent.deleteCall(call)
  await agent.push()
  const response = await lead.push()
  expect(response.rejected).toMatchObject([{ code: 'DELETED' }])
  expect(response.removed).toMatchObject([{ id: call }])
  await lead.pull()
  expect(lead.row('calls', call)).toBeUndefined()
  // An import that is not aware of the deletion does this.
  agent.insertCall(wonCall(acme.people.agent.id), call)
  expect(await agent.push()).toMatchObject({ rejected: [{ code: 'DELETED' }], removed: [{ id: call }] })
  agent.restoreCall(call)
  expect((await agent.push()).rejected).toEqual([])
  await lead.pull()
  expect(lead.row('calls', call)).toMatchObject({ prospect_name: 'Jo Smith' })
})

test('[S11] a restore brings back the edit that the deleting device never received', async () => {
  const { agent, lead, call } = await pair()
  lead.update('calls', call, { notes: 'accepted first', prospect_phone: '030 1' })
  await lead.push()
  agent.deleteCall(call)
  await agent.push()
  agent.restoreCall(call)
  expect(await agent.push()).toMatchObject({ rejected: [], merged: [0], conflicts: [] })
  await lead.pull()
  for (const device of [agent, lead])
    expect(device.row('calls', call)).toMatchObject({ notes: 'accepted first', prospect_phone: '030 1' })
  const fresh = await server.joined(acme.people.agent.email)
  expect(agent.rows.get(`calls ${call}`)).toEqual(fresh.rows.get(`calls ${call}`))
  expect(lead.rows.get(`calls ${call}`)).toEqual(fresh.rows.get(`calls ${call}`))
})

test('[S11] [S3] deletion, restore and edit in one push, sent again after a lost answer, restore once', async () => {
  const { agent, lead, call } = await pair()
  lead.update('calls', call, { notes: 'accepted first' })
  await lead.push()
  agent.deleteCall(call)
  agent.restoreCall(call)
  agent.update('calls', call, { prospect_phone: '030 2' })
  const lost = await agent.send(agent.pushRequest())
  lead.restoreCall(call)
  lead.update('calls', call, { notes: 'after the restore' })
  await lead.push()
  expect((await agent.push()).seq).toEqual(lost.seq)
  await lead.pull()
  for (const device of [agent, lead])
    expect(device.row('calls', call)).toMatchObject({ notes: 'after the restore', prospect_phone: '030 2' })
  const history = JSON.stringify(await lead.get(`/v1/history/calls/${call}`))
  // Created once and restored once; the second restore changed nothing.
  expect(history.split('"INSERT"')).toHaveLength(3)
})

test('[S11] a call that was made and deleted in one push can be restored in another', async () => {
  const agent = await server.joined(acme.people.agent.email)
  const call = agent.insertCall(wonCall(acme.people.agent.id))
  agent.update('calls', call, { notes: 'typed before' })
  agent.deleteCall(call)
  await agent.push()
  agent.restoreCall(call)
  expect((await agent.push()).rejected).toEqual([])
  expect(agent.row('calls', call)).toMatchObject({ prospect_name: 'Jo Smith', notes: 'typed before' })
})

test('[S11] [S10] a conflict that was open when the call was deleted is open again after the restore', async () => {
  const { agent, lead, call, settle, conflictsOf } = await pair()
  agent.update('calls', call, { notes: 'earlier' })
  await wait(LATER_MS)
  lead.update('calls', call, { notes: 'later' })
  await settle(agent, lead)
  agent.deleteCall(call)
  agent.restoreCall(call)
  await settle(agent)
  for (const device of [agent, lead])
    expect(device.rows.get(`calls ${call}`)?.overrides?.['notes']).toBe(conflictsOf(device)[0]?.version)
})

test('[S11] [S13] [S14] people who could edit a deleted call can restore it; for others it does not exist', async () => {
  const { agent, lead, call } = await pair()
  agent.deleteCall(call)
  await agent.push()
  const other = await server.joined(acme.people.other.email)
  const viewer = await server.joined(acme.people.viewer.email)
  for (const [device, code] of [
    [other, 'NOT_FOUND'],
    [viewer, 'FORBIDDEN'],
  ] as const) {
    device.restoreCall(call)
    const response = await device.push()
    expect(response.rejected).toMatchObject([{ code, current: null }])
    expect(JSON.stringify(response)).not.toContain('Jo Smith')
  }
  other.insertCall(wonCall(acme.people.other.id), call)
  expect((await other.push()).rejected).toMatchObject([{ code: 'CONFLICT', field: 'id' }])
  lead.restoreCall(call)
  expect((await lead.push()).rejected).toEqual([])
  await agent.pull()
  expect(agent.row('calls', call)).toMatchObject({ prospect_name: 'Jo Smith', user_id: acme.people.agent.id })
})

test('[S11] a restored call of a deactivated person still belongs to them', async () => {
  const workspace = await server.workspace('Bolt')
  const { agent: owner, admin: boss } = workspace.people
  const [agent, admin] = [await server.joined(owner.email), await server.joined(boss.email)]
  const call = agent.insertCall({ ...wonCall(owner.id), ...LOST_UNIT(workspace.lossReasonIds[0] ?? '') })
  agent.deleteCall(call)
  await agent.push()
  await admin.pull()
  admin.update('users', owner.id, { is_active: 0 })
  admin.update('loss_reasons', workspace.lossReasonIds[0] ?? '', { is_active: 0 })
  admin.restoreCall(call)
  expect((await admin.push()).rejected).toEqual([])
  expect(admin.row('calls', call)).toMatchObject({ user_id: owner.id, loss_reason_id: workspace.lossReasonIds[0] })
})

test('[S4] the answer to an import of a call that a colleague imported too contains the call, which has values of both', async () => {
  const [one, two] = [await server.joined(acme.people.agent.email), await server.joined(acme.people.agent.email)]
  // Like the import of one file on two laptops: the same id, and the time of each import.
  const id = one.newId()
  one.insertCall({ ...wonCall(acme.people.agent.id), created_at: 1_000 }, id)
  await one.push()
  await new Promise((resolve) => setTimeout(resolve, 250))
  two.insertCall({ ...wonCall(acme.people.agent.id), created_at: 2_000 }, id)
  await two.push()
  const fresh = await server.joined(acme.people.agent.email)
  expect(two.row('calls', id)?.['created_at']).toBe(fresh.row('calls', id)?.['created_at'])
})
