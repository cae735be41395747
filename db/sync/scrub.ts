import { StorageError } from '../../platform/files/storage-error.ts'
import { checkpoint } from '../../platform/sqlite/database.ts'
import { withTypedErrors } from '../errors.ts'
import type { WritableDb } from '../open.ts'

/** SQLite builds the new file in memory first (`temp_store`), so the size is limited; bytes. */
const MOST_VACUUMED = 512 * 1024 * 1024

/**
 * Overwrites the remains of deleted rows in the file and in the write-ahead log (S15). `secure_delete` overwrites a deleted row, but not
 * the copies that stay in unused parts of pages when SQLite moves rows between pages. Only a rewrite of the file removes those; it takes
 * about a second for 100 MB. A file of more than 512 MB keeps such copies until SQLite uses those parts again. Such a file belongs to
 * someone who sees all calls, so at most details of colleagues remain.
 *
 * Returns false if another connection reads or writes, or if the disk has no room. Nothing is lost then, and the next attempt continues.
 */
export function scrubFile(db: WritableDb): boolean {
  // While another connection reads, the log cannot be checkpointed, so a rewrite would have no effect.
  if (!checkpoint(db.sqlite)) return false
  const pragma = (name: string) => db.sqlite.pragma(name, { simple: true }) as number
  const used = (pragma('page_count') - pragma('freelist_count')) * pragma('page_size')
  if (used <= MOST_VACUUMED && !rewrite(db)) return false
  return checkpoint(db.sqlite)
}

function rewrite(db: WritableDb): boolean {
  try {
    withTypedErrors(() => db.sqlite.exec('VACUUM'))
    return true
  } catch (error) {
    if (error instanceof StorageError && (error.reason === 'busy' || error.reason === 'full')) return false
    throw error
  }
}
