import { deriveAllInside } from '../derive-calls.ts'
import { rebuildNoShowsSql } from '../no-shows.ts'
import { openSchemaVersion, type WritableDb } from '../open.ts'
import { countReportsInside } from '../report-zone.ts'
import { BULK_LOAD_MARKER, expectedObjects, schemaDifferences } from '../schema-objects.ts'

/**
 * Drops the indexes of `calls`, except the id's, and its triggers. It is for a file under construction that no one reads or edits: sorting
 * an index once takes a fraction of the time of keeping it sorted. `finishBulkLoad` recreates them.
 */
export function beginBulkLoad(db: WritableDb): void {
  const { sqlite } = db
  sqlite.exec(`CREATE TABLE IF NOT EXISTS ${BULK_LOAD_MARKER} (singleton INTEGER PRIMARY KEY) STRICT`)
  for (const { type, name, table } of expectedObjects(openSchemaVersion(db)))
    if (table === 'calls' && type !== 'table' && name !== 'calls_id') sqlite.exec(`DROP ${type} IF EXISTS ${name}`)
}

/** Recreates the indexes and triggers, and everything that is derived from the calls. Runs in the caller's transaction. */
export function finishBulkLoad(db: WritableDb): void {
  const { sqlite } = db
  deriveAllInside(db)
  for (const { sql } of schemaDifferences(db).missing) if (sql !== null) sqlite.exec(sql)
  // After the indexes: it reads the calls in the order of their time.
  countReportsInside(db)
  for (const sql of rebuildNoShowsSql) sqlite.exec(sql)
  sqlite.exec(`DROP TABLE IF EXISTS ${BULK_LOAD_MARKER}`)
}
