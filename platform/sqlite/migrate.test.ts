import { afterEach, beforeEach, expect, test } from 'vitest'
import { openInMemory, type Sqlite } from './database.ts'
import { migrate, schemaVersion, type Migration } from './migrate.ts'

let sqlite: Sqlite
beforeEach(() => void (sqlite = openInMemory()))
afterEach(() => void sqlite.close())

const FIRST: Migration = {
  version: 1,
  name: 'first',
  sql: 'CREATE TABLE parents (id INTEGER PRIMARY KEY); CREATE TABLE children (parent INTEGER REFERENCES parents)',
}
const tables = () => sqlite.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1").pluck().all()

test('a migration is one transaction: after a failure nothing of it remains, and the next start tries again', () => {
  migrate(sqlite, [FIRST], { foreignKeys: 'verified' })
  const broken = { version: 2, name: 'broken', sql: 'CREATE TABLE half (a); INSERT INTO nowhere VALUES (1);' }
  expect(() => migrate(sqlite, [FIRST, broken], { foreignKeys: 'verified' })).toThrow(/nowhere/)
  expect(tables()).toEqual(['children', 'parents'])
  expect(schemaVersion(sqlite)).toBe(1)
  migrate(sqlite, [FIRST, { ...broken, sql: 'CREATE TABLE half (a)' }], { foreignKeys: 'verified' })
  expect(schemaVersion(sqlite)).toBe(2)
  expect(tables()).toContain('half')
})

test('a migration may rebuild a table, but not leave a reference without its row', () => {
  migrate(sqlite, [FIRST], { foreignKeys: 'verified' })
  sqlite.exec('INSERT INTO parents VALUES (1); INSERT INTO children VALUES (1)')
  const rebuild = { version: 2, name: 'rebuild', sql: 'DROP TABLE parents; CREATE TABLE parents (id INTEGER PRIMARY KEY);' }
  expect(() => migrate(sqlite, [rebuild], { foreignKeys: 'verified' })).toThrow('Migration rebuild broke a foreign key')
  migrate(sqlite, [{ ...rebuild, sql: `${rebuild.sql} INSERT INTO parents VALUES (1)` }], { foreignKeys: 'verified' })
  expect(schemaVersion(sqlite)).toBe(2)
  expect(sqlite.pragma('foreign_keys', { simple: true })).toBe(1)
})

test('a reference that was broken before does not stop a migration', () => {
  migrate(sqlite, [FIRST], { foreignKeys: 'verified' })
  sqlite.exec('PRAGMA foreign_keys = OFF; INSERT INTO children VALUES (1)')
  migrate(sqlite, [{ version: 2, name: 'second', sql: 'CREATE TABLE other (a)' }], { foreignKeys: 'verified' })
  expect(schemaVersion(sqlite)).toBe(2)
  const worse = { version: 3, name: 'worse', sql: 'INSERT INTO children VALUES (2)' }
  expect(() => migrate(sqlite, [worse], { foreignKeys: 'verified' })).toThrow('Migration worse broke a foreign key')
})

test('enforced foreign keys refuse a broken reference during the migration', () => {
  sqlite.pragma('foreign_keys = ON')
  const broken = { ...FIRST, sql: `${FIRST.sql}; INSERT INTO children VALUES (1)` }
  expect(() => migrate(sqlite, [broken], { foreignKeys: 'enforced' })).toThrow(/FOREIGN KEY/)
  expect(schemaVersion(sqlite)).toBe(0)
})

test('each commit of a migration is reported, also if a later migration fails', () => {
  const committed: [number, boolean][] = []
  const broken = { version: 2, name: 'broken', sql: 'INSERT INTO nowhere VALUES (1)' }
  const afterCommit = (version: number) => void committed.push([version, sqlite.inTransaction])
  expect(() => migrate(sqlite, [FIRST, broken], { foreignKeys: 'verified', afterCommit })).toThrow(/nowhere/)
  expect(committed).toEqual([[1, false]])
})

test('the step after a migration belongs to its transaction', () => {
  const fail = () => {
    throw new Error('no epoch')
  }
  expect(() => migrate(sqlite, [FIRST], { foreignKeys: 'enforced', afterEach: fail })).toThrow('no epoch')
  expect(tables()).toEqual([])
  const versions: number[] = []
  migrate(sqlite, [FIRST], { foreignKeys: 'enforced', afterEach: (version) => versions.push(version) })
  migrate(sqlite, [FIRST], { foreignKeys: 'enforced', afterEach: (version) => versions.push(version) })
  expect(versions).toEqual([1])
})

test('a file that is up to date is not locked', () => {
  migrate(sqlite, [FIRST], { foreignKeys: 'verified' })
  sqlite.exec('BEGIN')
  migrate(sqlite, [FIRST], { foreignKeys: 'verified' })
  expect(sqlite.inTransaction).toBe(true)
  sqlite.exec('ROLLBACK')
})
