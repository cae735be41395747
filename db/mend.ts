import { rebuildDerivedSql } from './derived.ts'
import { withTypedErrors } from './errors.ts'
import { openWritable, type WritableDb } from './open.ts'
import { run } from './statements.ts'
import {
  DERIVED_TABLES,
  isBulkLoading,
  isInnerTable,
  isTable,
  isUnmendable,
  objectLabel,
  schemaDifferences,
} from './schema-objects.ts'

/** What was repaired. Names of the schema only, never content. */
export type Mended = {
  /** Objects that were made again: "trigger calls_text_insert". */
  readonly made: readonly string[]
  /** Altered triggers and indexes, and those that the application never makes. */
  readonly removed: readonly string[]
  /** Whether the text index and the totals were made again from the calls. */
  readonly rebuilt: boolean
}

export type MendOptions = {
  /** Removes altered and added triggers and indexes too. */
  readonly replaces: boolean
  /** Rebuilds what is derived from the calls although no trigger was missing. */
  readonly rebuilds: boolean
}

/** A table is missing or altered whose content nothing can make again. Only a backup helps; nothing was changed. */
export class UnmendableError extends Error {
  override readonly name = 'UnmendableError'
}

/**
 * Makes what is missing of the schema and, where a trigger was missing, the text index and the totals from the calls. All of it in the
 * caller's transaction: no reader sees a half-made index.
 * @throws UnmendableError before anything is changed.
 */
function mendInside(db: WritableDb, { replaces, rebuilds }: MendOptions): Mended {
  const { sqlite } = db
  const { missing, altered, added } = schemaDifferences(db)
  const lost = [...missing, ...altered].find(isUnmendable)
  if (lost !== undefined) throw new UnmendableError(objectLabel(lost))
  const wrong = replaces ? [...altered, ...added].filter((each) => !isTable(each) || DERIVED_TABLES.has(each.name)) : []
  // The inner tables come and go with the index that they belong to.
  if (missing.some(isInnerTable)) sqlite.exec('DROP TABLE IF EXISTS calls_text')
  for (const { type, name } of wrong) sqlite.exec(`DROP ${type} IF EXISTS "${name.replaceAll('"', '""')}"`)
  const made = schemaDifferences(db).missing.filter(({ sql }) => sql !== null)
  for (const { sql } of made) sqlite.exec(sql ?? '')
  const rebuilt = rebuilds || made.some(({ type, name }) => type === 'trigger' || DERIVED_TABLES.has(name))
  if (rebuilt) {
    for (const sql of rebuildDerivedSql) sqlite.exec(sql)
    // The old index may have held words of calls that left this person's scope: they leave the disk with the next scrub (S15).
    sqlite.exec('UPDATE sync_device SET owes_scrub = 1 WHERE server_url IS NOT NULL')
  }
  return { made: made.map(objectLabel), removed: wrong.map(objectLabel), rebuilt }
}

function immediately<T>(db: WritableDb, work: () => T): T {
  const { sqlite } = db
  return withTypedErrors(() => {
    sqlite.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      sqlite.exec('COMMIT')
      return result
    } catch (error) {
      if (sqlite.inTransaction) sqlite.exec('ROLLBACK')
      throw error
    }
  })
}

/**
 * Repairs the schema and what is derived from the calls, in one transaction.
 * @throws UnmendableError; StorageError busy where another process writes. Nothing was changed then.
 */
export function mend(db: WritableDb, options: MendOptions): Mended {
  return immediately(db, () => mendInside(db, options))
}

/** Makes every index again from its table. @throws StorageError busy; AppError CONFLICT where rows have the same unique value. */
export function remakeIndexes(db: WritableDb): void {
  immediately(db, () => db.sqlite.exec('REINDEX'))
}

/**
 * Removes a write context that something other than the application committed. The application's own never outlives its transaction, so
 * one that is there while this one has the write lock belongs to no one. Answers whether there was one.
 */
export function removeLeftContext(db: WritableDb): boolean {
  return immediately(db, () => run(db, 'DELETE FROM local_write_context') > 0)
}

/**
 * Opens a workspace to write and repairs it where triggers or indexes are missing. A million calls take tens of seconds, so it runs in
 * the writer's thread. A file that cannot be repaired at this moment (busy, disk full) opens as it is: the next start tries again, and
 * `doctor` reports it.
 * @throws as `openWritable`.
 */
export function openMended(path: string): WritableDb {
  const db = openWritable(path)
  try {
    if (!isBulkLoading(db) && schemaDifferences(db).missing.length > 0) mend(db, { replaces: false, rebuilds: false })
  } catch {
    // The application works on such a file as it did before; only search and totals may be wrong.
  }
  return db
}
