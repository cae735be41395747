import Database from 'better-sqlite3'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { assert } from '../core/assert.ts'
import type { StorageReason } from '../core/errors.ts'
import { DERIVATION_RULE } from '../core/call-derivation.ts'
import type { Id } from '../core/id.ts'
import { textTest, type SearchWord } from '../core/search-words.ts'
import { DatabaseDamagedError, DatabaseNewerError, StorageError, withTypedErrors } from './errors.ts'
import { MIGRATIONS, SCHEMA_VERSION, type Migration } from './migrations/migrations.ts'

/** In the file's header, so that a stray SQLite file is not taken for a workspace. ASCII "PrDb". */
const APPLICATION_ID = 0x50724462
/** How long a write waits for another process's transaction, ms. */
const BUSY_TIMEOUT_MS = 5_000
const MIB = 1024 * 1024

declare const reads: unique symbol
declare const writes: unique symbol

export type Sqlite = Database.Database

/** A connection for queries. Commands do not take it. */
export type ReadableDb = {
  readonly sqlite: Sqlite
  readonly [reads]: true
  close(): void
}

/** The writer's connection; queries take it too. */
export type WritableDb = ReadableDb & { readonly [writes]: true }

/**
 * The one place where connections are tuned.
 *
 * - `journal_mode = WAL` (kept in the file): readers never wait for the writer nor it for them.
 * - `synchronous = FULL`: every commit is flushed, so a call that was acknowledged survives a kill and a power cut. NORMAL would
 *   survive only the kill: it flushes at checkpoints and loses the last commits with the power. A person logs a call every minute;
 *   an import flushes once in hundreds of rows. `fullfsync` makes macOS flush the drive's own cache as well (elsewhere: no effect).
 * - `foreign_keys`: off by default in SQLite, per connection. `recursive_triggers`: lets INSERT OR REPLACE fire delete triggers;
 *   the guards hold without it, it is the second lock.
 * - `busy_timeout`: the command line may write while the application runs.
 * - `secure_delete`: what is deleted is overwritten in the file (S15).
 * - `wal_autocheckpoint` 1,000 pages (4 MB): short checkpoints, paid by the commit that crosses the line; `journal_size_limit`
 *   shrinks the log again after a long reader made it grow.
 * - `temp_store = MEMORY`: sorts spill nothing about people into the system's temporary folder.
 * - `trusted_schema = OFF`: a planted view or trigger cannot call functions with side effects. `cell_size_check`: damage is
 *   reported when a page is read instead of being followed.
 * - `cache_size`: KiB when negative. `mmap_size`: readers look at the system's page cache directly instead of copying from it.
 */
