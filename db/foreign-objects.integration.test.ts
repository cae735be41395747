import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deviceIdSchema } from '../core/id.ts'
import { StorageError } from '../platform/files/storage-error.ts'
import { openDatabase, openInMemory, type Sqlite } from '../platform/sqlite/database.ts'
import { sqliteFailure } from '../platform/sqlite/errors.ts'
import { transaction } from '../platform/sqlite/transaction.ts'
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
  earlier.unsafeMode(true)
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
  return sqlite
    .prepare<[string], string>("SELECT sql FROM sqlite_schema WHERE name = ? AND type <> 'table' ORDER BY type")
    .pluck()
    .get(name)
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
  ['a view of a column that an update renames', 'mine', 'CREATE VIEW mine AS SELECT replicate FROM local_write_context'],
  [
    'a sound trigger of a table that has a broken one',
    'mine',
    `CREATE TRIGGER broken AFTER DELETE ON sync_device BEGIN DELETE FROM nowhere; END;
     CREATE TRIGGER mine AFTER UPDATE ON sync_device BEGIN SELECT 1; END`,
  ],
  [
    'a broken trigger of a table that has a sound one',
    'mine',
    `CREATE TRIGGER mine AFTER DELETE ON sync_device BEGIN DELETE FROM nowhere; END;
     CREATE TRIGGER sound AFTER UPDATE ON sync_device BEGIN SELECT 1; END`,
  ],
  [
    'a trigger of a table that writes through a view',
    'mine',
    `CREATE VIEW other AS SELECT 1 AS a; CREATE TRIGGER inner INSTEAD OF INSERT ON other BEGIN SELECT 1; END;
     CREATE TRIGGER mine AFTER DELETE ON users BEGIN INSERT INTO other VALUES (1); END`,
  ],
  [
    'a trigger and a view of the same name',
    'mine',
    'CREATE VIEW mine AS SELECT 1; CREATE TRIGGER mine AFTER DELETE ON users BEGIN SELECT 1; END',
  ],
  [
    'a trigger with the name of a table of the application',
    'calls',
    'CREATE TRIGGER calls AFTER DELETE ON users BEGIN SELECT 1; END',
  ],
  [
    'an index that needs a function of the other program',
    'mine',
    `CREATE TABLE handled (a); CREATE INDEX mine ON handled (a) WHERE a > 1; PRAGMA writable_schema = ON;
     UPDATE sqlite_schema SET sql = 'CREATE INDEX mine ON handled (theirs(a))' WHERE name = 'mine'; PRAGMA writable_schema = OFF`,
  ],
  [
    'a trigger that ends the transaction',
    'mine',
    `INSERT INTO local_call_derivation (singleton, rule, countries) VALUES (1, 1, '{}'); DROP TRIGGER calls_text_insert;
     CREATE TRIGGER mine BEFORE DELETE ON local_call_derivation BEGIN SELECT RAISE(ROLLBACK, 'no'); END`,
  ],
] as const

const CASES = [1, 10].flatMap((version) =>
  KEPT.filter(([, , sql]) => version > 8 || !sql.includes('local_call_derivation')).map((each) => [version, ...each] as const),
)

test.each(CASES)('a file of version %i with %s is migrated, and the object stays', (version, _, name, sql) => {
  writeFile(version, sql)
  withOpened(({ sqlite }) => {
    expect(sqlite.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION)
    expect(sql).toContain(sqlOf(sqlite, name))
  })
})

/** A trigger that another program made and that was broken before the update. */
const BROKEN = 'CREATE TRIGGER broken AFTER DELETE ON clients BEGIN DELETE FROM nowhere; END'

