import { afterEach, beforeEach, expect, test } from 'vitest'
import { countAllCalls } from '../queries/call-count.ts'
import { getCall, listCalls } from '../queries/calls.ts'
import { listAudit, listAuditOfRecord } from '../queries/audit.ts'
import { countsByUser } from '../queries/report-counts.ts'
import { lossCounts } from '../queries/report-page.ts'
import { getSettings } from '../queries/settings.ts'
import { countWaitingChanges, workspaceCounts } from '../queries/status.ts'
import { TestWorkspace } from '../testing/test-workspace.ts'
import { deleteCall, restoreCall, updateCall } from './calls.ts'

let workspace: TestWorkspace
beforeEach(() => void (workspace = new TestWorkspace()))
afterEach(() => workspace.dispose())

test('a call lives through insert, update, delete and restore, each in the audit trail and the outbox [S2]', () => {
  const { db, clientId } = workspace
  const call = workspace.addCall({ prospectPhone: '+49 170 1234567', notes: 'first' })
  expect(getCall(db, clientId, call.id)).toEqual(call)
  const completed = workspace.write(() =>
    updateCall(db, call.id, {
      status: 'completed',
      outcome: 'lost',
      completedAt: 5_000,
      lossReasonId: workspace.priceId,
      notes: null,
    }),
  )
  expect(completed).toMatchObject({ status: 'completed', eventAt: 5_000, notes: null, updatedAt: workspace.now })
  workspace.write(() => deleteCall(db, call.id))
  expect(getCall(db, clientId, call.id)).toBeUndefined()
  const restored = workspace.write(() => restoreCall(db, call.id))
  expect(restored).toEqual({ ...completed, updatedAt: workspace.now })
  const history = listAuditOfRecord(db, clientId, 'calls', call.id)
  expect(history.map(({ action }) => action)).toEqual(['INSERT', 'DELETE', 'UPDATE', 'INSERT'])
  expect(history[2]).toMatchObject({
    oldValues: { status: 'scheduled', outcome: null, completed_at: null, loss_reason_id: null, notes: 'first' },
    newValues: { status: 'completed', outcome: 'lost', completed_at: 5_000, loss_reason_id: workspace.priceId, notes: null },
  })
  expect(countWaitingChanges(db, null)).toBe(workspaceCounts(db).auditEntries)
  const ops = db.sqlite
    .prepare(`SELECT fields FROM sync_outbox WHERE row_id = ? ORDER BY device_seq`)
    .pluck()
    .all(call.id) as string[]
  const actions = db.sqlite.prepare(`SELECT action FROM sync_outbox WHERE row_id = ? ORDER BY device_seq`).pluck()
  expect(actions.all(call.id)).toEqual(['INSERT', 'UPDATE', 'DELETE', 'RESTORE'])
  // The server restores its own last values, so none are sent.
  expect(ops[3]).toBe('{}')
  expect(JSON.parse(ops[1] ?? '')).toEqual({
    status: { new: 'completed', base: 0 },
    outcome: { new: 'lost', base: 0 },
    completed_at: { new: 5_000, base: 0 },
    loss_reason_id: { new: workspace.priceId, base: 0 },
    notes: { new: null, base: 0 },
  })
  expect(JSON.parse(ops[0] ?? '')).toMatchObject({ id: { new: call.id }, notes: { new: 'first' } })
})

test('queries answer', () => {
  const { db, clientId } = workspace
  workspace.addCall({ prospectName: 'Zoë Müller', prospectEmail: 'zoe@example.test' })
  workspace.addCall({ status: 'completed', outcome: 'lost', completedAt: 1, lossReasonId: workspace.priceId, callDuration: 60 })
  const page = listCalls(
    db,
    clientId,
    { filter: { text: 'mull' }, sort: { by: 'eventAt', direction: 'desc' }, after: null, skip: 0, limit: 1 },
    null,
  )
  expect(page.rows.map(({ prospectName }) => prospectName)).toEqual(['Zoë Müller'])
  expect(countAllCalls(db, clientId, {}, null)).toBe(2)
  const report = { clientId, zone: 'Europe/Berlin', userIds: [workspace.agentId], callTypes: null }
  expect(countsByUser(db, report, { from: 0, to: workspace.now + 1 }).get(workspace.agentId)).toMatchObject({
    completed: 1,
    scheduled: 1,
    lost: 1,
    talkSeconds: 60,
  })
  expect(lossCounts(db, report, { from: 0, to: workspace.now })).toEqual([
    { lossReasonId: workspace.priceId, name: 'Price', isActive: true, count: 1 },
  ])
  expect(listAudit(db, clientId, { after: null, limit: 100 }, null).rows).toHaveLength(8)
  expect(getSettings(db, clientId).time_zone).toBe('Europe/Berlin')
})
