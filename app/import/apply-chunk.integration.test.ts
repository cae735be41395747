import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Id } from '../../core/id.ts'
import { deleteCall, restoreCall, updateCall } from '../../db/commands/calls.ts'
import { insertEntry } from '../../db/commands/do-not-call.ts'
import { setLossReasonActive, updateLossReason } from '../../db/commands/loss-reasons.ts'
import { insertUser, setUserActive, updateUser } from '../../db/commands/users.ts'
import { contactHashes } from '../../db/contact-hash.ts'
import { listAudit } from '../../db/queries/audit.ts'
import { listCalls } from '../../db/queries/calls.ts'
import { listLossReasons } from '../../db/queries/loss-reasons.ts'
import { listUsers } from '../../db/queries/users.ts'
import { TestWorkspace } from '../../db/testing/test-workspace.ts'
import { file, importInto, MAP } from '../testing/import-into.ts'

const WON = 'r1,Ben,Jo,2026-01-05T10:00,completed,won,,60,first note'

let workspace: TestWorkspace
beforeEach(() => (workspace = new TestWorkspace()))
afterEach(() => workspace.dispose())

function calls() {
  const { db, clientId } = workspace
  const page = { filter: {}, sort: { by: 'prospectName', direction: 'asc' }, after: null, skip: 0, limit: 500 } as const
  return listCalls(db, clientId, page, null).rows
}
function onlyCall() {
  const [call, ...others] = calls()
  if (call === undefined || others.length > 0) throw new Error(`${others.length + 1} calls`)
  return call
}
function auditCount(): number {
  return workspace.db.sqlite.prepare('SELECT count(*) FROM audit_logs').pluck().get() as number
}
function addUser(name: string, email: string, role: 'agent' | 'team_lead' = 'agent'): Id {
  const id = workspace.newId()
  const { db, clientId, now } = workspace
  workspace.write(() => insertUser(db, { id, clientId, email, name, role, passwordHash: null, isActive: true, createdAt: now }))
  return id
}
const counts = ({
  created,
  updated,
  unchanged,
  refused,
}: {
  created: number
  updated: number
  unchanged: number
  refused: number
}) => [created, updated, unchanged, refused]

test('agents and loss reasons are found by name in any case or by e-mail address, and are created if they do not exist', async () => {
  const report = await importInto(
    workspace,
    file(
      'r1, ben ,A,2026-01-05T10:00,completed,lost,PRICE,60,',
      'r2,BEN@acme.test,B,2026-01-05T10:00,completed,lost,Too far,60,',
      'r3,Zoë Müller,C,2026-01-05T10:00,completed,won,,60,',
      'r4,zoë  müller,D,2026-01-05T10:00,completed,lost,too far,60,',
    ),
    MAP,
  )
  expect(report).toMatchObject({ created: 4, refused: 0, createdUsers: ['Zoë Müller'], createdLossReasons: ['Too far'] })
  const zoe = listUsers(workspace.db, workspace.clientId).find(({ name }) => name === 'Zoë Müller')
  expect(zoe).toMatchObject({ email: 'zoe.muller@imported.invalid', role: 'agent', isActive: true, hasPassword: false })
  const far = listLossReasons(workspace.db, workspace.clientId).find(({ name }) => name === 'Too far')
  expect(calls().map(({ userId, lossReasonId }) => [userId, lossReasonId])).toEqual([
    [workspace.agentId, workspace.priceId],
    [workspace.agentId, far?.id],
    [zoe?.id, null],
    [zoe?.id, far?.id],
  ])
})

test('a team lead can import but cannot add people; the refusal says what to do', async () => {
  const lead = addUser('Lea', 'lea@acme.test', 'team_lead')
  const rows = file(WON, 'r2,Xaver,Al,2026-01-05T10:00,completed,lost,New reason,60,')
  const report = await importInto(workspace, rows, MAP, { userId: lead })
  expect(report).toMatchObject({ created: 1, refused: 1, createdUsers: [], createdLossReasons: [] })
  expect(report.issues).toMatchObject([
    { line: 3, column: 'Agent', message: expect.stringMatching(/no agent “Xaver”\. Only an admin/) },
  ])
  const withAgent = await importInto(workspace, rows.replace('Xaver', 'Ben'), MAP, { userId: lead })
  expect(withAgent).toMatchObject({ created: 1, unchanged: 1, createdLossReasons: ['New reason'] })
})

