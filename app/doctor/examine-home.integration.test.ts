import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deleteCall, requestRestore } from '../../db/commands/calls.ts'
import { recordEvent } from '../../db/commands/events.ts'
import { SCHEMA_VERSION } from '../../db/migrations/migrations.ts'
import { openMended } from '../../db/mend.ts'
import { openMigrated, openWritable } from '../../db/open.ts'
import { TestWorkspace } from '../../db/testing/test-workspace.ts'
import { examineHome, workspaceFacts } from './examine-home.ts'
import { fixHome } from './fix-home.ts'

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

/** Copies the current state of the workspace into the home. */
function place(): void {
  workspace.copyTo(path)
}
function bad(): string[] {
  const found = examineHome(home).workspaces.flatMap(({ checks }) => checks.filter(({ ok }) => !ok))
  // Every finding has a remedy.
  for (const { name, remedy } of found) expect(remedy, name).toMatch(/\w+ .*\./)
  return found.map(({ name }) => name)
}
/** Returns the repairs of `doctor --fix` in the only workspace, and the findings after them. */
function fix(): { readonly done: readonly string[]; readonly refused: string | null; readonly left: string[] } {
  const [repair] = fixHome(home)
  return { done: repair?.done ?? [], refused: repair?.refused ?? null, left: bad() }
}
const facts = () => workspaceFacts(home)[0]

