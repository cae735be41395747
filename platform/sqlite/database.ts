import Database from 'better-sqlite3'

/** A connection of the driver. Drizzle takes it as it is. */
export type Sqlite = Database.Database
export type SqliteStatement = Database.Statement

/** How long a statement waits for the lock of another process, ms. */
const BUSY_TIMEOUT_MS = 5_000

export type DatabaseOptions = {
  /** Open the file without the right to write. In WAL mode the shared-memory file must exist or be creatable. */
  readonly readonly?: boolean
  readonly busyTimeoutMs?: number
}

/** Opens an existing file and passes the connection to `prepare`. Closes it if `prepare` fails. */
export function openDatabase<T>(path: string, options: DatabaseOptions, prepare: (sqlite: Sqlite) => T): T {
  const { readonly = false, busyTimeoutMs = BUSY_TIMEOUT_MS } = options
  const sqlite = new Database(path, { fileMustExist: true, readonly, timeout: busyTimeoutMs })
  try {
    return prepare(sqlite)
  } catch (error) {
    sqlite.close()
    throw error
  }
}

/** Opens an empty database in memory. The caller closes it. */
export function openInMemory(): Sqlite {
  return new Database(':memory:')
}

/** Writes the whole write-ahead log into the file. Returns false if a reader still needs the log. */
export function checkpoint(sqlite: Sqlite): boolean {
  const [result] = sqlite.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
  return result?.busy === 0
}

/** Returns a number that changes whenever another connection has committed. */
export function dataVersion(sqlite: Sqlite): number {
  return sqlite.pragma('data_version', { simple: true }) as number
}
