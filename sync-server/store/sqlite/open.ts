import { randomBytes } from 'node:crypto'
import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { uniqueKey } from '../../../core/text/unique-key.ts'
import { openDatabase, type Sqlite } from '../../../platform/sqlite/database.ts'
import { migrate, schemaVersion } from '../../../platform/sqlite/migrate.ts'
import { tuneReader, tuneWriter } from '../../../platform/sqlite/tune.ts'
import { MIGRATIONS } from './migrations.ts'

/** A newer server wrote the file. This server cannot read it and does not change it. */
export class StoreNewerError extends Error {
  override readonly name = 'StoreNewerError'
}

const BUSY_TIMEOUT_MS = 10_000
/** A bulk push writes some dozen MB. Hot index pages are written fewer times if checkpoints are rarer than every 1,000 pages. */
const WRITER_SIZES = { cacheKib: 32_768, checkpointPages: 8_000, logBytes: 67_108_864 }
const READER_SIZES = { cacheKib: 8_192, mmapBytes: 0 }

/**
 * Opens the server's file and brings it to the newest version. Only its owner can read a new file.
 * @param newEpoch of a file that does not exist yet.
 * @param newest the version to bring it to; an older one in tests.
 */
export function openWritable(path: string, newEpoch: string, newest = MIGRATIONS.length): Sqlite {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600))
  return openDatabase(path, { busyTimeoutMs: BUSY_TIMEOUT_MS }, (sqlite) => {
    chmodSync(path, 0o600)
    const version = schemaVersion(sqlite)
    if (version > MIGRATIONS.length)
      throw new StoreNewerError(
        `The server's database has version ${version}; this server supports up to ${MIGRATIONS.length}. The file was not changed.`,
      )
    tuneWriter(sqlite, WRITER_SIZES)
    // Only migrations use this function. No table, index or trigger needs it, so any program can read and write the file.
    sqlite.function('unique_key', { deterministic: true }, (value) => uniqueKey(String(value)))
    update(sqlite, newEpoch, newest)
    return sqlite
  })
}

/** Opens a file of the newest version for reading. */
export function openReadable(path: string): Sqlite {
  return openDatabase(path, { readonly: true, busyTimeoutMs: BUSY_TIMEOUT_MS }, (sqlite) => {
    tuneReader(sqlite, READER_SIZES)
    return sqlite
  })
}

function update(sqlite: Sqlite, newEpoch: string, newest: number): void {
  const migrations = MIGRATIONS.slice(0, newest).map((sql, index) => ({ version: index + 1, name: `${index + 1}`, sql }))
  migrate(sqlite, migrations, {
    foreignKeys: 'enforced',
    afterEach: (version) => {
      // Text, because the tables have the columns of this version.
      if (version === 1) sqlite.prepare('INSERT INTO server (singleton, epoch) VALUES (1, :newEpoch)').run({ newEpoch })
      if (version === 2) sqlite.prepare('UPDATE server SET cursor_key = :key').run({ key: randomBytes(32) })
    },
  })
}
