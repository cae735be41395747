import { copyFileSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deleteCall } from '../../db/commands/calls.ts'
import { SCHEMA_VERSION } from '../../db/migrations/migrations.ts'
import { TestWorkspace } from '../../db/testing/test-workspace.ts'
import { examineHome, workspaceFacts } from './examine-home.ts'

let workspace: TestWorkspace
let home: string
let path: string
beforeEach(() => {
  workspace = new TestWorkspace()
  home = mkdtempSync(join(tmpdir(), 'propaganda-doctor-'))
  path = join(home, 'workspaces', workspace.clientId, 'workspace.db')
  mkdirSync(dirname(path), { recursive: true })
})
afterEach(() => {
  workspace.dispose()
  rmSync(home, { recursive: true, force: true })
})

/** Puts the workspace as it is now into the home. */
function place(): void {
  workspace.copyTo(path)
}
const bad = () => examineHome(home).workspaces.flatMap(({ checks }) => checks.filter(({ ok }) => !ok).map(({ name }) => name))
const facts = () => workspaceFacts(home)[0]

test('a sound workspace passes, and nothing that is said comes from its content', () => {
  const { id } = workspace.addCall({ prospectName: 'Jo Secret', notes: 'a note' })
  workspace.addCall()
  workspace.write(() => deleteCall(workspace.db, id))
  place()
  const before = readFileSync(path)
  const examined = examineHome(home)
  expect(bad()).toEqual([])
  expect(examined.checks.every(({ ok }) => ok)).toBe(true)
  expect(facts()).toMatchObject({
    clientId: workspace.clientId,
    schemaVersion: SCHEMA_VERSION,
    problem: null,
    pending: expect.any(Number),
  })
  expect(JSON.stringify([examined, facts()])).not.toMatch(/Acme|Jo Secret|note|@/)
  expect(readFileSync(path).equals(before)).toBe(true)
})

test('a home that does not exist is not made', () => {
  const nowhere = join(home, 'nowhere')
  expect(examineHome(nowhere)).toMatchObject({ workspaces: [], checks: [{ ok: true }] })
  expect(workspaceFacts(nowhere)).toEqual([])
})

test('a file that is no database, one of another program, one that is newer', () => {
  place()
  writeFileSync(path, 'not a database')
  expect(bad()).toEqual(['open'])
  expect(facts()?.problem).toContain('damaged')
  workspace.db.sqlite.pragma('user_version = 999')
  place()
  expect(bad()).toEqual(['open'])
  expect(facts()?.problem).toContain('newer')
  workspace.db.sqlite.pragma('application_id = 7')
  place()
  expect(bad()).toEqual(['open'])
})

test('a page that was overwritten', () => {
  for (let n = 0; n < 200; n++) workspace.addCall({ notes: `note ${n} ${'x'.repeat(200)}` })
  place()
  const pages = readFileSync(path).length / 4_096
  writeSync(openSync(path, 'r+'), Buffer.alloc(4_096, 0xaa), 0, 4_096, Math.floor(pages / 2) * 4_096)
  expect(bad().length).toBeGreaterThan(0)
})

test('a call without a trail, a trail without its call', () => {
  const { id } = workspace.addCall()
  workspace.db.sqlite.pragma('foreign_keys = OFF')
  workspace.db.sqlite.exec('DROP TRIGGER calls_audit_insert; DROP TRIGGER calls_audit_delete; DROP TRIGGER calls_guard_delete')
  workspace.addCall()
  place()
  expect(bad()).toEqual(['schema', 'trail'])
  workspace.db.sqlite.exec(`DELETE FROM calls WHERE id <> '${id}'; DELETE FROM calls WHERE id = '${id}'`)
  place()
  expect(bad()).toEqual(['schema', 'trail'])
})

test('a trigger that was taken away, altered or added is named', () => {
  const { sqlite } = workspace.db
  sqlite.exec('DROP TRIGGER calls_guard_delete; DROP TRIGGER audit_logs_no_delete')
  sqlite.exec('CREATE TRIGGER audit_logs_no_delete AFTER DELETE ON audit_logs BEGIN SELECT 1; END')
  sqlite.exec('CREATE TRIGGER spy AFTER INSERT ON calls BEGIN SELECT 1; END; CREATE TABLE kept (x)')
  place()
  expect(bad()).toEqual(['schema'])
  const schema = examineHome(home).workspaces[0]?.checks.find(({ name }) => name === 'schema')
  expect(schema?.detail).toContain(
    `4 differ from version ${SCHEMA_VERSION}: table kept, trigger audit_logs_no_delete, trigger calls_guard_delete, trigger spy`,
  )
})

test('totals and a text index that no longer say what the calls say', () => {
  const { sqlite } = workspace.db
  for (let n = 0; n < 20; n++) workspace.addCall({ prospectName: `Prospect ${n}` })
  place()
  expect(bad()).toEqual([])
  sqlite.exec('UPDATE local_call_totals SET calls = calls + 1')
  sqlite.exec("INSERT INTO calls_text (calls_text) VALUES ('delete-all')")
  place()
  expect(bad()).toEqual(['totals', 'text index'])
  sqlite.exec("DELETE FROM local_call_totals; INSERT INTO calls_text (calls_text) VALUES ('rebuild')")
  place()
  expect(bad()).toEqual(['totals'])
})

test('databases that were set aside are pointed out', () => {
  place()
  copyFileSync(path, `${path}.damaged-2026-01-01`)
  expect(
    examineHome(home)
      .checks.filter(({ ok }) => !ok)
      .map(({ name }) => name),
  ).toEqual(['set aside'])
})
