import Database from 'better-sqlite3'
import { randomBytes } from 'node:crypto'
import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { uniqueKey } from '../../../core/unique-key.ts'
import { MIGRATIONS } from './schema.ts'

export type Sqlite = Database.Database
export type SqliteStatement = Database.Statement

/** The file was written by a newer server; this one would not understand it and leaves it alone. */
export class StoreNewerError extends Error {
  override readonly name = 'StoreNewerError'
}

const PRAGMAS = [
  // Readers see the last commit while a writer works.
  `journal_mode = WAL`,
  // An acknowledged push is on disk, also after the power fails. One sync a push, whatever its size.
  `synchronous = FULL`,
  `foreign_keys = ON`,
  // What is removed is overwritten (S15).
  `secure_delete = ON`,
  `busy_timeout = 10000`,
  // A bulk push writes some dozen MB; checkpointing more seldom than every 1,000 pages writes hot index pages fewer times.
  `wal_autocheckpoint = 8000`,
  `journal_size_limit = 67108864`,
  `cache_size = -32768`,
  `temp_store = MEMORY`,
]

/**
 * Opens the server's file and brings it to the newest version; a new one is readable by its owner alone.
 * @param newEpoch of a file that does not exist yet.
 * @param newest the version to bring it to; an older one in tests.
 */
export function openWritable(path: string, newEpoch: string, newest = MIGRATIONS.length): Sqlite {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600))
  const db = new Database(path)
  try {
    chmodSync(path, 0o600)
    for (const pragma of PRAGMAS) db.pragma(pragma)
    // Only migrations use this function. No table, index or trigger needs it, so any program can read and write the file.
    db.function('unique_key', { deterministic: true }, (value) => uniqueKey(String(value)))
    migrate(db, newEpoch, newest)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** For reading only; the file exists and is of the newest version. */
export function openReadable(path: string): Sqlite {
  const db = new Database(path, { readonly: true, fileMustExist: true })
  db.pragma('busy_timeout = 10000')
  db.pragma('cache_size = -8192')
  db.pragma('query_only = ON')
  return db
}

function migrate(db: Sqlite, newEpoch: string, newest: number): void {
  const version = db.pragma('user_version', { simple: true }) as number
  if (version > MIGRATIONS.length)
    throw new StoreNewerError(
      `The server's database has version ${version}; this server knows ${MIGRATIONS.length}. It was left as it is.`,
    )
  for (const [index, sql] of MIGRATIONS.slice(0, newest).entries()) {
    if (index < version) continue
    db.transaction(() => {
      db.exec(sql)
      if (index === 0) db.prepare('INSERT INTO server (singleton, epoch) VALUES (1, ?)').run(newEpoch)
      if (index === 1) db.prepare('UPDATE server SET cursor_key = ?').run(randomBytes(32))
      db.pragma(`user_version = ${index + 1}`)
    }).immediate()
  }
}