function tune(sqlite: Sqlite, role: 'read' | 'write'): void {
  sqlite.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`)
  sqlite.pragma('foreign_keys = ON')
  sqlite.pragma('recursive_triggers = ON')
  sqlite.pragma('trusted_schema = OFF')
  sqlite.pragma('cell_size_check = ON')
  sqlite.pragma('temp_store = MEMORY')
  sqlite.pragma('cache_size = -65536')
  sqlite.pragma(`mmap_size = ${role === 'read' ? 4_096 * MIB : 0}`)
  if (role === 'read') {
    sqlite.pragma('query_only = ON')
    return
  }
  assert(sqlite.pragma('journal_mode = WAL', { simple: true }) === 'wal', 'The file system does not support WAL')
  sqlite.pragma('synchronous = FULL')
  sqlite.pragma('fullfsync = ON')
  sqlite.pragma('checkpoint_fullfsync = ON')
  sqlite.pragma('secure_delete = ON')
  sqlite.pragma('wal_autocheckpoint = 1000')
  sqlite.pragma(`journal_size_limit = ${16 * MIB}`)
}

/**
 * Defines `holds_words(text, …, words)`: whether the texts contain the words of a search. `directOnly` keeps it out of the schema, so that
 * other programs can write to the file.
 */
function defineFunctions(sqlite: Sqlite): void {
  // A query calls the function for many rows with the same words.
  let last: { readonly json: string; readonly test: (text: string) => boolean } | undefined
  sqlite.function('holds_words', { varargs: true, deterministic: true, directOnly: true }, (...values) => {
    const json = String(values.at(-1))
    if (last?.json !== json) last = { json, test: textTest(JSON.parse(json) as SearchWord[]) }
    const texts = values.slice(0, -1).filter((value) => value !== null)
    return last.test(texts.join('\n')) ? 1 : 0
  })
}

function wrap(sqlite: Sqlite): WritableDb {
  defineFunctions(sqlite)
  const handle: Omit<ReadableDb, typeof reads> = { sqlite, close: () => void sqlite.close() }
  return handle as WritableDb
}

function schemaVersion(sqlite: Sqlite): number {
  return sqlite.pragma('user_version', { simple: true }) as number
}

/** Throws unless the file is a workspace that this release can read. Reads only. */
function requireWorkspace(sqlite: Sqlite): void {
  if (sqlite.pragma('application_id', { simple: true }) !== APPLICATION_ID) throw new DatabaseDamagedError()
  const found = schemaVersion(sqlite)
  if (found > SCHEMA_VERSION) throw new DatabaseNewerError(found, SCHEMA_VERSION)
}

/**
 * Runs the migrations that the file has not seen, each in one transaction with its version number: after a crash the file is at one
 * version or the other. Foreign keys are off meanwhile, because rebuilding a table drops the old one; they are checked before each
 * commit instead.
 */
export function migrate(sqlite: Sqlite, migrations: readonly Migration[] = MIGRATIONS): void {
  sqlite.pragma('foreign_keys = OFF')
  try {
    for (const migration of migrations) {
      sqlite.exec('BEGIN IMMEDIATE')
      try {
        // Read inside the transaction: another process may have migrated while this one waited for the lock.
        if (schemaVersion(sqlite) < migration.version) {
          sqlite.exec(migration.sql)
          assert(
            (sqlite.pragma('foreign_key_check') as unknown[]).length === 0,
            `Migration ${migration.name} broke a foreign key`,
          )
          sqlite.pragma(`user_version = ${migration.version}`)
        }
        sqlite.exec('COMMIT')
      } catch (error) {
        if (sqlite.inTransaction) sqlite.exec('ROLLBACK')
        throw error
      }
    }
  } finally {
    sqlite.pragma('foreign_keys = ON')
  }
}

/** Opens `path`, hands it to `prepare`, and closes it again where that fails. */
function opened<T>(path: string, options: Database.Options, prepare: (sqlite: Sqlite) => T): T {
  return withTypedErrors(() => {
    const sqlite = new Database(path, { timeout: BUSY_TIMEOUT_MS, ...options })
    try {
      return prepare(sqlite)
    } catch (error) {
      sqlite.close()
      throw error
    }
  })
}

function flushFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/**
 * Makes a workspace's file, its folder with it (both for the user alone). It appears at `path` complete or not at all: it is built
 * beside it and renamed.
 * @throws StorageError io where the file exists.
 */
export function createWorkspaceFile(path: string, ids: { readonly deviceId: Id }): void {
  if (existsSync(path)) throw new StorageError('io', new Error('The workspace file exists already'))
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.new`
  rmSync(draft, { force: true })
  closeSync(openSync(draft, 'w', 0o600))
  opened(draft, {}, (sqlite) => {
    tune(sqlite, 'write')
    sqlite.pragma(`application_id = ${APPLICATION_ID}`)
    migrate(sqlite)
    sqlite.prepare('INSERT INTO sync_device (singleton, device_id) VALUES (1, ?)').run(ids.deviceId)
    sqlite.prepare(`INSERT INTO local_call_derivation (singleton, rule, countries) VALUES (1, ?, '{}')`).run(DERIVATION_RULE)
    // The last connection to close folds the write-ahead log into the file and removes it.
    sqlite.close()
  })
  renameSync(draft, path)
  flushFolder(dirname(path))
}

/**
 * Opens a workspace to write, after bringing an older file up to date.
 * @throws DatabaseNewerError, DatabaseDamagedError before anything is written.
 */
export function openWritable(path: string): WritableDb {
  opened(path, { readonly: true, fileMustExist: true }, (sqlite) => {
    requireWorkspace(sqlite)
    sqlite.close()
  })
  return opened(path, { fileMustExist: true }, (sqlite) => {
    tune(sqlite, 'write')
    if (schemaVersion(sqlite) < SCHEMA_VERSION) migrate(sqlite)
    return wrap(sqlite)
  })
}

/** Opens a workspace to read. An older file must have been opened to write first. */
export function openReadable(path: string): ReadableDb {
  // Not `readonly`: a reader of a WAL file must be able to make the shared-memory file; `query_only` refuses every write.
  return opened(path, { fileMustExist: true }, (sqlite) => {
    requireWorkspace(sqlite)
    tune(sqlite, 'read')
    return wrap(sqlite)
  })
}

/**
 * Checks and tunes a reader that was opened in another way. Closes it if that fails.
 * @param reason why the file cannot be opened in the ordinary way, and so not brought up to date either
 * @throws StorageError `reason` if the file is older than this release, which cannot read it.
 */
export function prepareReader(sqlite: Sqlite, reason: StorageReason): ReadableDb {
  return withTypedErrors(() => {
    try {
      requireWorkspace(sqlite)
      if (schemaVersion(sqlite) < SCHEMA_VERSION) throw new StorageError(reason)
      tune(sqlite, 'read')
      return wrap(sqlite)
    } catch (error) {
      sqlite.close()
      throw error
    }
  })
}

/** Folds the write-ahead log into the file. Returns false where a reader stood in the way. */
export function checkpoint(db: WritableDb): boolean {
  const [result] = db.sqlite.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
  return result?.busy === 0
}

/** Changes whenever another connection has committed. */
export function dataVersion(db: ReadableDb): number {
  return db.sqlite.pragma('data_version', { simple: true }) as number
}

/** The schema version of the open file. */
export function openSchemaVersion(db: ReadableDb): number {
  return schemaVersion(db.sqlite)
}

/** A database in memory as the migrations up to `version` make one. The caller closes it. */
export function openMigrated(version: number): Sqlite {
  const sqlite = new Database(':memory:')
  migrate(
    sqlite,
    MIGRATIONS.filter((migration) => migration.version <= version),
  )
  return sqlite
}
