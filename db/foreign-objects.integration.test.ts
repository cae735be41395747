import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deviceIdSchema } from '../core/id.ts'
import { StorageError } from '../platform/files/storage-error.ts'
import type { Sqlite } from '../platform/sqlite/database.ts'
import { runKeepingForeign } from './foreign-objects.ts'
import { SCHEMA_VERSION } from './migrations/migrations.ts'
import { createWorkspaceFile, openMigrated, openReadable, openWritable, type WritableDb } from './open.ts'
import { schemaDifferences } from './schema-objects.ts'

const deviceId = deviceIdSchema.parse('01890a5d-ac96-774b-bcce-b302099a8057')

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'foreign-objects-'))
  path = join(folder, 'workspace.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Writes a file of an earlier schema version that another program has changed with `sql`. */
function writeFile(version: number, sql: string): void {
  createWorkspaceFile(join(folder, 'fresh.db'), { deviceId })
  const fresh = openWritable(join(folder, 'fresh.db'))
  const earlier = openMigrated(version)
  earlier.pragma(`application_id = ${String(fresh.sqlite.pragma('application_id', { simple: true }))}`)
  fresh.close()
  earlier.exec(`INSERT INTO sync_device (singleton, device_id) VALUES (1, '${deviceId}')`)
  earlier.exec(sql)
  writeFileSync(path, earlier.serialize())
  earlier.close()
}

function withOpened(work: (db: WritableDb) => void): void {
  const db = openWritable(path)
  try {
    work(db)
  } finally {
    db.close()
  }
}

function sqlOf(sqlite: Sqlite, name: string): string | undefined {
  return sqlite.prepare<[string], string>('SELECT sql FROM sqlite_schema WHERE name = ?').pluck().get(name)
}

const KEPT = [
  ['a view of a missing table', 'mine', 'CREATE VIEW mine AS SELECT * FROM nowhere'],
  ['a view of a missing column', 'mine', 'CREATE VIEW mine AS SELECT absent FROM calls'],
  ['a view with a name in quotes', 'error: "my" view', 'CREATE VIEW "error: ""my"" view" AS SELECT * FROM nowhere'],
  ['a trigger that names a missing table', 'mine', 'CREATE TRIGGER mine AFTER DELETE ON users BEGIN DELETE FROM nowhere; END'],
  ['a view of a table that an update removes', 'mine', 'CREATE VIEW mine AS SELECT * FROM local_sign_in_attempts'],
  ['an index of a table that an update makes again', 'mine', 'CREATE INDEX mine ON sync_device (server_url)'],
  [
    'a trigger of a table that an update makes again',
    'mine',
    'CREATE TRIGGER mine AFTER UPDATE ON sync_device BEGIN SELECT NEW.cursor; END',
  ],
  [
    'a trigger of a view of a missing table',
    'mine',
    'CREATE VIEW other AS SELECT * FROM nowhere; CREATE TRIGGER mine INSTEAD OF INSERT ON other BEGIN SELECT 1; END',
  ],
  [
    'a view of a view of a missing table',
    'mine',
    'CREATE VIEW other AS SELECT * FROM nowhere; CREATE VIEW mine AS SELECT * FROM other',
  ],
] as const

test.each([1, 10].flatMap((version) => KEPT.map((each) => [version, ...each] as const)))(
  'a file of version %i with %s is migrated, and the object stays',
  (version, _, name, sql) => {
    writeFile(version, sql)
    withOpened(({ sqlite }) => {
      expect(sqlite.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION)
      expect(sql).toContain(sqlOf(sqlite, name))
    })
  },
)

const LOST = [
  ['index mine', 'CREATE INDEX mine ON sync_device (engine_beat_at)'],
  ['trigger mine', 'CREATE TRIGGER mine AFTER UPDATE ON sync_device BEGIN SELECT NEW.engine_beat_at; END'],
  ['index mine', 'CREATE INDEX mine ON local_sign_in_attempts (failures)'],
] as const

test.each(LOST)('a file is refused with the name of the %s that cannot be kept, and left as it is: %s', (label, sql) => {
  writeFile(5, sql)
  const refused = expect.objectContaining({ reason: 'foreign', message: expect.stringMatching(`${label}.*“doctor --fix”`) })
  expect(() => openWritable(path)).toThrow(StorageError)
  expect(() => openWritable(path)).toThrow(refused)
  const reader = openReadable(path)
  expect(sqlOf(reader.sqlite, 'mine')).toBe(sql)
  expect(reader.sqlite.prepare('SELECT count(*) FROM sync_device').pluck().get()).toBe(1)
  reader.close()
})

test.each(LOST)('on request the %s that cannot be kept is removed and reported: %s', (label, sql) => {
  writeFile(5, sql)
  const lost: string[] = []
  openWritable(path, (each) => lost.push(each)).close()
  expect(lost).toEqual([label])
  withOpened(({ sqlite }) => {
    expect(sqlite.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION)
    expect(sqlOf(sqlite, 'mine')).toBeUndefined()
  })
})

test.each([
  ['names a missing table', 'DELETE FROM nowhere'],
  ['refuses the write', "SELECT RAISE(ABORT, 'no')"],
])('a trigger that %s does not stop an update that fires it', (_, statement) => {
  writeFile(
    10,
    `INSERT INTO local_call_derivation (singleton, rule, countries) VALUES (1, 1, '{}');
     DROP TRIGGER calls_text_insert;
     CREATE TRIGGER mine BEFORE DELETE ON local_call_derivation BEGIN ${statement}; END`,
  )
  withOpened(({ sqlite }) => {
    expect(sqlOf(sqlite, 'mine')).toContain(statement)
    expect(sqlite.prepare('SELECT count(*) FROM local_call_derivation').pluck().get()).toBe(0)
  })
})

test('a trigger of the application that another program altered is replaced by the migration that makes it', () => {
  writeFile(
    10,
    'DROP TRIGGER calls_text_delete; CREATE TRIGGER calls_text_delete AFTER DELETE ON calls BEGIN DELETE FROM nowhere; END',
  )
  withOpened((db) => expect(schemaDifferences(db)).toEqual({ missing: [], altered: [], added: [] }))
})

test('a reference that another program broke does not stop an update', () => {
  writeFile(10, "PRAGMA foreign_keys = OFF; CREATE TABLE mine (id REFERENCES calls (id)); INSERT INTO mine VALUES ('none')")
  withOpened(({ sqlite }) => expect(sqlite.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION))
})

test('a failure that no foreign object caused keeps its error', () => {
  writeFile(10, 'CREATE TRIGGER mine AFTER DELETE ON users BEGIN SELECT 1; END')
  withOpened(({ sqlite }) => {
    const run = (sql: string) => sqlite.transaction(() => runKeepingForeign(sqlite, sql, { own: () => new Set() }))
    expect(run('CREATE TABLE half (a); INSERT INTO nowhere VALUES (1)')).toThrow('no such table: nowhere')
    expect(sqlOf(sqlite, 'half')).toBeUndefined()
    expect(sqlOf(sqlite, 'mine')).toBeDefined()
  })
})
