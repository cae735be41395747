import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Page } from '../../core/sync/protocol.ts'
import { SYNC_TABLES } from '../../core/sync/tables.ts'
import { deleteCall, restoreCall, updateCall } from '../commands/calls.ts'
import { updateUser } from '../commands/users.ts'
import { CREATED, pageOf, scheduledCall, serverRows } from '../testing/server-answers.ts'
import { PLANTED_HASH, TestWorkspace } from '../testing/test-workspace.ts'
import { PageApplier } from './apply-page.ts'
import { getDeviceState } from './device-state.ts'

let workspace: TestWorkspace
beforeEach(() => {
  workspace = new TestWorkspace()
  answerAll()
})
afterEach(() => workspace.dispose())

const fromServer = { source: 'server' } as const
const all = (sql: string, ...values: string[]) => workspace.db.sqlite.prepare(sql).all(...values)
const one = (sql: string, ...values: string[]) =>
  workspace.db.sqlite
    .prepare(sql)
    .pluck()
    .get(...values)

/** Marks all operations as accepted. */
function answerAll(): void {
  workspace.write(
    () => workspace.db.sqlite.exec(`UPDATE sync_outbox SET state = 'accepted', server_seq = device_seq WHERE state = 'pending'`),
    fromServer,
  )
}

function take(page: Page): void {
  const intake = new PageApplier(page, workspace.adminId)
  while (!workspace.write(() => intake.write(workspace.db), fromServer));
}

function callsPage(count: number): Page {
  const { adminId, newId } = workspace
  const calls = Array.from({ length: count }, (_, n) => ({
    id: newId(),
    version: n + 1,
    by: adminId,
    values: scheduledCall(adminId, `Prospect ${n}`),
  }))
  return pageOf({ rows: [serverRows('calls', calls)], head: count })
}

/** Returns a function that makes the admin's call `id` as the server has it at a version. */
function versionsOf(id: string) {
  const { adminId, agentId } = workspace
  return (version: number, values: object) => ({
    id,
    version,
    by: agentId,
    values: { ...scheduledCall(adminId, 'Jo'), ...values },
  })
}

test('[S5] the cursor is committed with the last part of a page, and an interrupted page is applied again from the start', () => {
  const page = callsPage(2_500)
  const broken = new PageApplier(page, workspace.adminId)
  expect(workspace.write(() => broken.write(workspace.db), fromServer)).toBe(false)
  const soFar = one('SELECT count(*) FROM calls')
  expect([Number(soFar) > 0, Number(soFar) < 2_500]).toEqual([true, true])
  // After a crash the device pulls with the cursor that is in the file.
  expect(getDeviceState(workspace.reader())).toMatchObject({ cursor: null, isWhole: false })
  take(page)
  expect(one('SELECT count(*) FROM calls')).toBe(2_500)
  expect(getDeviceState(workspace.reader())).toMatchObject({ cursor: 'next', isWhole: true })
})

test('half of a surrogate pair in a text of the server is replaced, in a new row and in a changed one', () => {
  const id = workspace.newId()
  const versions = versionsOf(id)
  take(pageOf({ rows: [serverRows('calls', [versions(1, { notes: 'a\ud83d' })])] }))
  expect(one('SELECT notes FROM calls WHERE id = ?', id)).toBe('a\ufffd')
  take(pageOf({ rows: [serverRows('calls', [versions(2, { notes: '\ude00b' })])] }))
  expect(one('SELECT notes FROM calls WHERE id = ?', id)).toBe('\ufffdb')
})

test('[S22] a column that a page leaves out because it is null in every row is null, in a new row and in an existing one', () => {
  const [followed, id, added] = [workspace.newId(), workspace.newId(), workspace.newId()]
  const row = versionsOf(id)
  const linkOf = (callId: string) => one('SELECT follows_call_id FROM calls WHERE id = ?', callId)
  take(pageOf({ rows: [serverRows('calls', [row(1, { follows_call_id: followed })])] }))
  expect(linkOf(id)).toBe(followed)
  const columns = SYNC_TABLES.calls.columns.map(({ name }) => name).filter((name) => name !== 'follows_call_id')
  const another = { id: added, version: 3, by: workspace.adminId, values: scheduledCall(workspace.adminId, 'Ann') }
  take(pageOf({ rows: [serverRows('calls', [row(2, {}), another], columns)], cursor: 'later' }))
  expect([linkOf(id), linkOf(added)]).toEqual([null, null])
})

test('a page with a column that this release does not have is refused before anything is written', () => {
  const page = serverRows('calls', [{ id: workspace.newId(), version: 1, by: workspace.adminId, values: {} }], ['later_column'])
  expect(() => take(pageOf({ rows: [page] }))).toThrow(/later_column is not known/)
  expect(one('SELECT count(*) FROM calls')).toBe(0)
})

test('[S2] rows from the server are not sent back', () => {
  const before = one('SELECT count(*) FROM sync_outbox')
  take(callsPage(3))
  expect(one('SELECT count(*) FROM sync_outbox')).toBe(before)
})

