import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PushResponse } from '../../core/sync/protocol.ts'
import { insertCall, updateCall } from '../commands/calls.ts'
import { setUserPassword } from '../commands/users.ts'
import { answerOf, CREATED, pageOf, scheduledCall, serverRows } from '../testing/server-answers.ts'
import { PLANTED_HASH, TestWorkspace } from '../testing/test-workspace.ts'
import { PageApplier } from './apply-page.ts'
import { applyPushResponse } from './apply-push.ts'
import { openConflicts } from './conflicts.ts'
import { getDeviceState } from './device-state.ts'
import { lastDeviceSeq } from '../queries/device-seq.ts'
import { openRejections } from './rejections.ts'

let workspace: TestWorkspace
beforeEach(() => {
  workspace = new TestWorkspace()
  answer({ first: 1 })
})
afterEach(() => workspace.dispose())

const all = (sql: string, ...values: (string | number)[]) => workspace.db.sqlite.prepare(sql).all(...values)
const notesOf = (id: string) => workspace.db.sqlite.prepare('SELECT notes FROM calls WHERE id = ?').pluck().get(id)

/** Applies the server's answer to the operations from `first` on. An operation is accepted unless `response` says otherwise. */
function answer({ first, ...response }: Partial<PushResponse> & { readonly first: number }) {
  const last = lastDeviceSeq(workspace.db)
  const seq = Array.from({ length: last - first + 1 }, (_, n) => 1_000 + first + n)
  return workspace.write(() => applyPushResponse(workspace.db, workspace.adminId, first, last, answerOf({ seq, ...response })), {
    source: 'server',
  })
}

/** Runs `work`. Returns the number of its first operation. */
function done(work: () => void): number {
  const first = lastDeviceSeq(workspace.db) + 1
  workspace.write(work)
  return first
}

test('[S3] an answer that is applied twice counts once', () => {
  const call = workspace.newCall()
  const first = done(() => insertCall(workspace.db, call))
  expect(answer({ first, cursor: 'one' })).toEqual({ accepted: 1, merged: 0, rejected: 0 })
  const versions = all('SELECT * FROM sync_rows')
  expect(answer({ first, cursor: 'two' })).toEqual({ accepted: 0, merged: 0, rejected: 0 })
  expect(all('SELECT * FROM sync_rows')).toEqual(versions)
  expect(getDeviceState(workspace.db).cursor).toBe('one')
})

test('[S6] the cursor of every answer is stored, and the feed can still bring a row whose edit it does not cover', () => {
  const { db, adminId, agentId } = workspace
  const { id } = workspace.addCall({ userId: adminId, notes: 'before' })
  answer({ first: lastDeviceSeq(db) })
  const versionOf = () => db.sqlite.prepare('SELECT version FROM sync_rows WHERE row_id = ?').pluck().get(id)
  for (const [isCovered, cursor] of [
    [true, 'covered'],
    [false, 'not covered'],
  ] as const) {
    const edited = done(() => updateCall(db, id, { notes: cursor }))
    answer({ first: edited, cursor, isCovered, complete: isCovered })
    expect(getDeviceState(db)).toMatchObject({ cursor, isWhole: isCovered })
    expect(versionOf()).toBe(isCovered ? 1_000 + edited : 0)
  }
  const seq = 1_000 + lastDeviceSeq(db)
  const values = { ...scheduledCall(adminId, 'Changed before the edit'), notes: 'not covered' }
  const intake = new PageApplier(pageOf({ rows: [serverRows('calls', [{ id, version: seq, by: agentId, values }])] }), adminId)
  while (!workspace.write(() => intake.write(db), { source: 'server' }));
  expect(db.sqlite.prepare('SELECT prospect_name FROM calls WHERE id = ?').pluck().get(id)).toBe('Changed before the edit')
})

test('[S12] a rejected edit is rolled back, kept in the list with the typed values, and answered once', () => {
  const { db, adminId } = workspace
  const { id } = workspace.addCall({ userId: adminId, notes: 'before' })
  answer({ first: lastDeviceSeq(db) })
  const first = done(() => updateCall(db, id, { notes: 'typed', callDuration: 9 }))
  const row = { id, version: 900, by: adminId, values: { ...scheduledCall(adminId, 'Jo Smith'), notes: 'the server’s' } }
  const rejected = [{ index: 0, code: 'INVALID' as const, field: 'notes', current: 'the server’s' }]
  answer({ first, rejected, rows: [serverRows('calls', [row])] })
  expect(notesOf(id)).toBe('the server’s')
  expect(openRejections(db, adminId)).toMatchObject([
    { rowId: id, code: 'INVALID', current: 'the server’s', values: { notes: 'typed', call_duration: 9 } },
  ])
  expect(all(`SELECT 1 FROM sync_outbox WHERE state IN ('pending', 'sent')`)).toEqual([])
  answer({ first, rejected })
  expect(openRejections(db, adminId)).toHaveLength(1)
})