test('a sound workspace has no findings, and the results contain no data of the client', () => {
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

test('only changes of data count as waiting, not sign-ins and other events', () => {
  place()
  const before = facts()?.pending ?? 0
  const { id } = workspace.addCall()
  workspace.write(() => deleteCall(workspace.db, id))
  workspace.write(() => requestRestore(workspace.db, id))
  const about = { tableName: 'users', recordId: workspace.adminId, newValues: {} }
  for (const action of ['LOGIN', 'LOGOUT'] as const) workspace.write(() => recordEvent(workspace.db, { ...about, action }))
  const backup = { tableName: 'clients', recordId: workspace.clientId, newValues: {} }
  for (const action of ['BACKUP', 'EXPORT', 'RESTORE'] as const)
    workspace.write(() => recordEvent(workspace.db, { ...backup, action }))
  place()
  expect(facts()?.pending).toBe(before + 3)
})

test('a home that does not exist is not created', () => {
  const nowhere = join(home, 'nowhere')
  expect(examineHome(nowhere)).toMatchObject({ workspaces: [], checks: [{ ok: true }] })
  expect(workspaceFacts(nowhere)).toEqual([])
})

test('a file that is not a database, is newer or is of another program cannot be opened', () => {
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

test('the repair of an old file removes what another program made, even if it prevents the update', () => {
  const earlier = openMigrated(10)
  earlier.pragma(`application_id = ${String(workspace.db.sqlite.pragma('application_id', { simple: true }))}`)
  earlier.exec(`INSERT INTO sync_device (singleton, device_id) VALUES (1, 'd');
    CREATE INDEX mine ON sync_device (engine_beat_at);
    CREATE VIEW other AS SELECT * FROM nowhere`)
  writeFileSync(path, earlier.serialize(), { mode: 0o600 })
  earlier.close()
  expect(bad()).toEqual(['schema', 'journal'])
  expect(() => openMended(path)).toThrow(/index mine.*“doctor --fix”/)
  expect(fixHome(home)).toMatchObject([{ done: ['Removed: index mine', 'Removed: view other'], refused: null }])
  openMended(path).close()
})

/** Places a file of schema version 10 that another program changed with `sql`. */
function placeOld(clientId: string, sql: string): void {
  const earlier = openMigrated(10)
  earlier.pragma(`application_id = ${String(workspace.db.sqlite.pragma('application_id', { simple: true }))}`)
  earlier.exec(`INSERT INTO sync_device (singleton, device_id) VALUES (1, 'd'); ${sql}`)
  const file = join(home, 'workspaces', clientId, 'workspace.db')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, earlier.serialize(), { mode: 0o600 })
  earlier.close()
}

test.each([
  [
    'a trigger ends the transaction of the update',
    `INSERT INTO local_call_derivation (singleton, rule, countries) VALUES (1, 1, '{}'); DROP TRIGGER calls_text_insert;
     CREATE TRIGGER mine BEFORE DELETE ON local_call_derivation BEGIN SELECT RAISE(ROLLBACK, 'no'); END`,
    null,
  ],
  [
    'a table has a name that the update needs',
    'DROP INDEX calls_by_time; CREATE TABLE calls_by_time (a)',
    /table calls_by_time, whose/,
  ],
])('each workspace is repaired, also if in another one %s', (_, sql, refused) => {
  const [first, second] = ['00000000-0000-7000-8000-000000000001', 'ffffffff-ffff-7fff-bfff-ffffffffffff']
  placeOld(first, sql)
  placeOld(second, 'DROP TRIGGER calls_text_insert; CREATE VIEW mine AS SELECT 1')
  expect(fixHome(home)).toMatchObject([
    { clientId: first, refused: refused === null ? null : expect.stringMatching(refused) },
    { clientId: second, done: expect.arrayContaining(['Removed: view mine']), refused: null },
  ])
})

test('an unexpected error is reported, and the other workspaces are repaired', () => {
  workspace.db.sqlite.exec('DROP INDEX calls_by_time; CREATE TABLE calls_by_time (a)')
  place()
  placeOld('ffffffff-ffff-7fff-bfff-ffffffffffff', 'CREATE VIEW mine AS SELECT 1')
  expect(fixHome(home)).toMatchObject([
    { refused: expect.stringMatching(/^An unexpected error .*calls_by_time.* contact your administrator\.$/) },
    { done: expect.arrayContaining(['Removed: view mine']), refused: null },
  ])
})

test('an overwritten page is found', () => {
  for (let n = 0; n < 200; n++) workspace.addCall({ notes: `note ${n} ${'x'.repeat(200)}` })
  place()
  const pages = readFileSync(path).length / 4_096
  writeSync(openSync(path, 'r+'), Buffer.alloc(4_096, 0xaa), 0, 4_096, Math.floor(pages / 2) * 4_096)
  expect(bad().length).toBeGreaterThan(0)
})

test('a call without an audit trail is found, and an audit trail without its call', () => {
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

test('missing, altered and added objects are named and repaired', () => {
  const { sqlite } = workspace.db
  sqlite.exec('DROP TRIGGER calls_guard_delete; DROP TRIGGER audit_logs_no_delete')
  sqlite.exec('CREATE TRIGGER audit_logs_no_delete AFTER DELETE ON audit_logs BEGIN SELECT 1; END')
  sqlite.exec('CREATE TRIGGER calls_text_spy AFTER INSERT ON calls BEGIN SELECT 1; END; CREATE TABLE calls_text_kept (x)')
  place()
  expect(bad()).toEqual(['schema'])
  const schema = () => examineHome(home).workspaces[0]?.checks.find(({ name }) => name === 'schema')
  expect(schema()?.detail).toBe(
    `Differs from version ${SCHEMA_VERSION}. missing: trigger calls_guard_delete; altered: trigger audit_logs_no_delete; ` +
      'not made by the application: table calls_text_kept, trigger calls_text_spy',
  )
  const { done, left } = fix()
  expect(done.join('; ')).toMatch(/Removed: .*calls_text_spy.*Recreated: .*calls_guard_delete/)
  // A table is never removed, because it may contain data that a person needs.
  expect(left).toEqual(['schema'])
  expect(schema()).toMatchObject({
    detail: expect.stringContaining('table calls_text_kept'),
    remedy: expect.stringContaining('Remove the table'),
  })
})

test('missing triggers of the text index are found and repaired', () => {
  const { id } = workspace.addCall({ prospectName: 'Before' })
  for (const name of ['insert', 'update', 'delete']) workspace.db.sqlite.exec(`DROP TRIGGER calls_text_${name}`)
  workspace.addCall({ prospectName: 'After' })
  workspace.write(() => deleteCall(workspace.db, id))
  place()
  expect(bad()).toEqual(['schema', 'text index'])
  const { done, left } = fix()
  expect(done).toEqual([
    'Recreated: trigger calls_text_insert, trigger calls_text_update, trigger calls_text_delete',
    'Rebuilt names, phone numbers, the text index and the totals from the calls',
  ])
  expect(left).toEqual([])
  expect(fixHome(home)).toEqual([])
})

test.each([
  ['totals that differ', 'UPDATE local_call_totals SET calls = calls + 1', ['totals']],
  [
    'totals of reports that count a call which does not exist',
    `INSERT INTO local_month_losses (client_id, month, user_id, call_type, loss_reason_id, lost) SELECT id, 24312, '', '', '', 1 FROM clients`,
    ['totals'],
  ],
  [
    'hours of everyone that count a call which does not exist',
    `INSERT INTO local_everyone_hours (client_id, day, hour, call_type, calls, completed, no_show, rescheduled, won) SELECT id, 1, 1, '', 1, 0, 0, 1, 0 FROM clients`,
    ['totals'],
  ],
  [
    'a no-show of a call which does not exist',
    `INSERT INTO local_no_shows (client_id, event_at, place, user_id, call_type, has_contact, next_at) SELECT id, 1, 999, '', '', 0, 2 FROM clients`,
    ['totals'],
  ],
  ['an empty text index', `INSERT INTO calls_text (calls_text) VALUES ('delete-all')`, ['text index']],
  ['an empty index of parts of words', `INSERT INTO calls_parts (calls_parts) VALUES ('delete-all')`, ['text index']],
  ['names and numbers that an older rule derived', 'UPDATE local_call_derivation SET rule = 0', ['derived columns']],
  ['indexed words that are in no call', `INSERT INTO calls_text (rowid, notes) VALUES (1, 'ghost')`, ['text index']],
  ['indexed words of a call that does not exist', `INSERT INTO calls_text (rowid, notes) VALUES (999, 'ghost')`, ['text index']],
  ['damaged pages of the text index', `DELETE FROM calls_text_data WHERE id > 10`, ['text index']],
  ['a missing index', 'DROP INDEX calls_by_time', ['schema']],
  ['another journal mode', 'PRAGMA journal_mode = DELETE', ['journal']],
  [
    'a write context of another program',
    `INSERT INTO local_write_context (singleton, client_id, user_id, tx_id, hlc, now, sync, schema_version) VALUES (1, 'c', 'u', 't', '0000000000000000', 1, 1, 1)`,
    ['transactions'],
  ],
])('only the damaged part is found and repaired: %s', (_, damage, names) => {
  for (let n = 0; n < 20; n++) workspace.addCall({ prospectName: `Prospect ${n}`, notes: `note ${n}` })
  // SQLite protects the internal tables of the index from writes, so the test disables the protection.
  workspace.db.sqlite.unsafeMode(true)
  workspace.db.sqlite.exec(damage)
  place()
  expect(bad()).toEqual(names)
  expect(fix()).toMatchObject({ refused: null, left: [] })
})

test('after a failed repair, the earlier repairs are reported, and the message does not say that nothing was changed', () => {
  workspace.db.sqlite.exec(`DROP TABLE local_drafts;
    INSERT INTO local_write_context (singleton, client_id, user_id, tx_id, hlc, now, sync, schema_version) VALUES (1, 'c', 'u', 't', '0000000000000000', 1, 1, 1)`)
  place()
  const { done, refused } = fix()
  expect(done).toEqual(['Removed a write context that another program left'])
  expect(refused).toMatch(/only from a backup\. The repairs before this one are kept; keep it/)
  expect(refused).not.toMatch(/not changed|Nothing/)
})

test('a file to which another program is writing is not changed', () => {
  workspace.addCall()
  workspace.db.sqlite.exec('DELETE FROM local_call_totals')
  place()
  const other = openWritable(path)
  other.sqlite.exec('BEGIN IMMEDIATE')
  expect(fix()).toMatchObject({ done: [], refused: expect.stringContaining('Another program is writing'), left: ['totals'] })
  other.sqlite.exec('ROLLBACK')
  other.close()
  expect(fix()).toMatchObject({ refused: null, left: [] })
}, 30_000)

test('a damaged file is not repaired from itself', () => {
  for (let n = 0; n < 200; n++) workspace.addCall({ notes: `note ${n} ${'x'.repeat(200)}` })
  workspace.db.sqlite.exec('DROP TRIGGER calls_text_insert')
  place()
  const root = workspace.db.sqlite.prepare(`SELECT rootpage FROM sqlite_schema WHERE name = 'audit_logs'`).pluck().get() as number
  writeSync(openSync(path, 'r+'), Buffer.alloc(4_096, 0xaa), 0, 4_096, (root - 1) * 4_096)
  const before = readFileSync(path)
  expect(bad().length).toBeGreaterThan(0)
  expect(fix()).toMatchObject({ done: [], refused: expect.stringContaining('backup') })
  expect(readFileSync(path).equals(before)).toBe(true)
})
