import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deleteCall, updateCall } from './commands/calls.ts'
import { mend, openMended, UnmendableError } from './mend.ts'
import { SCHEMA_VERSION } from './migrations/migrations.ts'
import { openMigrated, openWritable } from './open.ts'
import { wrongTotals } from './queries/derived-soundness.ts'
import { schemaDifferences } from './schema-objects.ts'
import { beginBulkLoad } from './sync/bulk-load.ts'
import { connect, getDeviceState } from './sync/device-state.ts'
import { compareIndexWithCalls, foundByWord, schemaText } from './testing/search.ts'
import { TestWorkspace } from './testing/test-workspace.ts'

const TEXT_TRIGGERS = ['calls_text_insert', 'calls_text_update', 'calls_text_delete']

let workspace: TestWorkspace
beforeEach(() => {
  workspace = new TestWorkspace()
})
afterEach(() => workspace.dispose())

function reopen(): void {
  workspace.db.close()
  workspace.db = openMended(workspace.path)
}

function expectWhole(): void {
  const fresh = openMigrated(SCHEMA_VERSION)
  const { db } = workspace
  expect(schemaText(db.sqlite)).toEqual(schemaText(fresh))
  expect(wrongTotals(db)).toBe(0)
  expect(() => compareIndexWithCalls(db.sqlite)).not.toThrow()
  fresh.close()
}

/** A joined file without the text index's triggers, as an earlier release left it. */
function loseTextTriggers(): { readonly logged: string; readonly edited: string } {
  const edited = workspace.addCall({ notes: 'Montezuma' }).id
  const deleted = workspace.addCall({ notes: 'Huitzilopochtli' }).id
  for (const name of TEXT_TRIGGERS) workspace.db.sqlite.exec(`DROP TRIGGER ${name}`)
  const logged = workspace.addCall({ notes: 'Quetzalcoatl' }).id
  workspace.write(() => updateCall(workspace.db, edited, { notes: 'Zerubbabel' }))
  workspace.write(() => deleteCall(workspace.db, deleted))
  return { logged, edited }
}

test('a file without the text index’s triggers is repaired when it is opened, and changes made meanwhile are indexed', () => {
  const { logged, edited } = loseTextTriggers()
  expect(foundByWord(workspace.db.sqlite, 'Quetzalcoatl')).toEqual([])
  workspace.take(() => connect(workspace.db, { serverUrl: 'http://s.test', userId: workspace.adminId, epoch: 'e' }))
  reopen()
  const { sqlite } = workspace.db
  expect(foundByWord(sqlite, 'Quetzalcoatl')).toEqual([logged])
  expect(foundByWord(sqlite, 'Zerubbabel')).toEqual([edited])
  expect(foundByWord(sqlite, 'Montezuma')).toEqual([])
  expectWhole()
  // The old index contained words of calls that no longer exist.
  expect(getDeviceState(workspace.db).isScrubPending).toBe(true)
})

test.each([
  ['one trigger of the text index', 'DROP TRIGGER calls_text_update'],
  ['the triggers of the totals', 'DROP TRIGGER calls_totals_insert; DROP TRIGGER calls_totals_delete'],
  ['the table of the totals', 'DROP TABLE local_call_totals'],
  ['the text index itself', 'DROP TABLE calls_text'],
  ['a guard of the audit trail', 'DROP TRIGGER audit_logs_no_update'],
  ['indexes', 'DROP INDEX calls_by_time; DROP INDEX calls_by_name; DROP INDEX calls_id; DROP INDEX sync_outbox_pending'],
])('opening a file recreates: %s', (_, damage) => {
  workspace.addCall({ notes: 'before' })
  workspace.db.sqlite.exec(damage)
  if (!/TABLE/.test(damage)) {
    const { id } = workspace.addCall({ notes: 'meanwhile' })
    workspace.write(() => updateCall(workspace.db, id, { notes: 'edited', callDuration: 5 }))
  }
  expect(schemaDifferences(workspace.db).missing.length).toBeGreaterThan(0)
  reopen()
  expectWhole()
})

/** The workspace's rows in a file of the first schema version that lacks triggers. */
function asFirstVersion(): Buffer {
  const old = openMigrated(1)
  old.pragma('foreign_keys = OFF')
  for (const name of old.prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).pluck().all())
    old.exec(`DROP TRIGGER ${name}`)
  old.prepare('ATTACH ? AS now').run(workspace.path)
  for (const table of ['clients', 'users', 'loss_reasons', 'calls', 'sync_device']) {
    const columnsOf = (schema: string) =>
      (old.pragma(`${schema}.table_info(${table})`) as { readonly name: string }[]).map(({ name }) => name)
    const present = new Set(columnsOf('now'))
    const names = columnsOf('main')
      .filter((name) => present.has(name))
      .map((name) => `"${name}"`)
      .join(', ')
    old.exec(`INSERT INTO main.${table} (${names}) SELECT ${names} FROM now.${table}`)
  }
  old.exec('DETACH now')
  old.pragma(`application_id = ${String(workspace.db.sqlite.pragma('application_id', { simple: true }))}`)
  const bytes = old.serialize()
  old.close()
  return bytes
}

test('a file of the first schema version that lacks triggers is migrated and repaired', () => {
  const { id } = workspace.addCall({ notes: 'Quetzalcoatl' })
  const bytes = asFirstVersion()
  workspace.db.close()
  writeFileSync(workspace.path, bytes)
  workspace.db = openMended(workspace.path)
  expect(workspace.db.sqlite.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION)
  expect(foundByWord(workspace.db.sqlite, 'Quetzalcoatl')).toEqual([id])
  expectWhole()
})