test('a mapping that does not allow new agents and loss reasons refuses rows with unknown ones', async () => {
  const rows = file('r1,Xaver,A,2026-01-05T10:00,completed,won,,,', 'r2,Ben,B,2026-01-05T10:00,completed,lost,Unknown reason,,')
  const report = await importInto(workspace, rows, { ...MAP, createAgents: false, createLossReasons: false })
  expect(report).toMatchObject({ created: 0, refused: 2 })
  expect(report.issues.map(({ column }) => column)).toEqual(['Agent', 'Reason'])
})

test('of two people with the same name the active one is used; if both are active, the row is refused', async () => {
  const other = addUser('ben', 'other@acme.test')
  expect(await importInto(workspace, file(WON), MAP)).toMatchObject({ refused: 1, issues: [{ column: 'Agent' }] })
  workspace.write(() => setUserActive(workspace.db, workspace.agentId, false))
  await importInto(workspace, file(WON), MAP)
  expect(onlyCall().userId).toBe(other)
})

test('imported calls can refer to deactivated people and inactive loss reasons', async () => {
  workspace.write(() => setUserActive(workspace.db, workspace.agentId, false))
  workspace.write(() => setLossReasonActive(workspace.db, workspace.priceId, false))
  await importInto(workspace, file('r1,Ben,A,2026-01-05T10:00,completed,lost,Price,60,'), MAP)
  expect(onlyCall()).toMatchObject({ userId: workspace.agentId, lossReasonId: workspace.priceId })
})

test('a viewer gets no calls from an import but keeps existing calls', async () => {
  const vic = addUser('Vic', 'vic@acme.test')
  await importInto(workspace, file('r1,Vic,Jo,2026-01-05T10:00,completed,won,,60,first note'), MAP)
  workspace.write(() => updateUser(workspace.db, vic, { role: 'viewer' }))
  const rows = file('r1,Vic,Jo,2026-01-05T10:00,completed,won,,60,second note', 'r2,Vic,Al,2026-01-05T10:00,completed,won,,60,')
  const report = await importInto(workspace, rows, MAP)
  expect(counts(report)).toEqual([0, 1, 0, 1])
  expect(report.issues).toEqual([
    {
      line: 3,
      column: 'Agent',
      message: '“Vic” is a viewer and cannot have calls. Enter another person, or ask an admin to change the role.',
      text: { id: 'import.viewer', values: { name: 'Vic' } },
    },
  ])
  expect(onlyCall()).toMatchObject({ userId: vic, notes: 'second note' })
})

test('the e-mail addresses that an import makes are unique', async () => {
  addUser('Other', 'jo.smith@imported.invalid')
  const rows = ['Jo Smith', 'jo-smith', '山田', 'new@acme.test'].map(
    (name, n) => `r${n},${name},P${n},2026-01-05T10:00,completed,won,,,`,
  )
  expect(await importInto(workspace, file(...rows), MAP)).toMatchObject({ created: 4, refused: 0 })
  const emails = listUsers(workspace.db, workspace.clientId).map(({ email }) => email)
  expect(new Set(emails).size).toBe(emails.length)
  expect(emails).toContain('new@acme.test')
})

test('a second import of a file changes nothing and adds only its own event to the audit trail', async () => {
  const rows = file(WON, 'r2,Zoë,Al,2026-01-05T11:00,no_show,,,,', 'r3,Zoë,Bo,2026-01-05T11:00,completed,lost,Far,9,')
  expect(counts(await importInto(workspace, rows, MAP))).toEqual([3, 0, 0, 0])
  const before = auditCount()
  expect(counts(await importInto(workspace, rows, MAP))).toEqual([0, 0, 3, 0])
  expect(auditCount()).toBe(before + 1)
})

test('an import records one IMPORT event with its counts', async () => {
  const report = await importInto(workspace, file(WON, 'r2,Ben,,2026-01-05T10:00,completed,won,,,'), MAP)
  const { rows } = listAudit(workspace.db, workspace.clientId, { actions: ['IMPORT'], after: null, limit: 10 }, null)
  expect(rows).toEqual([
    expect.objectContaining({
      recordId: report.importId,
      userId: workspace.adminId,
      newValues: { source: 'test', rows: 2, created: 1, updated: 0, unchanged: 0, refused: 1, cancelled: 0 },
    }),
  ])
})

