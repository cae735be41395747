import { SYNC_TABLE_NAMES } from '../core/sync/tables.ts'
import { InvariantError } from '../core/assert.ts'
import { AppError } from '../core/errors.ts'
import { sentence } from '../core/messages/sentence.ts'
import type { Sentence } from '../core/messages/text.ts'
import { storageError } from '../core/storage-text.ts'
import { fromFileSystem, StorageError, withDiskReason } from '../platform/files/storage-error.ts'
import { fromSqliteFailure, sqliteFailure, type SqliteFailure } from '../platform/sqlite/errors.ts'
import { REFUSAL } from './refusal.ts'

const camelCase = (column: string) => column.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

/** CHECK constraints are named `<table>_<column>`, those of several columns as listed here. */
const CHECKED_FIELDS: Readonly<Record<string, string>> = {
  calls_completed_outcome: 'outcome',
  calls_loss_reason_of_lost: 'lossReasonId',
  calls_completed_at_positive: 'completedAt',
}

/** CHECK constraints are named after their table and column. */
const TABLE_PREFIX = new RegExp(`^(?:${SYNC_TABLE_NAMES.join('|')})_`)

function invalid(path: string, cause: Error): AppError<'INVALID'> {
  const rule = sentence('rule.database')
  return new AppError('INVALID', sentence('rule.unsaved', { rule: rule.text }), { issues: [{ path, ...rule }] }, cause)
}

function conflict(column: string, cause: Error): AppError<'CONFLICT'> {
  const field = camelCase(column)
  const taken =
    column === 'name' || column === 'email'
      ? sentence(`taken.${column}`)
      : sentence('taken.value', { column: column.replaceAll('_', ' ') })
  return new AppError('CONFLICT', taken, { field }, cause)
}

/** Returns the last column of `table.a, table.b` or `table.a, b`, which a person typed. */
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
      return invalid(CHECKED_FIELDS[name] ?? camelCase(name.replace(TABLE_PREFIX, '')), failure)
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
  // Code near the statement typed it with more information. SQLite's error is its cause.
  if (error instanceof AppError || error instanceof StorageError || error instanceof InvariantError) return error
  const failure = sqliteFailure(error)
  if (failure === undefined) return fromFileSystem(error) ?? error
  if (failure.code.startsWith('SQLITE_CONSTRAINT')) return constraint(failure)
  return fromSqliteFailure(failure) ?? new InvariantError(`SQLite refused a statement: ${failure.message}`)
}

/** Runs `run`; a failure is thrown as `fromSqlite` returns it. */
export function withTypedErrors<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw fromSqlite(error)
  }
}

/**
 * Returns the error as `fromSqlite`, but with the reason that the disk shows.
 * @param path the file that was used
 */
export function fromFile(error: unknown, path: string): unknown {
  const typed = fromSqlite(error)
  return typed instanceof StorageError ? withDiskReason(typed, path) : typed
}

/**
 * Returns the error for another thread or the API: StorageError as AppError STORAGE, every other error as `fromFile` returns it.
 * @param path the file that was used, if it is known.
 * @param kept as of `storageText`
 */
export function fromStorageFailure(error: unknown, path?: string, kept: Sentence | null = sentence('storage.unsaved')): unknown {
  const typed = path === undefined ? fromSqlite(error) : fromFile(error, path)
  if (!(typed instanceof StorageError)) return typed
  return storageError(typed.reason, kept, typed, typed.detail)
}
