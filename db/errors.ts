import { accessSync, constants, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { InvariantError } from '../core/assert.ts'
import { AppError, type StorageReason } from '../core/errors.ts'
import { storageText } from '../core/storage-text.ts'
import { REFUSAL } from './refusal.ts'

/** The file or the disk failed; the data is not at fault. */
export class StorageError extends Error {
  override readonly name: string = 'StorageError'
  readonly reason: StorageReason

  constructor(reason: StorageReason, cause?: unknown) {
    super(storageText(reason, 'Nothing was saved'), cause === undefined ? undefined : { cause })
    this.reason = reason
  }

  /** @param kept as of `storageText`; left out: the failed transaction was all that there was to do. */
  toAppError(kept: string | null = 'Nothing was saved'): AppError<'STORAGE'> {
    return new AppError('STORAGE', storageText(this.reason, kept), { reason: this.reason }, this)
  }
}

/** The file's schema is of a later release. It was not written to. */
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

/** The file is no database, none of this product, or one whose pages contradict each other. */
export class DatabaseDamagedError extends StorageError {
  override readonly name = 'DatabaseDamagedError'

  constructor(cause?: unknown) {
    super('damaged', cause)
  }
}

type SqliteFailure = Error & { readonly code: string }

/** The driver's error, also where Drizzle has wrapped it (its own message would quote the parameters, secrets among them). */
function sqliteFailure(error: unknown): SqliteFailure | undefined {
  for (let current = error; current instanceof Error; current = current.cause)
    if ('code' in current && typeof current.code === 'string' && current.code.startsWith('SQLITE_'))
      return current as SqliteFailure
  return undefined
}

const FULL_CODES: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT'])
const IO_CODES: ReadonlySet<string> = new Set(['EIO', 'EROFS', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE', 'EBUSY'])

/** Returns a failed call of the file system (`node:fs`) as StorageError; undefined for any other error. */
function fromFileSystem(error: unknown): StorageError | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined
  const code = String(error.code)
  if (FULL_CODES.has(code)) return new StorageError('full', error)
  // Node reports a read-only file system this way if the folders of a recursive mkdir are missing.
  if (code === 'ENOENT' && error.syscall === 'mkdir') return new StorageError('io', error)
  return IO_CODES.has(code) ? new StorageError('io', error) : undefined
}

const camelCase = (column: string) => column.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

/** CHECK constraints are named `<table>_<column>`, those of several columns as listed here. */
const CHECKED_FIELDS: Readonly<Record<string, string>> = {
  calls_completed_outcome: 'outcome',
  calls_loss_reason_of_lost: 'lossReasonId',
  calls_completed_at_positive: 'completedAt',
}

function invalid(path: string, cause: Error): AppError<'INVALID'> {
  const message = 'This value breaks a rule of the database'
  return new AppError('INVALID', `${message}. Nothing was saved.`, { issues: [{ path, message }] }, cause)
}

function conflict(column: string, cause: Error): AppError<'CONFLICT'> {
  const field = camelCase(column)
  return new AppError('CONFLICT', `This ${column.replaceAll('_', ' ')} already exists. Nothing was saved.`, { field }, cause)
}

/** `table.a, table.b` or `table.a, b` → the last column: the one a person typed. */
function lastColumn(list: string): string {
  return list.slice(Math.max(list.lastIndexOf('.'), list.lastIndexOf(' ')) + 1).replace(/'.*/, '')
}

function constraint(failure: SqliteFailure): Error {
  const { message, code } = failure
  const rule = message.startsWith(`${REFUSAL}: `) ? message.slice(REFUSAL.length + 2) : undefined
  if (rule?.startsWith('exists ') === true) return conflict(lastColumn(rule), failure)
  if (rule !== undefined) return new InvariantError(`The database refused a write: ${rule}`)
  switch (code) {
    case 'SQLITE_CONSTRAINT_UNIQUE':
    case 'SQLITE_CONSTRAINT_PRIMARYKEY':
      return conflict(lastColumn(message), failure)
    case 'SQLITE_CONSTRAINT_CHECK': {
      const name = message.slice(message.lastIndexOf(' ') + 1)
      return invalid(
        CHECKED_FIELDS[name] ?? camelCase(name.replace(/^(clients|users|loss_reasons|calls|client_settings)_/, '')),
        failure,
      )
    }
    case 'SQLITE_CONSTRAINT_FOREIGNKEY':
      return invalid('reference', failure)
    default:
      return new InvariantError(`The database refused a write: ${message}`)
  }
}

/**
 * Turns the codes of SQLite and of the file system into the product's errors: StorageError for the file and the disk, AppError CONFLICT or
 * INVALID for data that breaks a rule, InvariantError for a bug. Any other error is returned unchanged.
 */
export function fromSqlite(error: unknown): unknown {
  // Typed nearer to the statement, where more was known; SQLite's error is its cause.
  if (error instanceof AppError || error instanceof StorageError || error instanceof InvariantError) return error
  const failure = sqliteFailure(error)
  if (failure === undefined) return fromFileSystem(error) ?? error
  const { code } = failure
  if (code.startsWith('SQLITE_CONSTRAINT')) return constraint(failure)
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return new StorageError('busy', failure)
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return new DatabaseDamagedError(failure)
  if (code === 'SQLITE_FULL') return new StorageError('full', failure)
  if (/^SQLITE_(IOERR|CANTOPEN|READONLY|PERM|AUTH|NOLFS|PROTOCOL)/.test(code)) return new StorageError('io', failure)
  return new InvariantError(`SQLite refused a statement: ${failure.message}`)
}

/** Runs `run` and throws what `fromSqlite` makes of its failure. */
export function withTypedErrors<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw fromSqlite(error)
  }
}

/**
 * Returns the error as `fromSqlite`, but with the reason that the disk shows: SQLite reports some failures of a full disk, and all of a
 * read-only one, as failures to open a file.
 * @param path the file that was used
 */
export function fromFile(error: unknown, path: string): unknown {
  const typed = fromSqlite(error)
  if (!(typed instanceof StorageError) || typed.reason !== 'io') return typed
  if (isDiskFull(path)) return new StorageError('full', typed)
  return isReadOnly(typed, path) ? new StorageError('readonly', typed) : typed
}

/**
 * Returns the error for another thread or the API: StorageError as AppError STORAGE, every other error as `fromFile` returns it.
 * @param path the file that was used, if it is known.
 * @param kept as of `storageText`
 */
export function toAppError(error: unknown, path?: string, kept?: string | null): unknown {
  const typed = path === undefined ? fromSqlite(error) : fromFile(error, path)
  return typed instanceof StorageError ? typed.toAppError(kept) : typed
}

/** With less free space than this the write-ahead log cannot grow by a page. */
const FULL_BYTES = 64 * 1_024

function isDiskFull(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path))
    return bavail * bsize < FULL_BYTES
  } catch {
    return false
  }
}

/** Codes of a file system and of SQLite that say by themselves that writing is not permitted. */
const READ_ONLY_CODES: ReadonlySet<string> = new Set(['EROFS', 'SQLITE_READONLY', 'SQLITE_READONLY_DIRECTORY'])
const DENIED_CODES: ReadonlySet<string> = new Set(['EROFS', 'EACCES', 'EPERM'])

function isReadOnly(error: StorageError, path: string): boolean {
  for (let current: unknown = error; current instanceof Error; current = current.cause)
    if (READ_ONLY_CODES.has(codeOf(current))) return true
  return isDenied(path) || isDenied(dirname(path))
}

function isDenied(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return false
  } catch (error) {
    return DENIED_CODES.has(codeOf(error))
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