test('[S12] a later pending edit still applies on top of the row that a rejection returns', () => {
  const { db, adminId } = workspace
  const { id } = workspace.addCall({ userId: adminId })
  answer({ first: lastDeviceSeq(db) })
  const first = done(() => updateCall(db, id, { notes: 'refused' }))
  const last = lastDeviceSeq(db)
  workspace.write(() => updateCall(db, id, { notes: 'typed since' }))
  const row = { id, version: 900, by: adminId, values: scheduledCall(adminId, 'Renamed There') }
  const response = answerOf({
    seq: [1_900],
    rejected: [{ index: 0, code: 'INVALID', field: 'notes', current: null }],
    rows: [serverRows('calls', [row])],
  })
  workspace.write(() => applyPushResponse(db, adminId, first, last, response), { source: 'server' })
  expect(all('SELECT prospect_name, notes FROM calls WHERE id = ?', id)).toEqual([
    { prospect_name: 'Renamed There', notes: 'typed since' },
  ])
})

test('[S16] the answer to a change of a password removes it from the outbox', () => {
  const { db, agentId } = workspace
  const planted = PLANTED_HASH.replaceAll('PLANTED', 'CHANGED')
  const first = done(() => setUserPassword(db, agentId, planted))
  expect(JSON.stringify(all('SELECT * FROM sync_outbox'))).toContain(planted)
  answer({ first })
  const left = JSON.stringify(all('SELECT * FROM sync_outbox'))
  for (const secret of [planted, PLANTED_HASH]) expect(left).not.toContain(secret)
})

test('[S10] the losing value is kept until the field has another version', () => {
  const { db, clientId, adminId, agentId } = workspace
  const { id } = workspace.addCall({ userId: adminId })
  answer({ first: lastDeviceSeq(db) })
  const first = done(() => updateCall(db, id, { notes: 'mine' }))
  const row = { id, version: 900, by: agentId, values: { ...scheduledCall(adminId, 'Jo Smith'), notes: 'theirs' } }
  const conflict = {
    seq: 1_000 + first,
    table: 'calls' as const,
    rowId: id,
    columns: ['notes'],
    winning: { notes: 'theirs' },
    losing: { notes: 'mine' },
    winningOpId: 'a',
    losingOpId: 'b',
    winningUserId: agentId,
    losingUserId: adminId,
    version: 900,
    createdAt: CREATED,
  }
  answer({ first, merged: [0], rows: [serverRows('calls', [row])], conflicts: [conflict] })
  expect(notesOf(id)).toBe('theirs')
  expect(openConflicts(db, clientId, () => true)).toMatchObject([{ winning: { notes: 'theirs' }, losing: { notes: 'mine' } }])
  answer({ first: done(() => updateCall(db, id, { notes: 'mine' })) })
  expect(openConflicts(db, clientId, () => true)).toEqual([])
})

test('[S7] an edit after an answer has the answer’s version as base', () => {
  const { db, adminId } = workspace
  const { id } = workspace.addCall({ userId: adminId })
  const made = lastDeviceSeq(db)
  answer({ first: made })
  const edited = done(() => updateCall(db, id, { notes: 'one' }))
  answer({ first: edited })
  const again = done(() => updateCall(db, id, { notes: 'two', callDuration: 3 }))
  const fields = workspace.db.sqlite.prepare('SELECT fields FROM sync_outbox WHERE device_seq = ?').pluck().get(again)
  expect(JSON.parse(String(fields))).toEqual({
    notes: { new: 'two', base: 1_000 + edited },
    call_duration: { new: 3, base: 1_000 + made },
  })
})

test('[S8][S10] the base of an edit of a pending field is the version that its author saw, not a version that arrived meanwhile', () => {
  const { db, adminId, agentId } = workspace
  const { id } = workspace.addCall({ userId: adminId, notes: 'before' })
  const made = lastDeviceSeq(db)
  answer({ first: made })
  done(() => updateCall(db, id, { notes: 'mine' }))
  const theirs = { id, version: 5_000, by: agentId, values: { ...scheduledCall(adminId, 'Renamed'), notes: 'theirs' } }
  const intake = new PageApplier(pageOf({ rows: [serverRows('calls', [theirs])] }), adminId)
  while (!workspace.write(() => intake.write(db), { source: 'server' }));
  expect(notesOf(id)).toBe('mine')
  const again = done(() => updateCall(db, id, { notes: 'mine, again', prospectName: 'Seen and changed' }))
  const fields = db.sqlite.prepare('SELECT fields FROM sync_outbox WHERE device_seq = ?').pluck().get(again)
  expect(JSON.parse(String(fields))).toEqual({
    notes: { new: 'mine, again', base: 1_000 + made },
    prospect_name: { new: 'Seen and changed', base: 5_000 },
  })
})
