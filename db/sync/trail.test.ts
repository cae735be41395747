import type { UserId } from '../../core/id.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Page } from '../../core/sync/protocol.ts'
import { deleteCall, insertCall, updateCall } from '../commands/calls.ts'
import { listAudit, listAuditOfRecord, listWaitingAudit } from '../queries/audit.ts'
import { answerOf, pageOf, scheduledCall, serverRows } from '../testing/server-answers.ts'
import { TestWorkspace } from '../testing/test-workspace.ts'
import { applyPushResponse } from './apply-push.ts'
import { PageApplier } from './apply-page.ts'
import { lastDeviceSeq } from '../queries/device-seq.ts'

let workspace: TestWorkspace
beforeEach(() => {
  workspace = new TestWorkspace()
  answerAll()
  for (const table of ['users', 'loss_reasons'])
    workspace.db.sqlite.exec(
      `INSERT INTO sync_rows (client_id, table_name, row_id, version, base) SELECT client_id, '${table}', id, 1, 1 FROM ${table}`,
    )
})
afterEach(() => workspace.dispose())

const fromServer = { source: 'server' } as const

/** Marks all operations as accepted. */
function answerAll(): void {
  workspace.write(
    () => workspace.db.sqlite.exec(`UPDATE sync_outbox SET state = 'accepted', server_seq = device_seq WHERE state = 'pending'`),
    fromServer,
  )
}

function take(page: Partial<Page>): void {
  const intake = new PageApplier(pageOf(page), workspace.adminId)
  while (!workspace.write(() => intake.write(workspace.db), fromServer));
}

const lines = () => listAudit(workspace.db, workspace.clientId, { after: null, limit: 500 }, null).rows
const callRows = (id: string, by: string, owner: string, version: number, values: object = {}) =>
  serverRows('calls', [{ id, version, by, values: { ...scheduledCall(owner, 'Jo'), ...values } }])

test('a row from the server writes no line: it may hold edits of several people and names only the last', () => {
  const { adminId, agentId, newId } = workspace
  const before = lines()
  const id = newId()
  take({ rows: [callRows(id, agentId, agentId, 5)] })
  take({ rows: [callRows(id, adminId, agentId, 9, { notes: 'first by the agent', call_duration: 7 })] })
  take({ removed: [{ table: 'calls', id, seq: 12, reason: 'deleted' }] })
  expect(lines()).toEqual(before)
})

test('a removal in an answer is not recorded as a deletion by the person at this device', () => {
  const { db, agentId, adminId } = workspace
  const { id } = workspace.addCall({ userId: agentId })
  answerAll()
  const first = lastDeviceSeq(db) + 1
  workspace.write(() => updateCall(db, id, { notes: 'typed here' }))
  const response = answerOf({
    seq: [900],
    rejected: [{ index: 0, code: 'DELETED', field: null, current: null }],
    removed: [{ table: 'calls', id, seq: 900, reason: 'deleted' }],
  })
  workspace.write(() => applyPushResponse(db, adminId, first, first, response), fromServer)
  expect(
    lines()
      .filter(({ recordId }) => recordId === id)
      .map(({ action }) => action),
  ).toEqual(['SYNC_REJECTED', 'UPDATE', 'INSERT'])
})

test('values that an answer reverts or corrects write no line', () => {
  const { db, adminId, agentId, newId } = workspace
  const { id } = workspace.addCall({ userId: adminId, notes: 'before' })
  answerAll()
  const first = lastDeviceSeq(db) + 1
  const refused = newId()
  workspace.write(() => updateCall(db, id, { notes: 'mine' }))
  workspace.write(() => insertCall(db, { ...workspace.newCall(), id: refused }))
  const response = answerOf({
    seq: [900, 901],
    merged: [0],
    rejected: [{ index: 1, code: 'INVALID', field: 'notes', current: null }],
    rows: [callRows(id, agentId, adminId, 899, { notes: 'theirs' })],
    removed: [{ table: 'calls', id: refused, seq: 901, reason: 'deleted' }],
  })
  workspace.write(() => applyPushResponse(db, adminId, first, first + 1, response), fromServer)
  expect(db.sqlite.prepare('SELECT notes FROM calls').pluck().all()).toEqual(['theirs'])
  const written = lines().filter(({ recordId }) => recordId === id || recordId === refused)
  expect(written.map(({ action, newValues }) => [action, newValues?.['notes']])).toEqual([
    ['SYNC_REJECTED', undefined],
    ['INSERT', undefined],
    ['UPDATE', 'mine'],
    ['INSERT', 'before'],
  ])
})

