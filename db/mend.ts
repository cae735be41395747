import { isNotNull } from 'drizzle-orm'
import { deriveAllInside, isDerivationMissing } from './derive-calls.ts'
import { TEXT_INDEXES } from './derived.ts'
import { rebuildNoShowsSql } from './no-shows.ts'
import { openWritable, type WritableDb } from './open.ts'
import { statement } from './prepared.ts'
import { syncDevice } from './sync-schema.ts'
import { immediately } from './statements.ts'
import { closeContext } from './write-context.ts'
import { countReportsInside } from './report-zone.ts'
import { forgetTeam } from './team-cells.ts'
import {
  DERIVED_TABLES,
  isBulkLoading,
  isInnerTable,
  isTable,
  isUnmendable,
  objectLabel,
  schemaDifferences,
} from './schema-objects.ts'

/** The repairs that were made. It contains names of the schema, never content. */
export type Mended = {
  /** Recreated objects, for example "trigger calls_text_insert". */
  readonly made: readonly string[]
  /** Removed objects: altered triggers and indexes, and those that the application never makes. */
  readonly removed: readonly string[]
  /** Whether the derived columns, the text indexes and the totals were rebuilt from the calls. */
  readonly rebuilt: boolean
}

export type MendOptions = {
  /** Removes altered and added triggers and indexes too. */
  readonly replaces: boolean
  /** Rebuilds the derived columns, the text indexes and the totals even if no trigger is missing. */
  readonly rebuilds: boolean
}

/** A table with its own data is missing or altered, so only a backup helps. Nothing was changed. */
export class UnmendableError extends Error {
  override readonly name = 'UnmendableError'
}

const requireScrub = statement((orm) =>
  orm.update(syncDevice).set({ isScrubPending: true }).where(isNotNull(syncDevice.serverUrl)),
)

/**
 * Recreates missing parts of the schema. If a trigger was missing, rebuilds all that is derived from the calls. It runs in the
 * caller's transaction, so that no reader sees a half-built index.
 * @throws UnmendableError before anything is changed.
 */
function mendInside(db: WritableDb, { replaces, rebuilds }: MendOptions): Mended {
  const { sqlite } = db
  const { missing, altered, added } = schemaDifferences(db)
  const lost = [...missing, ...altered].find(isUnmendable)
  if (lost !== undefined) throw new UnmendableError(objectLabel(lost))
  const wrong = replaces ? [...altered, ...added].filter((each) => !isTable(each) || DERIVED_TABLES.has(each.name)) : []
  // FTS5's inner tables are created and removed with their index.
  for (const { name } of TEXT_INDEXES)
    if (missing.some((each) => isInnerTable(each) && each.name.startsWith(`${name}_`)))
      sqlite.exec(`DROP TABLE IF EXISTS ${name}`)
  for (const { type, name } of wrong) sqlite.exec(`DROP ${type} IF EXISTS "${name.replaceAll('"', '""')}"`)
  const made = schemaDifferences(db).missing.filter(({ sql }) => sql !== null)
  for (const { sql } of made) sqlite.exec(sql ?? '')
  const rebuilt = rebuilds || made.some(({ type, name }) => type === 'trigger' || DERIVED_TABLES.has(name))
  if (rebuilt) {
    deriveAllInside(db)
    countReportsInside(db)
    for (const sql of rebuildNoShowsSql) sqlite.exec(sql)
    // The server sends them again.
    forgetTeam(db)
    // The old index may hold words of calls that left this person's scope. The next scrub overwrites them on the disk (S15).
    requireScrub(db)
  }
  return { made: made.map(objectLabel), removed: wrong.map(objectLabel), rebuilt }
}

/**
 * Repairs the schema and all that is derived from the calls, in one transaction.
 * @throws UnmendableError; StorageError busy if another process is writing. In both cases nothing was changed.
 */
export function mend(db: WritableDb, options: MendOptions): Mended {
  return immediately(db, () => mendInside(db, options))
}

/** Rebuilds every index from its table. @throws StorageError busy; AppError CONFLICT if rows have the same unique value. */
export function remakeIndexes(db: WritableDb): void {
  immediately(db, () => db.sqlite.exec('REINDEX'))
}

/**
 * Removes a write context that another program committed. The application's own context never outlives its transaction, so a context that
 * exists while this process holds the write lock is not in use. Returns whether there was one.
 */
export function removeLeftContext(db: WritableDb): boolean {
  return immediately(db, () => closeContext(db))
}

/**
 * Opens a workspace to write and repairs it if triggers, indexes or derived columns are missing, which they are after some migrations. A
 * million calls take tens of seconds, so it runs in the writer's thread. A file that cannot be repaired at this moment (busy, disk full) is
 * opened without a repair: the next start tries again, and `doctor` reports it.
 * @throws as `openWritable`.
 */
export function openMended(path: string): WritableDb {
  const db = openWritable(path)
  try {
    if (!isBulkLoading(db)) {
      if (schemaDifferences(db).missing.length > 0) mend(db, { replaces: false, rebuilds: false })
      // It uses an index that may have been missing.
      if (isDerivationMissing(db)) mend(db, { replaces: false, rebuilds: true })
    }
  } catch {
    // The application works with such a file; only search and totals may be wrong.
  }
  return db
}