test('only the values that changed in the file are updated', async () => {
  await importInto(workspace, file(WON), MAP)
  const report = await importInto(workspace, file('r1,Ben,Jo,2026-01-05T10:00,completed,won,,75,first note'), MAP)
  expect(counts(report)).toEqual([0, 1, 0, 0])
  expect(onlyCall()).toMatchObject({ callDuration: 75, notes: 'first note' })
  const [last] = listAudit(
    workspace.db,
    workspace.clientId,
    { tableName: 'calls', actions: ['UPDATE'], after: null, limit: 1 },
    null,
  ).rows
  expect(last).toMatchObject({ oldValues: { call_duration: 60 }, newValues: { call_duration: 75 } })
})

test('a later file completes a call that was scheduled in an earlier file', async () => {
  await importInto(workspace, file('r1,Ben,Jo,2026-01-05T10:00,scheduled,,,,'), MAP)
  const planned = onlyCall().scheduledAt
  await importInto(workspace, file('r1,Ben,Jo,2026-01-05T10:05,completed,lost,Price,90,'), MAP)
  expect(onlyCall()).toMatchObject({
    status: 'completed',
    outcome: 'lost',
    lossReasonId: workspace.priceId,
    callDuration: 90,
    scheduledAt: planned,
  })
  await importInto(workspace, file('r1,Ben,Jo,2026-01-06T10:00,no_show,,,,'), MAP)
  expect(onlyCall()).toMatchObject({ status: 'no_show', outcome: null, lossReasonId: null, completedAt: null })
})

test('an import does not overwrite edited fields, but updates other fields', async () => {
  await importInto(workspace, file(WON), MAP)
  const { id } = onlyCall()
  workspace.write(() =>
    updateCall(workspace.db, id, { notes: 'mine', outcome: 'lost', lossReasonId: workspace.timingId, userId: workspace.adminId }),
  )
  expect(counts(await importInto(workspace, file(WON), MAP))).toEqual([0, 0, 1, 0])
  const report = await importInto(workspace, file('r1,Ben,Jo Smith,2026-01-05T10:00,completed,won,,60,first note'), MAP)
  expect(counts(report)).toEqual([0, 1, 0, 0])
  expect(onlyCall()).toMatchObject({
    prospectName: 'Jo Smith',
    notes: 'mine',
    outcome: 'lost',
    lossReasonId: workspace.timingId,
    userId: workspace.adminId,
  })
})

test('a field that the mapping does not fill is not changed', async () => {
  const { notes: _notes, outcome: _outcome, ...fields } = MAP.fields
  await importInto(workspace, file(WON), { ...MAP, fields })
  const { id } = onlyCall()
  workspace.write(() => updateCall(workspace.db, id, { notes: 'mine', outcome: 'won' }))
  await importInto(workspace, file(WON.replace('Jo', 'Joe')), { ...MAP, fields })
  expect(onlyCall()).toMatchObject({ prospectName: 'Joe', notes: 'mine', outcome: 'won' })
})

test('a value that a person cleared stays cleared, and a new value is imported', async () => {
  await importInto(workspace, file(WON), MAP)
  const { id } = onlyCall()
  workspace.write(() => updateCall(workspace.db, id, { notes: null }))
  expect(counts(await importInto(workspace, file(WON), MAP))).toEqual([0, 0, 1, 0])
  await importInto(workspace, file(WON.replace('first', 'second')), MAP)
  expect(onlyCall().notes).toBe('second note')
})

test('a call that a person deleted stays deleted until a person restores it', async () => {
  await importInto(workspace, file(WON), MAP)
  const { id } = onlyCall()
  workspace.write(() => deleteCall(workspace.db, id))
  expect(counts(await importInto(workspace, file(WON), MAP))).toEqual([0, 0, 1, 0])
  expect(calls()).toEqual([])
  workspace.write(() => restoreCall(workspace.db, id))
  expect(counts(await importInto(workspace, file(WON), MAP))).toEqual([0, 0, 1, 0])
  expect(counts(await importInto(workspace, file(WON.replace('first', 'second')), MAP))).toEqual([0, 1, 0, 0])
})