test('[S14] in a file that several people use, the new owner of a call does not see the former owner’s lines', () => {
  const { db, clientId, adminId, agentId } = workspace
  const { id } = workspace.addCall({ userId: adminId, notes: 'planted' })
  workspace.write(() => updateCall(db, id, { notes: 'planted too' }))
  answerAll()
  const seenBy = (userId: UserId) => [
    ...listAuditOfRecord(db, clientId, 'calls', id, { ownRecordsOf: userId }),
    ...listAudit(db, clientId, { after: null, limit: 100, recordId: id }, { ownRecordsOf: userId }).rows,
    ...listAudit(db, clientId, { after: null, limit: 100, tableName: 'calls' }, { ownRecordsOf: userId }).rows,
  ]
  take({ rows: [callRows(id, adminId, agentId, 5, { notes: 'handed over' })] })
  expect(seenBy(agentId)).toEqual([])
  workspace.write(() => updateCall(db, id, { notes: 'by the new owner' }), { userId: agentId })
  answerAll()
  expect(seenBy(agentId).map(({ newValues }) => newValues)).toEqual(
    Array.from({ length: 3 }, () => ({ notes: 'by the new owner' })),
  )
  // After the call came back, neither the other owner's lines nor the lines before them are visible.
  take({ rows: [callRows(id, adminId, adminId, 8, { notes: 'back' })] })
  expect(seenBy(adminId)).toEqual([])
  // Deleted elsewhere, and restored for another person.
  workspace.write(() => updateCall(db, id, { notes: 'planted again' }))
  answerAll()
  take({ removed: [{ table: 'calls', id, seq: 9, reason: 'deleted' }] })
  take({ rows: [callRows(id, adminId, agentId, 10)] })
  expect(seenBy(agentId)).toEqual([])
})

test('[S15] when a call moves away, its record of changed owners is removed', () => {
  const { db, adminId, agentId } = workspace
  const { id } = workspace.addCall({ userId: adminId })
  answerAll()
  take({ rows: [callRows(id, adminId, agentId, 5)] })
  expect(db.sqlite.prepare('SELECT call_id FROM local_handovers').pluck().all()).toEqual([id])
  take({ removed: [{ table: 'calls', id, seq: 9, reason: 'moved' }] })
  expect(db.sqlite.prepare('SELECT call_id FROM local_handovers').pluck().all()).toEqual([])
})

test('unsent lines are listed newest first, in pages, with the same filters and restrictions', () => {
  const { db, clientId, adminId, agentId } = workspace
  const own = workspace.addCall({ userId: agentId })
  const foreign = workspace.addCall({ userId: adminId })
  workspace.write(() => updateCall(db, own.id, { notes: 'x' }), { userId: agentId })
  workspace.write(() => deleteCall(db, foreign.id))
  const waiting = (filter: Partial<Parameters<typeof listWaitingAudit>[2]> = {}, ownRecordsOf: string | null = null) =>
    listWaitingAudit(db, clientId, { before: null, limit: 100, ...filter }, ownRecordsOf === null ? null : { ownRecordsOf })
  const actions = ({ rows }: ReturnType<typeof waiting>) => rows.map(({ action }) => action)
  expect(actions(waiting())).toEqual(['DELETE', 'UPDATE', 'INSERT', 'INSERT'])
  expect(actions(waiting({ actions: ['UPDATE'] }))).toEqual(['UPDATE'])
  expect(actions(waiting({ recordId: foreign.id }))).toEqual(['DELETE', 'INSERT'])
  expect(actions(waiting({}, agentId))).toEqual(['UPDATE', 'INSERT'])
  const first = waiting({ limit: 3 })
  expect(actions(first)).toHaveLength(3)
  expect(actions(waiting({ limit: 3, before: first.next }))).toEqual(['INSERT'])
  answerAll()
  expect(waiting()).toEqual({ rows: [], next: null })
})
