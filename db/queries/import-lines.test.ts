import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Id, LossReasonId } from '../../core/id.ts'
import { deleteCall, insertCall, updateCall } from '../commands/calls.ts'
import { recordEvent } from '../commands/events.ts'
import { recordLines } from '../commands/import-lines.ts'
import { insertLossReason, setLossReasonActive } from '../commands/loss-reasons.ts'
import { TestWorkspace } from '../testing/test-workspace.ts'
import {
  callLines,
  deactivatedByUndo,
  idleAdditions,
  importAnswers,
  importAuthor,
  importedCalls,
  listImportRuns,
} from './import-lines.ts'
import { undoneCalls } from './import-lookups.ts'

let workspace: TestWorkspace
beforeEach(() => (workspace = new TestWorkspace()))
afterEach(() => workspace.dispose())

function runImport(importId: Id, work: () => void, isUndo = false): void {
  workspace.write(() => recordLines(workspace.db, importId, isUndo, work))
}

function addReason(name: string): LossReasonId {
  const { db, clientId, now: createdAt } = workspace
  const id = workspace.newId()
  insertLossReason(db, { id, clientId, name, description: null, isActive: true, createdAt })
  return id
}

test('the lines of an import are separate from those of another one and of people', () => {
  const { db, clientId, adminId } = workspace
  const [first, second] = [workspace.newId(), workspace.newId()]
  const calls = [1, 2, 3].map(() => workspace.newCall())
  const [edited, gone] = [calls[0]?.id ?? '', calls[1]?.id ?? '']
  runImport(first, () => calls.slice(0, 2).forEach((call) => insertCall(db, call)))
  workspace.write(() => updateCall(db, edited, { notes: 'a person' }))
  runImport(second, () => {
    calls.slice(2).forEach((call) => insertCall(db, call))
    updateCall(db, edited, { notes: 'the second import' })
  })
  expect(importAuthor(db, clientId, first)).toEqual({ userId: adminId, lines: 2 })
  expect(importAuthor(db, clientId, second)).toEqual({ userId: adminId, lines: 2 })
  expect(importAuthor(db, clientId, workspace.newId())).toBeUndefined()
  expect(importAuthor(db, workspace.newId(), first)).toBeUndefined()
  const found = importedCalls(db, second, 0, 9)
  expect(found.map(({ id }) => id)).toEqual([calls[2]?.id, edited])
  expect(importedCalls(db, second, found[0]?.rowid ?? 0, 9)).toEqual(found.slice(1))
  expect(importedCalls(db, second, 0, 1)).toEqual(found.slice(0, 1))
  const lines = callLines(db, clientId, [edited]).get(edited) ?? []
  expect(lines.map(({ action, importId, isUndo }) => ({ action, importId, isUndo }))).toEqual([
    { action: 'INSERT', importId: first, isUndo: false },
    { action: 'UPDATE', importId: null, isUndo: false },
    { action: 'UPDATE', importId: second, isUndo: false },
  ])
  expect(lines[2]).toMatchObject({ old: { notes: 'a person' }, new: { notes: 'the second import' } })
  const answer = importAnswers(db, second, lines[2]?.rowid ?? 0, lines[2]?.rowid ?? 0).get(lines[2]?.id ?? '')
  expect(answer).toEqual({ state: 'pending', action: 'UPDATE', serverSeq: null })
  expect(importAnswers(db, first, lines[2]?.rowid ?? 0, lines[2]?.rowid ?? 0).size).toBe(0)

  runImport(first, () => deleteCall(db, gone), true)
  workspace.write(() => deleteCall(db, calls[2]?.id ?? ''))
  expect(
    undoneCalls(
      db,
      clientId,
      calls.map(({ id }) => id),
    ),
  ).toEqual(new Set([gone]))
  expect(importAuthor(db, clientId, first)?.lines).toBe(2)
  expect(callLines(db, clientId, [gone]).get(gone)?.at(-1)).toMatchObject({ action: 'DELETE', importId: first, isUndo: true })
})

test('imports are listed newest first with the events at their ends', () => {
  const { db, clientId, adminId } = workspace
  const [first, second] = [workspace.newId(), workspace.newId()]
  const times = [first, second].map((importId) => {
    runImport(importId, () => [1, 2].forEach(() => insertCall(db, workspace.newCall())))
    return workspace.now
  })
  const event = (newValues: Record<string, number>) =>
    workspace.write(() => recordEvent(db, { tableName: 'calls', recordId: first, action: 'IMPORT', newValues }))
  event({ created: 2 })
  event({ undone: 1 })
  const [olderAt = 0, newerAt = 0] = times
  expect(listImportRuns(db, clientId, 9)).toEqual([
    { importId: second, at: newerAt, userId: adminId, summary: null, undo: null },
    {
      importId: first,
      at: olderAt,
      userId: adminId,
      summary: { created: 2, at: workspace.now - 1_000 },
      undo: { undone: 1, at: workspace.now },
    },
  ])
  expect(listImportRuns(db, clientId, 1).map(({ importId }) => importId)).toEqual([second])
  expect(listImportRuns(db, workspace.newId(), 9)).toEqual([])
})

test('rows that an import added are idle until a call or a later change refers to them', () => {
  const { db, clientId } = workspace
  const importId = workspace.newId()
  const added: LossReasonId[] = []
  runImport(importId, () => added.push(...['idle', 'used', 'renamed'].map(addReason)))
  const [idle = '', used = '', changed = ''] = added
  workspace.addCall({ status: 'completed', outcome: 'lost', completedAt: 5, lossReasonId: used })
  workspace.write(() => setLossReasonActive(db, changed, false))
  workspace.write(() => setLossReasonActive(db, changed, true))
  expect(idleAdditions(db, importId, 'loss_reasons')).toEqual([idle])
  expect(idleAdditions(db, importId, 'users')).toEqual([])
  expect(deactivatedByUndo(db, clientId, 'loss_reasons')).toEqual([])
  runImport(importId, () => [idle, used].forEach((id) => setLossReasonActive(db, id, false)), true)
  expect(new Set(deactivatedByUndo(db, clientId, 'loss_reasons'))).toEqual(new Set([idle, used]))
  workspace.write(() => setLossReasonActive(db, used, true))
  expect(deactivatedByUndo(db, clientId, 'loss_reasons')).toEqual([idle])
})
