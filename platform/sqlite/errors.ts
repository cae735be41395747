import { StorageError } from '../files/storage-error.ts'

/** The file's schema is of a later release. Nothing was written to it. */
export class DatabaseNewerError extends StorageError {
  override readonly name = 'DatabaseNewerError'
  readonly found: number
  readonly known: number

  constructor(found: number, known: number) {
    super('newer')
    this.found = found
    this.known = known
  }
}

/** The file is no database, a database of another program, or one whose pages contradict each other. */
export class DatabaseDamagedError extends StorageError {
  override readonly name = 'DatabaseDamagedError'

  constructor(cause?: unknown) {
    super('damaged', cause)
  }
}

export type SqliteFailure = Error & { readonly code: string }

/** Returns the driver's error, also if Drizzle has wrapped it: Drizzle's own message quotes the parameters, which may hold secrets. */
export function sqliteFailure(error: unknown): SqliteFailure | undefined {
  for (let current = error; current instanceof Error; current = current.cause)
    if ('code' in current && typeof current.code === 'string' && current.code.startsWith('SQLITE_'))
      return current as SqliteFailure
  return undefined
}

/** Returns a failure of the file, the disk or a lock as StorageError; undefined for any other failure of SQLite. */
export function fromSqliteFailure(failure: SqliteFailure): StorageError | undefined {
  const { code } = failure
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return new StorageError('busy', failure)
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return new DatabaseDamagedError(failure)
  if (code === 'SQLITE_FULL') return new StorageError('full', failure)
  if (/^SQLITE_(IOERR|CANTOPEN|READONLY|PERM|AUTH|NOLFS|PROTOCOL)/.test(code)) return new StorageError('io', failure)
  return undefined
}
