import { assert } from '../../core/assert.ts'
import type { Sqlite } from './database.ts'

/** What depends on the size of the file and the memory of the machine. */
export type WriterSizes = {
  /** Memory for pages, KiB. */
  readonly cacheKib: number
  /** Pages in the write-ahead log at which a commit checkpoints it. */
  readonly checkpointPages: number
  /** A checkpoint truncates a longer write-ahead log to this, bytes. */
  readonly logBytes: number
}

export type ReaderSizes = {
  readonly cacheKib: number
  /** The part of the file that is read from the page cache of the system without a copy, bytes. */
  readonly mmapBytes: number
}

/**
 * - `foreign_keys`: off by default in SQLite, per connection.
 * - `recursive_triggers`: INSERT OR REPLACE fires delete triggers.
 * - `trusted_schema = OFF`: a planted view or trigger cannot call functions with side effects.
 * - `cell_size_check`: damage is reported when a page is read.
 * - `temp_store = MEMORY`: sorts write no personal data into the temporary folder of the system.
 */
function tuneConnection(sqlite: Sqlite, cacheKib: number): void {
  sqlite.pragma('foreign_keys = ON')
  sqlite.pragma('recursive_triggers = ON')
  sqlite.pragma('trusted_schema = OFF')
  sqlite.pragma('cell_size_check = ON')
  sqlite.pragma('temp_store = MEMORY')
  // A negative number is in KiB, a positive one in pages.
  sqlite.pragma(`cache_size = -${cacheKib}`)
}

/**
 * Prepares a connection that writes.
 *
 * - `journal_mode = WAL` (stored in the file): readers and the writer do not wait for each other.
 * - `synchronous = FULL`: every commit is flushed, so a commit that was acknowledged survives a power failure. NORMAL flushes only at
 *   checkpoints and loses the last commits. `fullfsync` makes macOS flush the cache of the drive too; it has no effect elsewhere.
 * - `secure_delete`: deleted content is overwritten in the file (S15).
 * - `journal_size_limit`: the log shrinks again after a long read made it grow.
 */
export function tuneWriter(sqlite: Sqlite, sizes: WriterSizes): void {
  tuneConnection(sqlite, sizes.cacheKib)
  assert(sqlite.pragma('journal_mode = WAL', { simple: true }) === 'wal', 'The file system does not support WAL')
  sqlite.pragma('synchronous = FULL')
  sqlite.pragma('fullfsync = ON')
  sqlite.pragma('checkpoint_fullfsync = ON')
  sqlite.pragma('secure_delete = ON')
  sqlite.pragma(`wal_autocheckpoint = ${sizes.checkpointPages}`)
  sqlite.pragma(`journal_size_limit = ${sizes.logBytes}`)
}

/** Prepares a connection that reads. `query_only` refuses every write. */
export function tuneReader(sqlite: Sqlite, sizes: ReaderSizes): void {
  tuneConnection(sqlite, sizes.cacheKib)
  sqlite.pragma(`mmap_size = ${sizes.mmapBytes}`)
  sqlite.pragma('query_only = ON')
}
