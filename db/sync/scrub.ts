import { StorageError, withTypedErrors } from '../errors.ts'
import { checkpoint, type WritableDb } from '../open.ts'

/** SQLite builds the new file in memory first (`temp_store`), so the size is limited; bytes. */
const MOST_VACUUMED = 512 * 1024 * 1024

/**
 * Overwrites what rows that are gone left in the file and in the write-ahead log (S15). `secure_delete` overwrites a row where it lies, but
 * not the copies that stay in unused parts of a page when SQLite moves rows between pages; only a rewritten file is free of those. The
 * rewrite takes about a second for 100 MB. A file of more than 512 MB keeps such copies until SQLite uses those parts again: that is
 * the file of someone who sees all calls, and of whom at most the details of colleagues were hidden.
 *
 * Answers false where another connection reads or writes, or the disk has no room: nothing is lost, and the next try continues.
 */
export function scrubFile(db: WritableDb): boolean {
  // While someone reads, the log cannot be folded in, and a rewrite would be for nothing.
  if (!checkpoint(db)) return false
  const pragma = (name: string) => db.sqlite.pragma(name, { simple: true }) as number
  const used = (pragma('page_count') - pragma('freelist_count')) * pragma('page_size')
  if (used <= MOST_VACUUMED && !rewrite(db)) return false
  return checkpoint(db)
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