test('a row with a pending edit keeps the typed values and gets the others from the server', () => {
  const id = workspace.newId()
  const row = versionsOf(id)
  take(pageOf({ rows: [serverRows('calls', [row(7, { notes: 'first' })])] }))
  workspace.write(() => updateCall(workspace.db, id, { notes: 'typed here' }))
  take(pageOf({ rows: [serverRows('calls', [row(9, { notes: 'theirs', call_duration: 5 })])], cursor: 'later' }))
  expect(all('SELECT notes, call_duration FROM calls WHERE id = ?', id)).toEqual([{ notes: 'typed here', call_duration: 5 }])
})

test('[S11] a restored call shows the server’s values and keeps waiting edits from before the deletion', () => {
  const { db, newId } = workspace
  const id = newId()
  const row = versionsOf(id)
  take(pageOf({ rows: [serverRows('calls', [row(7, { notes: 'first' })])] }))
  workspace.write(() => updateCall(db, id, { prospectPhone: '030 1' }))
  workspace.write(() => deleteCall(db, id))
  workspace.write(() => restoreCall(db, id))
  const theirs = { notes: 'theirs', prospect_phone: '030 2' }
  take(pageOf({ rows: [serverRows('calls', [row(9, theirs)])], cursor: 'later' }))
  expect(all('SELECT notes, prospect_phone FROM calls WHERE id = ?', id)).toEqual([{ notes: 'theirs', prospect_phone: '030 1' }])
  // Another person's deletion that arrives before the restore is judged removes nothing here.
  const removed = [{ table: 'calls' as const, id, seq: 12, reason: 'deleted' as const }]
  take(pageOf({ removed, cursor: 'latest' }))
  expect(all('SELECT notes FROM calls WHERE id = ?', id)).toEqual([{ notes: 'theirs' }])
})

test('[S15] a call that left the scope is removed with its trail, answered operations and conflicts; unanswered operations stay', () => {
  const { db, adminId } = workspace
  const { id } = workspace.addCall({ userId: adminId, notes: 'Quetzalcoatl' })
  answerAll()
  workspace.write(() => updateCall(db, id, { notes: 'typed in vain' }))
  take(pageOf({ removed: [{ table: 'calls', id, seq: 5, reason: 'moved' }] }))
  expect(all('SELECT 1 FROM calls WHERE id = ?', id)).toEqual([])
  expect(all(`SELECT 1 FROM audit_logs WHERE record_id = ?`, id)).toEqual([])
  expect(all('SELECT state FROM sync_outbox WHERE row_id = ?', id)).toEqual([{ state: 'pending' }])
})

test('[S15] [S16] after a change to a smaller role no table has an address or a password hash of others', () => {
  const { db, adminId, agentId } = workspace
  workspace.write(() => updateUser(db, adminId, { email: 'zerubbabel@acme.test' }))
  answerAll()
  const intake = new PageApplier(pageOf({ forget: ['user_details'] }), agentId)
  workspace.write(() => intake.write(db), { ...fromServer, userId: agentId })
  const people = all('SELECT email, password_hash FROM users WHERE id <> ?', agentId)
  expect(people).toEqual([{ email: `${adminId}@unknown.invalid`, password_hash: null }])
  for (const table of ['users', 'audit_logs', 'sync_outbox', 'sync_conflicts']) {
    const text = JSON.stringify(all(`SELECT * FROM ${table}`))
    for (const secret of [PLANTED_HASH, 'zerubbabel', 'ada@acme.test']) expect(`${table} ${text}`).not.toContain(secret)
  }
})

test('[S15] after a change to a smaller role no calls of others are left, and no operations on them', () => {
  const { db, adminId, agentId } = workspace
  const own = workspace.addCall({ userId: agentId })
  const { id } = workspace.addCall({ userId: adminId, notes: 'Quetzalcoatl' })
  answerAll()
  const intake = new PageApplier(pageOf({ forget: ['calls_of_others'] }), agentId)
  workspace.write(() => intake.write(db), { ...fromServer, userId: agentId })
  expect(all('SELECT id FROM calls')).toEqual([{ id: own.id }])
  for (const table of ['audit_logs', 'sync_outbox', 'calls_text'])
    expect(JSON.stringify(all(`SELECT * FROM ${table}`))).not.toMatch(new RegExp(`Quetzalcoatl|${id}`))
})

test('reasons that exchanged their names can arrive in any order', () => {
  const { priceId, timingId, adminId } = workspace
  const reason = (id: string, version: number, name: string) => ({
    id,
    version,
    by: adminId,
    values: { name, is_active: 1, created_at: CREATED, updated_at: CREATED },
  })
  take(pageOf({ rows: [serverRows('loss_reasons', [reason(priceId, 5, 'Timing'), reason(timingId, 6, 'Price')])] }))
  expect(all('SELECT id, name FROM loss_reasons ORDER BY name')).toEqual([
    { id: timingId, name: 'Price' },
    { id: priceId, name: 'Timing' },
  ])
})
