import { afterEach, beforeEach, expect, test } from 'vitest'
import type { UserId } from '../../core/id.ts'
import { deleteCall, updateCall } from '../commands/calls.ts'
import { recordEvent } from '../commands/events.ts'
import { TestWorkspace } from '../testing/test-workspace.ts'
import { listAudit, listAuditOfRecord, type AuditRequest } from './audit.ts'

let workspace: TestWorkspace
beforeEach(() => void (workspace = new TestWorkspace()))
afterEach(() => workspace.dispose())

const page = (request: Partial<AuditRequest>, own: UserId | null = null) =>
  listAudit(
    workspace.db,
    workspace.clientId,
    { after: null, limit: 100, ...request },
    own === null ? null : { ownRecordsOf: own },
  )

test('pages joined by their cursors are the whole trail, newest first, each entry once', () => {
  for (let n = 0; n < 9; n++) workspace.addCall()
  const whole = page({}).rows
  const joined: string[] = []
  let after: AuditRequest['after'] = null
  do {
    const next = page({ after, limit: 4 })
    joined.push(...next.rows.map(({ id }) => id))
    after = next.next
  } while (after !== null)
  expect(joined).toEqual(whole.map(({ id }) => id))
  expect(joined).toEqual(joined.toSorted().toReversed())
})

test('filters narrow each other', () => {
  const call = workspace.addCall()
  const context = { userId: workspace.agentId }
  workspace.write(() => updateCall(workspace.db, call.id, { notes: 'x' }), context)
  workspace.write(
    () => recordEvent(workspace.db, { tableName: 'users', recordId: workspace.agentId, action: 'LOGIN', newValues: {} }),
    context,
  )
  expect(page({ userId: workspace.agentId }).rows.map(({ action }) => action)).toEqual(['LOGIN', 'UPDATE'])
  expect(page({ actions: ['LOGIN'] }).rows).toHaveLength(1)
  expect(page({ actions: ['LOGIN', 'UPDATE'], tableName: 'calls' }).rows).toHaveLength(1)
  expect(page({ tableName: 'loss_reasons' }).rows).toHaveLength(2)
  expect(page({ recordId: call.id, from: workspace.now - 1_000, to: workspace.now }).rows.map(({ action }) => action)).toEqual([
    'UPDATE',
  ])
})

test('a user sees own records only, also the deleted, and of a call nothing from before it was theirs [S14]', () => {
  const { db, agentId, adminId, clientId } = workspace
  const mine = workspace.addCall({ notes: 'mine' })
  const theirs = workspace.addCall({ userId: adminId, notes: 'theirs' })
  const gone = workspace.addCall({ notes: 'gone' })
  workspace.write(() => deleteCall(db, gone.id))
  const moved = workspace.addCall({ userId: adminId, notes: 'before' })
  workspace.write(() => updateCall(db, moved.id, { notes: 'still the admin’s' }))
  workspace.write(() => updateCall(db, moved.id, { userId: agentId, notes: 'handed over' }))
  workspace.write(() => updateCall(db, moved.id, { notes: 'after' }))

  const own = page({}, agentId).rows
  expect(new Set(own.map(({ recordId }) => recordId))).toEqual(new Set([mine.id, gone.id, moved.id, agentId]))
  expect(own.map(({ recordId }) => recordId)).not.toContain(theirs.id)
  expect(JSON.stringify(own)).not.toContain('still the admin’s')
  expect(JSON.stringify(own)).not.toContain('before')
  expect(own.filter(({ recordId }) => recordId === moved.id).map(({ newValues }) => newValues?.['notes'])).toEqual([
    'after',
    'handed over',
  ])
  // What was the admin's is the admin's to see, as long as it is theirs.
  expect(page({ recordId: moved.id }, adminId).rows).toEqual([])

  const restricted = listAuditOfRecord(db, clientId, 'calls', moved.id, { ownRecordsOf: agentId })
  expect(restricted.map(({ oldValues }) => oldValues)).toEqual([{ notes: 'handed over' }, { user_id: adminId }])
  expect(listAuditOfRecord(db, clientId, 'calls', moved.id)).toHaveLength(4)
})

test('own records are the same whether collected call by call or found on a walk', () => {
  const { agentId } = workspace
  for (let n = 0; n < 6; n++) workspace.addCall(n % 2 === 0 ? {} : { userId: workspace.adminId })
  const collected = page({}, agentId).rows
  // Narrowed to one record the walk goes by that record; all of them together are the list.
  const ids = new Set(page({}).rows.map(({ recordId }) => recordId))
  const walked = [...ids].flatMap((recordId) => page({ recordId }, agentId).rows)
  expect(new Set(walked.map(({ id }) => id))).toEqual(new Set(collected.map(({ id }) => id)))
})
