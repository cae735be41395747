import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Call } from '../../core/model/call.ts'
import { deleteCall, restoreCall, updateCall } from '../../db/commands/calls.ts'
import { updateUser } from '../../db/commands/users.ts'
import { listAudit } from '../../db/queries/audit.ts'
import { listCalls } from '../../db/queries/calls.ts'
import { listLossReasons } from '../../db/queries/loss-reasons.ts'
import { listUsers } from '../../db/queries/users.ts'
import { insertUser } from '../../db/commands/users.ts'
import { TestWorkspace } from '../../db/testing/test-workspace.ts'
import { AppError } from '../../core/errors.ts'
import { file, importInto, MAP, undoInto } from '../testing/import-into.ts'
import { listImports } from './undo-import.ts'

const row = (n: number, notes: string, agent = 'Ben', reason = '') =>
  `r${n},${agent},Name ${n},2026-01-05T10:00,completed,${reason === '' ? 'won' : 'lost'},${reason},60,${notes}`

let workspace: TestWorkspace
beforeEach(() => (workspace = new TestWorkspace()))
afterEach(() => workspace.dispose())

function calls(): Call[] {
  const page = { filter: {}, sort: { by: 'prospectName', direction: 'asc' }, after: null, skip: 0, limit: 500 } as const
  return listCalls(workspace.db, workspace.clientId, page, null).rows
}
const context = () => ({
  db: workspace.db,
  actor: { clientId: workspace.clientId, userId: workspace.adminId },
  now: 0,
  newId: workspace.newId,
})
const notes = () => calls().map((call) => call.notes)
const idOf = (name: string) => calls().find(({ prospectName }) => prospectName === name)?.id ?? ''
const edit = (name: string, text: string) => workspace.write(() => updateCall(workspace.db, idOf(name), { notes: text }))
const counts = ({ created, updated, unchanged, refused }: Awaited<ReturnType<typeof importInto>>) => [
  created,
  updated,
  unchanged,
  refused,
]

test('an undo deletes calls that the import created and keeps those that were edited since', async () => {
  workspace.addCall({ prospectName: 'By hand' })
  const { importId } = await importInto(workspace, file(row(1, 'a'), row(2, 'b'), row(3, 'c')), MAP)
  edit('Name 2', 'edited')
  expect(undoInto(workspace, importId, { dryRun: true })).toEqual({ removed: 2, restored: 0, kept: 1 })
  expect(calls()).toHaveLength(4)
  expect(undoInto(workspace, importId)).toEqual({ removed: 2, restored: 0, kept: 1 })
  expect(calls().map(({ prospectName }) => prospectName)).toEqual(['By hand', 'Name 2'])
})

test('an undo restores the earlier values of calls that the import changed and keeps those that were edited since', async () => {
  await importInto(workspace, file(row(1, 'a'), row(2, 'b')), MAP)
  const before = calls()
  const { importId } = await importInto(workspace, file(row(1, 'a2'), row(2, 'b2', 'Zoe'), row(3, 'new')), MAP)
  edit('Name 1', 'edited')
  expect(undoInto(workspace, importId)).toEqual({ removed: 1, restored: 1, kept: 1 })
  const [first, second] = calls()
  expect(first?.notes).toBe('edited')
  expect({ ...second, updatedAt: 0 }).toEqual({ ...before[1], updatedAt: 0 })
})

test('an edit that a person reversed still counts as an edit, and a deleted call stays deleted', async () => {
  const { importId } = await importInto(workspace, file(row(1, 'a'), row(2, 'b'), row(3, 'c')), MAP)
  edit('Name 1', 'edited')
  edit('Name 1', 'a')
  const gone = idOf('Name 2')
  workspace.write(() => deleteCall(workspace.db, gone))
  expect(undoInto(workspace, importId)).toEqual({ removed: 1, restored: 0, kept: 1 })
  expect(notes()).toEqual(['a'])
  workspace.write(() => restoreCall(workspace.db, gone))
  expect(notes()).toEqual(['a', 'b'])
})

test('only the chosen import is undone, and the order does not matter', async () => {
  const first = await importInto(workspace, file(row(1, 'a')), MAP)
  const second = await importInto(workspace, file(row(2, 'b')), MAP)
  const third = await importInto(workspace, file(row(1, 'a3')), MAP)
  expect(undoInto(workspace, second.importId)).toEqual({ removed: 1, restored: 0, kept: 0 })
  // The third import changed the call, so the first one is not the last to write it.
  expect(undoInto(workspace, first.importId)).toEqual({ removed: 0, restored: 0, kept: 1 })
  expect(undoInto(workspace, third.importId)).toEqual({ removed: 0, restored: 1, kept: 0 })
  expect(notes()).toEqual(['a'])
  // The undone third import does not count as a later change.
  expect(undoInto(workspace, first.importId)).toEqual({ removed: 1, restored: 0, kept: 0 })
})

test('a second undo changes nothing; an undo continues after an interruption', async () => {
  const many = Array.from({ length: 1_200 }, (_, n) => row(n, 'a'))
  const { importId } = await importInto(workspace, file(...many), MAP)
  const left = () => workspace.db.sqlite.prepare('SELECT count(*) FROM calls').pluck().get()
  expect(undoInto(workspace, importId, { steps: 1 })).toEqual({ removed: 500, restored: 0, kept: 0 })
  expect(left()).toBe(700)
  expect(listImports(context())).toMatchObject([{ importId, undone: null }])
  expect(undoInto(workspace, importId)).toEqual({ removed: 700, restored: 0, kept: 0 })
  expect(listImports(context())).toMatchObject([{ importId, undone: { removed: 700 } }])
  expect(undoInto(workspace, importId)).toEqual({ removed: 0, restored: 0, kept: 0 })
  expect(left()).toBe(0)
})

