import { closeSync, existsSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { StorageReason } from '../core/errors.ts'
import { DERIVATION_RULE } from '../core/model/call-derivation.ts'
import type { DeviceId } from '../core/id.ts'
import { textTest, type SearchWord } from '../core/text/search-words.ts'
import { moveIntoPlace } from '../platform/files/atomic-file.ts'
import { StorageError } from '../platform/files/storage-error.ts'
import { openDatabase, openInMemory, type DatabaseOptions, type Sqlite } from '../platform/sqlite/database.ts'
import { DatabaseDamagedError, DatabaseNewerError } from '../platform/sqlite/errors.ts'
import { migrate, schemaVersion, type Migration } from '../platform/sqlite/migrate.ts'
import { withOrm, type OrmConnection } from '../platform/sqlite/prepared.ts'
import { tuneReader, tuneWriter } from '../platform/sqlite/tune.ts'
import { withTypedErrors } from './errors.ts'
import { fileObjects, runKeepingForeign, type FileObject } from './foreign-objects.ts'
import { MIGRATIONS, SCHEMA_VERSION } from './migrations/migrations.ts'

/** The id in the file's header, so that another SQLite file does not count as a workspace. ASCII "PrDb". */
const APPLICATION_ID = 0x50724462
const MIB = 1024 * 1024

declare const reads: unique symbol
declare const writes: unique symbol

/** A connection for queries. Commands do not accept it. */
export type ReadableDb = OrmConnection & {
  readonly [reads]: true
  close(): void
}

/** The writer's connection. Queries accept it too. */
export type WritableDb = ReadableDb & { readonly [writes]: true }

/** Pages in the log before a checkpoint. A person logs a call every minute, so short checkpoints are better than rare ones. */
const WRITER_SIZES = { cacheKib: 65_536, checkpointPages: 1_000, logBytes: 16 * MIB }
const READER_SIZES = { cacheKib: 65_536, mmapBytes: 4_096 * MIB }

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
  const handle: Omit<ReadableDb, typeof reads> = { ...withOrm(sqlite), close: () => void sqlite.close() }
  return handle as WritableDb
}

/** Throws unless the file is a workspace that this release can read. Reads only. */
function requireWorkspace(sqlite: Sqlite): void {
  if (sqlite.pragma('application_id', { simple: true }) !== APPLICATION_ID) throw new DatabaseDamagedError()
  const found = schemaVersion(sqlite)
  if (found > SCHEMA_VERSION) throw new DatabaseNewerError(found, SCHEMA_VERSION)
}

function update(sqlite: Sqlite, migrations: readonly Migration[] = MIGRATIONS): void {
  migrate(sqlite, migrations, { foreignKeys: 'verified' })
}

let own: ReadonlyMap<number, readonly FileObject[]> | undefined

/** Returns the objects that the application makes in a file, by schema version. */
function ownObjects(): ReadonlyMap<number, readonly FileObject[]> {
  if (own !== undefined) return own
  const sqlite = openInMemory()
  try {
    const objects = new Map<number, readonly FileObject[]>()
    const afterEach = (version: number) => void objects.set(version, fileObjects(sqlite))
    migrate(sqlite, MIGRATIONS, { foreignKeys: 'verified', afterEach })
    return (own = objects)
  } finally {
    sqlite.close()
  }
}

/**
 * Updates a file in which other programs may have made views, triggers and indexes.
 * @param onLost receives an object that cannot be kept, after the commit of its removal. Default: ForeignObjectError.
 */
function updateExisting(sqlite: Sqlite, onLost?: (label: string) => void): void {
  if (schemaVersion(sqlite) >= SCHEMA_VERSION) return
  const objects = ownObjects()
  let lost: string[] = []
  migrate(sqlite, MIGRATIONS, {
    foreignKeys: 'verified',
    execute: ({ version, sql }) => {
      lost = []
      runKeepingForeign(sqlite, sql, {
        before: objects.get(version - 1) ?? [],
        after: objects.get(version) ?? [],
        onLost: onLost === undefined ? undefined : (label) => void lost.push(label),
      })
    },
    afterCommit: () => {
      // Another process may have run the next migration.
      for (const label of lost.splice(0)) onLost?.(label)
    },
  })
}