test('old files still find people and loss reasons that were renamed', async () => {
  const rows = file('r1,Ben,A,2026-01-05T10:00,completed,lost,Price,60,', 'r2,Zoë,B,2026-01-05T10:00,completed,lost,Far,60,')
  await importInto(workspace, rows, MAP)
  const zoe = listUsers(workspace.db, workspace.clientId).find(({ name }) => name === 'Zoë')
  workspace.write(() => updateUser(workspace.db, workspace.agentId, { name: 'Benjamin' }))
  workspace.write(() => updateUser(workspace.db, zoe?.id ?? '', { name: 'Zoë Maier', email: 'zoe@acme.test' }))
  workspace.write(() => updateLossReason(workspace.db, workspace.priceId, { name: 'Too expensive' }))
  const again = await importInto(workspace, rows, MAP)
  expect(counts(again)).toEqual([0, 0, 2, 0])
  expect([again.createdUsers, again.createdLossReasons]).toEqual([[], []])
  // Another person takes the name Ben: old calls stay with the first person, new rows go to the second.
  const second = addUser('Ben', 'ben2@acme.test')
  const more = await importInto(workspace, `${rows}\nr3,Ben,C,2026-01-05T10:00,completed,won,,,`, MAP)
  expect(counts(more)).toEqual([1, 0, 2, 0])
  expect(calls().map(({ userId }) => userId)).toEqual([workspace.agentId, zoe?.id, second])
})

test('a dry run reports the same as a run and writes nothing', async () => {
  const rows = file(WON, 'r2,Zoë,Al,2026-01-05T11:00,completed,lost,Far,,', 'r3,Zoë,,2026-01-05T11:00,completed,won,,,')
  const before = auditCount()
  const dry = await importInto(workspace, rows, MAP, { dryRun: true })
  expect(auditCount()).toBe(before)
  const wet = await importInto(workspace, rows, MAP)
  expect({ ...dry, importId: '', dryRun: false }).toEqual({ ...wet, importId: '' })
  expect(wet).toMatchObject({ created: 2, refused: 1, createdUsers: ['Zoë'], createdLossReasons: ['Far'] })
  const dryAgain = await importInto(workspace, rows.replace('first', 'second'), MAP, { dryRun: true })
  expect(counts(dryAgain)).toEqual([0, 1, 1, 1])
})

test('without a rule for the agent, calls belong to the person who imports first', async () => {
  const lead = addUser('Lea', 'lea@acme.test', 'team_lead')
  const { agent: _agent, ...fields } = MAP.fields
  await importInto(workspace, file(WON), { ...MAP, fields })
  expect(counts(await importInto(workspace, file(WON), { ...MAP, fields }, { userId: lead }))).toEqual([0, 0, 1, 0])
  expect(onlyCall().userId).toBe(workspace.adminId)
})

test('the same key from another source is another call', async () => {
  await importInto(workspace, file(WON), MAP)
  expect(counts(await importInto(workspace, file(WON), { ...MAP, source: 'other' }))).toEqual([1, 0, 0, 0])
})

test('rows that schedule outbound calls with prospects on the do-not-call list are imported, and reported in the dry run and the report', async () => {
  const { db, clientId } = workspace
  const [contactHash = ''] = contactHashes(clientId, { phone: null, email: 'jo@example.com' })
  const map = { ...MAP, fields: { ...MAP.fields, prospectEmail: { column: 'Notes' } } }
  const rows = file(
    'r1,Ben,Jo,2026-01-05T10:00,scheduled,,,,Jo@Example.com',
    'r2,Ben,Al,2026-01-05T10:00,scheduled,,,,al@example.com',
    'r3,Ben,Jo,2026-01-05T10:00,completed,won,,60,jo@example.com',
  )
  expect(await importInto(workspace, rows, map, { dryRun: true })).toMatchObject({ created: 3, doNotCall: 0, doNotCallRows: [] })
  const entry = { id: workspace.newId(), clientId, contactHash, reason: null, createdAt: workspace.now }
  workspace.write(() => insertEntry(db, entry))
  const listed = { created: 3, refused: 0, doNotCall: 1, doNotCallRows: [{ line: 2, prospectName: 'Jo' }] }
  expect(await importInto(workspace, rows, map, { dryRun: true })).toMatchObject(listed)
  expect(await importInto(workspace, rows, map)).toMatchObject(listed)
  expect(calls()).toHaveLength(3)
  // The second time nothing is scheduled.
  expect(await importInto(workspace, rows, map)).toMatchObject({ unchanged: 3, doNotCall: 0 })
})