test('the file can be imported again after the undo, also with a corrected mapping', async () => {
  const text = file(row(1, 'a', 'Zoe', 'Far'), row(2, 'b'))
  const { importId } = await importInto(workspace, text, MAP)
  const gone = idOf('Name 2')
  undoInto(workspace, importId)
  expect(listUsers(workspace.db, workspace.clientId).find(({ name }) => name === 'Zoe')?.isActive).toBe(false)
  expect(listLossReasons(workspace.db, workspace.clientId).find(({ name }) => name === 'Far')?.isActive).toBe(false)
  const { notes: _, ...fields } = MAP.fields
  expect(counts(await importInto(workspace, text, { ...MAP, fields }))).toEqual([2, 0, 0, 0])
  expect(notes()).toEqual([null, null])
  expect(idOf('Name 2')).toBe(gone)
  expect(listUsers(workspace.db, workspace.clientId).find(({ name }) => name === 'Zoe')?.isActive).toBe(true)
  expect(listLossReasons(workspace.db, workspace.clientId).find(({ name }) => name === 'Far')?.isActive).toBe(true)
  expect(counts(await importInto(workspace, text, { ...MAP, fields }))).toEqual([0, 0, 2, 0])
})

test('values that an undo removed can be imported again', async () => {
  await importInto(workspace, file(row(1, 'a')), MAP)
  const { importId } = await importInto(workspace, file(row(1, 'a2')), MAP)
  undoInto(workspace, importId)
  expect(counts(await importInto(workspace, file(row(1, 'a')), MAP))).toEqual([0, 0, 1, 0])
  expect(counts(await importInto(workspace, file(row(1, 'a2')), MAP))).toEqual([0, 1, 0, 0])
  expect(notes()).toEqual(['a2'])
})

test('a call that a person deleted after an undone import stays deleted', async () => {
  const text = file(row(1, 'a'))
  const { importId } = await importInto(workspace, text, MAP)
  undoInto(workspace, importId)
  await importInto(workspace, text, MAP)
  workspace.write(() => deleteCall(workspace.db, idOf('Name 1')))
  expect(counts(await importInto(workspace, text, MAP))).toEqual([0, 0, 1, 0])
  expect(calls()).toEqual([])
})

test('people and loss reasons that are used or were edited stay active', async () => {
  const { importId } = await importInto(
    workspace,
    file(row(1, 'a', 'Zoe', 'Far'), row(2, 'b', 'Yan', 'Near'), row(3, 'c', 'Xia')),
    MAP,
  )
  const { db, clientId } = workspace
  edit('Name 1', 'edited')
  const xia = listUsers(db, clientId).find(({ name }) => name === 'Xia')?.id ?? ''
  workspace.write(() => updateUser(db, xia, { email: 'xia@acme.test' }))
  undoInto(workspace, importId)
  const active = listUsers(db, clientId).flatMap(({ name, isActive }) => (isActive ? [name] : []))
  expect(active.toSorted()).toEqual(['Ada', 'Ben', 'Xia', 'Zoe'])
  expect(
    listLossReasons(db, clientId)
      .flatMap(({ name, isActive }) => (isActive ? [name] : []))
      .toSorted(),
  ).toEqual(['Far', 'Price', 'Timing'])
})

test('the audit trail has one event for the undo, and the list of imports shows the undo', async () => {
  const { importId } = await importInto(workspace, file(row(1, 'a'), row(2, 'b')), MAP)
  edit('Name 1', 'edited')
  expect(listImports(context())).toMatchObject([
    { importId, userId: workspace.adminId, created: 2, updated: 0, source: 'test', undone: null },
  ])
  undoInto(workspace, importId)
  expect(listImports(context())).toMatchObject([{ importId, created: 2, undone: { removed: 1, restored: 0, kept: 1 } }])
  const { rows } = listAudit(workspace.db, workspace.clientId, { actions: ['IMPORT'], after: null, limit: 10 }, null)
  expect(rows.map(({ newValues }) => newValues)).toEqual([
    { undone: 1, removed: 1, restored: 0, kept: 1, cancelled: 0 },
    expect.objectContaining({ created: 2 }),
  ])
})

test('a team lead cannot undo the import of an admin, and no one can undo an import that this device did not run', async () => {
  const { db, clientId, now } = workspace
  const lead = workspace.newId()
  workspace.write(() =>
    insertUser(db, {
      id: lead,
      clientId,
      email: 'l@acme.test',
      name: 'Lea',
      role: 'team_lead',
      passwordHash: null,
      isActive: true,
      createdAt: now,
    }),
  )
  const byAdmin = await importInto(workspace, file(row(1, 'a')), MAP)
  const byLead = await importInto(workspace, file(row(2, 'b')), MAP, { userId: lead })
  const codeOf = (work: () => unknown) => {
    try {
      work()
      return 'ok'
    } catch (error) {
      return error instanceof AppError ? error.code : 'untyped'
    }
  }
  expect(codeOf(() => undoInto(workspace, byAdmin.importId, { userId: lead }))).toBe('FORBIDDEN')
  expect(codeOf(() => undoInto(workspace, workspace.newId()))).toBe('NOT_FOUND')
  expect(undoInto(workspace, byLead.importId, { userId: lead })).toEqual({ removed: 1, restored: 0, kept: 0 })
  expect(notes()).toEqual(['a'])
})