test.each([
  ['a text index', 'DROP TABLE calls_text'],
  ['the totals', 'DROP TABLE local_call_totals'],
  ['a trigger of the text index', 'DROP TRIGGER calls_text_insert'],
])('a file of an earlier schema version that lacks %s is migrated and repaired', (_, damage) => {
  const earlier = openMigrated(10)
  earlier.exec(damage)
  earlier.pragma(`application_id = ${String(workspace.db.sqlite.pragma('application_id', { simple: true }))}`)
  const bytes = earlier.serialize()
  earlier.close()
  workspace.db.close()
  writeFileSync(workspace.path, bytes)
  workspace.db = openMended(workspace.path)
  expect(workspace.db.sqlite.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION)
  expectWhole()
})

test('a file of schema version 10 keeps the state of its device', () => {
  const earlier = openMigrated(10)
  earlier.exec(`INSERT INTO sync_device (singleton, device_id, last_hlc, server_url, epoch, user_id, cursor, is_whole, owes_scrub,
    clock_offset, head_seq, head_hash, last_contact_at, problem, engine_owner, engine_beat_at)
    VALUES (1, 'd', 'h', 's', 'e', 'u', 'c', 1, 1, 5, 6, 'hash', 7, 'p', 'o', 8)`)
  const before = earlier.prepare('SELECT * FROM sync_device').raw().get()
  earlier.pragma(`application_id = ${String(workspace.db.sqlite.pragma('application_id', { simple: true }))}`)
  const bytes = earlier.serialize()
  earlier.close()
  workspace.db.close()
  writeFileSync(workspace.path, bytes)
  workspace.db = openMended(workspace.path)
  expect(workspace.db.sqlite.prepare('SELECT * FROM sync_device').raw().get()).toEqual(before)
  expectWhole()
})

test('an intact file is opened without a change', () => {
  workspace.addCall()
  workspace.db.sqlite.pragma('wal_checkpoint(TRUNCATE)')
  const version = () => workspace.db.sqlite.pragma('schema_version', { simple: true })
  const before = version()
  reopen()
  expect(version()).toBe(before)
})

test('a file in a bulk load is not repaired', () => {
  workspace.write(() => beginBulkLoad(workspace.db))
  const before = schemaText(workspace.db.sqlite)
  reopen()
  expect(schemaText(workspace.db.sqlite)).toEqual(before)
})

test('a busy file opens without a repair, and the next start repairs it', () => {
  workspace.db.sqlite.exec('DROP TRIGGER calls_text_insert')
  const other = openWritable(workspace.path)
  other.sqlite.exec('BEGIN IMMEDIATE')
  workspace.db.sqlite.pragma('busy_timeout = 0')
  expect(() => mend(workspace.db, { replaces: false, rebuilds: false })).toThrow(/busy/)
  other.sqlite.exec('ROLLBACK')
  other.close()
  expect(schemaDifferences(workspace.db).missing).toHaveLength(1)
  reopen()
  expectWhole()
})

test('objects that the application never makes are removed on request only; foreign tables are kept', () => {
  const { sqlite } = workspace.db
  sqlite.exec(`DROP TRIGGER audit_logs_no_update; CREATE TRIGGER audit_logs_no_update AFTER UPDATE ON audit_logs BEGIN SELECT 1; END;
    CREATE TRIGGER calls_text_spy AFTER INSERT ON calls BEGIN SELECT 1; END; CREATE TABLE calls_text_kept (x)`)
  expect(mend(workspace.db, { replaces: false, rebuilds: false })).toEqual({ made: [], removed: [], rebuilt: false })
  const mended = mend(workspace.db, { replaces: true, rebuilds: false })
  expect(mended.removed.toSorted()).toEqual(['trigger audit_logs_no_update', 'trigger calls_text_spy'])
  expect(mended.made).toEqual(['trigger audit_logs_no_update'])
  expect(schemaDifferences(workspace.db).added.map(({ name }) => name)).toEqual(['calls_text_kept'])
})

test('if a table with its own data is missing, nothing is changed', () => {
  const { sqlite } = workspace.db
  sqlite.exec('DROP TABLE local_drafts; DROP TRIGGER calls_text_insert')
  const before = schemaText(sqlite)
  expect(() => mend(workspace.db, { replaces: true, rebuilds: true })).toThrow(UnmendableError)
  expect(schemaText(sqlite)).toEqual(before)
  reopen()
  expect(schemaText(workspace.db.sqlite)).toEqual(before)
})

test('a trigger that another program created with a name that SQLite reserves is found and removed', () => {
  const { sqlite } = workspace.db
  sqlite.unsafeMode(true)
  sqlite.exec(`PRAGMA writable_schema = ON;
    INSERT INTO sqlite_schema VALUES ('trigger', 'sqlite_hidden', 'calls', 0,
      'CREATE TRIGGER sqlite_hidden BEFORE DELETE ON calls BEGIN SELECT RAISE(IGNORE); END');
    PRAGMA writable_schema = OFF`)
  reopen()
  const { added } = schemaDifferences(workspace.db)
  expect(added.map(({ name }) => name)).toEqual(['sqlite_hidden'])
  expect(mend(workspace.db, { replaces: true, rebuilds: false }).removed).toContain('trigger sqlite_hidden')
  expectWhole()
})