const LOST = [
  ['index mine', 'CREATE INDEX mine ON sync_device (engine_beat_at)'],
  ['trigger mine', 'CREATE TRIGGER mine AFTER UPDATE ON sync_device BEGIN SELECT NEW.engine_beat_at; END'],
  ['index mine', 'CREATE INDEX mine ON local_sign_in_attempts (failures)'],
  [
    'trigger mine',
    'CREATE TRIGGER mine AFTER DELETE ON users BEGIN DELETE FROM handled WHERE id IN (SELECT owes_scrub FROM sync_device); END; CREATE TABLE handled (id)',
  ],
  [
    'trigger mine',
    'CREATE TABLE handled (id); CREATE TRIGGER mine AFTER DELETE ON handled BEGIN SELECT owes_scrub FROM sync_device; END',
  ],
  ['trigger mine', `${BROKEN}; CREATE TRIGGER mine AFTER INSERT ON clients BEGIN SELECT replicate FROM local_write_context; END`],
] as const

test.each(LOST)('a file is refused with the name of the %s that cannot be kept, and left as it is: %s', (label, sql) => {
  writeFile(5, sql)
  const refused = expect.objectContaining({ reason: 'foreign', message: expect.stringMatching(`${label}.*“doctor --fix”`) })
  expect(() => openWritable(path)).toThrow(StorageError)
  expect(() => openWritable(path)).toThrow(refused)
  const reader = openReadable(path)
  expect(sql).toContain(sqlOf(reader.sqlite, 'mine'))
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

/** Objects with a name that an update needs. SQLite compares names without case. */
const CLASHES = [
  ['view LOCAL_import_maps', 'CREATE VIEW LOCAL_import_maps AS SELECT 1'],
  ['view local_import_lines_by_import', 'CREATE VIEW local_import_lines_by_import AS SELECT 1'],
  ['index local_import_lines', 'CREATE INDEX local_import_lines ON calls (notes)'],
  ['index local_import_lines', 'CREATE TABLE handled (a); CREATE INDEX local_import_lines ON handled (a)'],
  [
    'trigger Client_Settings_country_insert',
    'CREATE TRIGGER Client_Settings_country_insert AFTER INSERT ON users BEGIN SELECT 1; END',
  ],
] as const

test.each(CLASHES)(
  'the %s with a name that the update needs is refused, or removed and reported on request: %s',
  (label, sql) => {
    writeFile(8, sql)
    expect(() => openWritable(path)).toThrow(`The file contains the ${label}, which`)
    const lost: string[] = []
    openWritable(path, (each) => lost.push(each)).close()
    expect(lost).toEqual([label])
    withOpened((db) => {
      const { added, ...own } = schemaDifferences(db)
      expect(own).toEqual({ missing: [], altered: [] })
      expect(added.filter(({ type }) => type !== 'table')).toEqual([])
    })
  },
)

test('a table with a name that the update needs is refused, also on request, and never removed', () => {
  writeFile(8, 'CREATE TABLE Local_import_maps (a); INSERT INTO Local_import_maps VALUES (7)')
  for (const onLost of [undefined, () => undefined])
    expect(() => openWritable(path, onLost)).toThrow(/table Local_import_maps, whose name.*Rename or remove/)
  const reader = openReadable(path)
  expect(reader.sqlite.prepare('SELECT a FROM Local_import_maps').pluck().get()).toBe(7)
  reader.close()
})

test('what a migration removed is reported even if a later one fails', () => {
  writeFile(5, 'CREATE INDEX mine ON local_sign_in_attempts (failures); CREATE TABLE local_import_maps (a)')
  const lost: string[] = []
  expect(() => openWritable(path, (each) => lost.push(each))).toThrow('table local_import_maps')
  expect(lost).toEqual(['index mine'])
})

test('a trigger that another program added does not hide that another one fails after the update', () => {
  writeFile(
    10,
    `INSERT INTO local_call_derivation (singleton, rule, countries) VALUES (1, 1, '{}');
     DROP TRIGGER calls_text_insert; CREATE TABLE handled (a);
     CREATE TRIGGER mine AFTER INSERT ON clients BEGIN INSERT INTO handled SELECT 1 FROM local_write_context WHERE replicate = 1; END;
     CREATE TRIGGER other BEFORE DELETE ON local_call_derivation BEGIN SELECT RAISE(ABORT, 'no'); END`,
  )
  expect(() => openWritable(path)).toThrow('trigger mine')
  const lost: string[] = []
  openWritable(path, (each) => lost.push(each)).close()
  expect(lost).toEqual(['trigger mine'])
  withOpened(({ sqlite }) => {
    expect(sqlOf(sqlite, 'other')).toBeDefined()
    expect(() => sqlite.prepare('INSERT INTO clients DEFAULT VALUES')).not.toThrow()
  })
})

test('an altered trigger of the application that does not fit any more is replaced by the application’s own', () => {
  writeFile(
    10,
    `DROP TRIGGER audit_logs_no_delete;
     CREATE TRIGGER AUDIT_LOGS_no_delete BEFORE DELETE ON audit_logs BEGIN SELECT replicate FROM local_write_context; END`,
  )
  const lost: string[] = []
  openWritable(path, (each) => lost.push(each)).close()
  expect(lost).toEqual([])
  withOpened((db) => expect(schemaDifferences(db)).toEqual({ missing: [], altered: [], added: [] }))
})

test('an altered trigger with the same letters in another case is replaced by the migration that makes it', () => {
  writeFile(10, 'DROP TRIGGER calls_text_delete; CREATE TRIGGER CALLS_TEXT_DELETE AFTER DELETE ON calls BEGIN SELECT 1; END')
  withOpened((db) => expect(schemaDifferences(db)).toEqual({ missing: [], altered: [], added: [] }))
})

test('a text of two statements is not run', () => {
  writeFile(
    10,
    `CREATE TABLE handled (a); INSERT INTO handled VALUES (1); CREATE VIEW mine AS SELECT * FROM nowhere; PRAGMA writable_schema = ON;
     UPDATE sqlite_schema SET sql = sql || '; DELETE FROM handled' WHERE name = 'mine'; PRAGMA writable_schema = OFF`,
  )
  for (const onLost of [undefined, () => undefined]) expect(() => openWritable(path, onLost)).toThrow(/damaged/)
  const sqlite = openDatabase(path, {}, (opened) => opened.unsafeMode(true))
  sqlite.exec("PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'mine'")
  expect(sqlite.prepare('SELECT count(*) FROM handled').pluck().get()).toBe(1)
  sqlite.close()
})

test('a full disk is not the fault of an object: the update fails, and every object is kept', () => {
  const rows = 'WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 500)'
  const failures: unknown[] = []
  for (let room = 4; room < 40; room += 2) {
    const sqlite = openInMemory()
    sqlite.exec(
      `CREATE TABLE t (a, b); ${rows} INSERT INTO t SELECT hex(randomblob(40)), i FROM c; CREATE INDEX mine ON t (a); CREATE VIEW other AS SELECT 1`,
    )
    sqlite.pragma(`max_page_count = ${(sqlite.pragma('page_count', { simple: true }) as number) + room}`)
    const lost: string[] = []
    const options = { before: [], after: [], onLost: (label: string) => void lost.push(label) }
    const migration = `CREATE TABLE t2 (a, b, c); INSERT INTO t2 SELECT a, b, hex(randomblob(20)) FROM t; DROP TABLE t; ALTER TABLE t2 RENAME TO t;
      CREATE TABLE more (a); INSERT INTO more SELECT a FROM t`
    try {
      transaction(sqlite, 'IMMEDIATE', () =>
        runKeepingForeign(sqlite, migration, { ...options, before: [{ type: 'table', name: 't', table: 't', sql: '' }] }),
      )
    } catch (error) {
      failures.push(sqliteFailure(error)?.code)
    }
    expect(lost).toEqual([])
    expect([sqlOf(sqlite, 'mine'), sqlOf(sqlite, 'other')]).not.toContain(undefined)
    sqlite.close()
  }
  expect(new Set(failures)).toEqual(new Set(['SQLITE_FULL']))
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
    const run = (sql: string) => sqlite.transaction(() => runKeepingForeign(sqlite, sql, { before: [], after: [] }))
    expect(run('CREATE TABLE half (a); INSERT INTO nowhere VALUES (1)')).toThrow('no such table: nowhere')
    expect(sqlOf(sqlite, 'half')).toBeUndefined()
    expect(sqlOf(sqlite, 'mine')).toBeDefined()
  })
})