function opened<T>(path: string, options: DatabaseOptions, prepare: (sqlite: Sqlite) => T): T {
  return withTypedErrors(() => openDatabase(path, options, prepare))
}

/**
 * Creates a workspace's file and its folder, both for the user alone. The file appears at `path` complete or not at all: it is built under
 * another name and renamed.
 * @throws StorageError io if the file exists.
 */
export function createWorkspaceFile(path: string, ids: { readonly deviceId: DeviceId }): void {
  if (existsSync(path)) throw new StorageError('io', new Error('The workspace file exists already'))
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.new`
  rmSync(draft, { force: true })
  closeSync(openSync(draft, 'w', 0o600))
  opened(draft, {}, (sqlite) => {
    tuneWriter(sqlite, WRITER_SIZES)
    sqlite.pragma(`application_id = ${APPLICATION_ID}`)
    update(sqlite)
    sqlite.prepare('INSERT INTO sync_device (singleton, device_id) VALUES (1, :deviceId)').run({ deviceId: ids.deviceId })
    sqlite
      .prepare(`INSERT INTO local_call_derivation (singleton, rule, countries) VALUES (1, :rule, '{}')`)
      .run({ rule: DERIVATION_RULE })
    // The last connection to close folds the write-ahead log into the file and removes it.
    sqlite.close()
  })
  moveIntoPlace(draft, path)
}

/**
 * Opens a workspace to write and migrates an older file first.
 * @param onLost receives the label of each object of another program that was removed because the update cannot keep it.
 * @throws DatabaseNewerError, DatabaseDamagedError before anything is written; without `onLost` ForeignObjectError, after which the file
 * has its old version or one between.
 */
export function openWritable(path: string, onLost?: (label: string) => void): WritableDb {
  opened(path, { readonly: true }, (sqlite) => {
    requireWorkspace(sqlite)
    sqlite.close()
  })
  return opened(path, {}, (sqlite) => {
    tuneWriter(sqlite, WRITER_SIZES)
    updateExisting(sqlite, onLost)
    return wrap(sqlite)
  })
}

/** Opens a workspace to read. An older file must be opened to write first. */
export function openReadable(path: string): ReadableDb {
  // Not `readonly`, because a reader of a WAL file must be able to create the shared-memory file. `query_only` refuses every write.
  return opened(path, {}, (sqlite) => {
    requireWorkspace(sqlite)
    tuneReader(sqlite, READER_SIZES)
    return wrap(sqlite)
  })
}

/**
 * Checks and configures a reader that was opened in another way. Closes it if that fails.
 * @param reason why the file cannot be opened in the ordinary way, and thus cannot be migrated
 * @throws StorageError `reason` if the file is older than this release, which cannot read it.
 */
export function prepareReader(sqlite: Sqlite, reason: StorageReason): ReadableDb {
  return withTypedErrors(() => {
    try {
      requireWorkspace(sqlite)
      if (schemaVersion(sqlite) < SCHEMA_VERSION) throw new StorageError(reason)
      tuneReader(sqlite, READER_SIZES)
      return wrap(sqlite)
    } catch (error) {
      sqlite.close()
      throw error
    }
  })
}

/** Returns the schema version of the open file. */
export function openSchemaVersion(db: ReadableDb): number {
  return schemaVersion(db.sqlite)
}

/** Returns a database in memory after the migrations up to `version`. The caller closes it. */
export function openMigrated(version: number): Sqlite {
  const sqlite = openInMemory()
  update(
    sqlite,
    MIGRATIONS.filter((migration) => migration.version <= version),
  )
  return sqlite
}
