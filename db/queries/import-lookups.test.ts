import { afterEach, beforeEach, expect, test } from 'vitest'
import { deleteCall, restoreCall, updateCall } from '../commands/calls.ts'
import { recordEvent } from '../commands/events.ts'
import { updateUser } from '../commands/users.ts'
import { TestWorkspace } from '../testing/test-workspace.ts'
import { getCall } from './calls.ts'
import { callsById, everDeletedCalls, namesEverHeld, valuesEverHeld } from './import-lookups.ts'

let workspace: TestWorkspace
beforeEach(() => (workspace = new TestWorkspace()))
afterEach(() => workspace.dispose())

test('calls by their ids, as any other query gives them', () => {
  const { db, clientId, newId } = workspace
  const [first, second] = [workspace.addCall(), workspace.addCall({ notes: 'n' })]
  workspace.addCall()
  const found = callsById(db, clientId, [second.id, newId(), first.id])
  expect([...found.keys()].toSorted()).toEqual([first.id, second.id].toSorted())
  expect(found.get(second.id)).toEqual(getCall(db, clientId, second.id))
  expect(callsById(db, newId(), [first.id]).size).toBe(0)
})

test('calls that were deleted at some time, also where they came back', () => {
  const { db, clientId } = workspace
  const [kept, gone, back] = [workspace.addCall(), workspace.addCall(), workspace.addCall()]
  for (const { id } of [gone, back]) workspace.write(() => deleteCall(db, id))
  workspace.write(() => restoreCall(db, back.id))
  expect(everDeletedCalls(db, clientId, [kept.id, gone.id, back.id])).toEqual(new Set([gone.id, back.id]))
})

test('refused rows and values do not count as made, deleted or held', () => {
  const { db, clientId } = workspace
  const lineOf = (id: string, action: string) =>
    db.sqlite
      .prepare<[string, string], { id: string }>(
        'SELECT id FROM audit_logs WHERE record_id = ? AND action = ? ORDER BY rowid DESC',
      )
      .get(id, action)?.id ?? ''
  const refuse = (id: string, action: string) =>
    recordEvent(db, { tableName: 'calls', recordId: id, action: 'SYNC_REJECTED', newValues: { op_id: lineOf(id, action) } })
  const [neverMade, keptByServer, deletedAfter] = [workspace.addCall(), workspace.addCall(), workspace.addCall()]
  // A refused row is removed again; older releases left an audit line of the removal.
  for (const { id } of [neverMade, deletedAfter])
    workspace.write(() => {
      deleteCall(db, id)
      refuse(id, 'INSERT')
    })
  workspace.write(() => deleteCall(db, keptByServer.id))
  workspace.write(() => refuse(keptByServer.id, 'DELETE'))
  workspace.write(() => restoreCall(db, deletedAfter.id))
  workspace.write(() => deleteCall(db, deletedAfter.id))
  const ids = [neverMade.id, keptByServer.id, deletedAfter.id]
  expect(everDeletedCalls(db, clientId, ids)).toEqual(new Set([deletedAfter.id]))
  const edited = workspace.addCall()
  workspace.write(() => updateCall(db, edited.id, { notes: 'refused' }))
  workspace.write(() => refuse(edited.id, 'UPDATE'))
  workspace.write(() => updateCall(db, edited.id, { notes: 'accepted' }))
  expect(valuesEverHeld(db, clientId, edited.id)?.get('notes')).toEqual(new Set([null, 'accepted']))
})

test('every value a column has held, the nulls of the beginning among them', () => {
  const { db, clientId } = workspace
  const { id } = workspace.addCall({ prospectPhone: '1' })
  workspace.write(() => updateCall(db, id, { notes: 'a', prospectPhone: null }))
  workspace.write(() => updateCall(db, id, { notes: 'b' }))
  workspace.write(() => deleteCall(db, id))
  workspace.write(() => restoreCall(db, id))
  const held = valuesEverHeld(db, clientId, id)
  expect(held?.get('notes')).toEqual(new Set([null, 'a', 'b']))
  expect(held?.get('prospect_phone')).toEqual(new Set(['1', null]))
  expect(held?.get('prospect_email')).toBeUndefined()
  expect(valuesEverHeld(db, clientId, workspace.newId())).toBeUndefined()
})

test('names that people had before', () => {
  const { db, clientId, agentId } = workspace
  workspace.write(() => updateUser(db, agentId, { name: 'Benjamin' }))
  const names = namesEverHeld(db, clientId, 'users').filter(({ id }) => id === agentId)
  expect(names.map(({ name }) => name)).toEqual(['Ben', 'Benjamin'])
  expect(
    namesEverHeld(db, clientId, 'loss_reasons')
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(['Price', 'Timing'])
})
