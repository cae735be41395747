import { accessSync, constants, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { StorageReason } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import type { Sentence } from '../../core/messages/text.ts'
import { storageText } from '../../core/storage-text.ts'

/** The file or the disk failed; the data is not at fault. */
export class StorageError extends Error {
  override readonly name: string = 'StorageError'
  readonly reason: StorageReason

  /** What exactly failed, as a sentence; null if the reason says it. */
  readonly detail: Sentence | null

  constructor(reason: StorageReason, cause?: unknown, detail: Sentence | null = null) {
    super(storageText(reason, sentence('storage.unsaved'), detail), cause === undefined ? undefined : { cause })
    this.reason = reason
    this.detail = detail
  }
}

/** The code of an error of Node or of SQLite, such as ENOSPC; else an empty text. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

const FULL_CODES: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT'])
const IO_CODES: ReadonlySet<string> = new Set(['EIO', 'EROFS', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE', 'EBUSY'])

/** Returns a failed call of the file system (`node:fs`) as StorageError; undefined for any other error. */
export function fromFileSystem(error: unknown): StorageError | undefined {
  if (!(error instanceof Error) || !('syscall' in error)) return undefined
  const code = codeOf(error)
  if (FULL_CODES.has(code)) return new StorageError('full', error)
  // Node reports a read-only file system this way if the folders of a recursive mkdir are missing.
  if (code === 'ENOENT' && error.syscall === 'mkdir') return new StorageError('io', error)
  return IO_CODES.has(code) ? new StorageError('io', error) : undefined
}

/**
 * Returns the error with the reason that the disk shows: some failures of a full disk, and all of a read-only one, are reported as failures
 * to open a file.
 * @param path the file that was used
 */
export function withDiskReason(error: StorageError, path: string): StorageError {
  if (error.reason !== 'io') return error
  if (isDiskFull(path)) return new StorageError('full', error)
  return isReadOnly(error, path) ? new StorageError('readonly', error) : error
}

/** With less free space than this a write-ahead log cannot grow by a page. */
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
