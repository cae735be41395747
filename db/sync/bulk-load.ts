import { rebuildDerivedSql } from '../derived.ts'
import { completeSchema, type WritableDb } from '../open.ts'
import { rows } from '../statements.ts'

/**
 * Takes from `calls` what costs time with every row: its indexes but for the id's, and its triggers. For a file under construction that
 * nobody reads or edits; sorting an index once takes a fraction of keeping it sorted. `finishBulkLoad` puts everything back.
 */
export function beginBulkLoad(db: WritableDb): void {
  const objects = rows<{ type: string; name: string }>(
    db,
    `SELECT type, name FROM sqlite_schema WHERE tbl_name = 'calls' AND type IN ('index', 'trigger') AND sql IS NOT NULL AND name <> 'calls_id'`,
  )
  for (const { type, name } of objects) db.sqlite.exec(`DROP ${type} ${name}`)
}

/** Makes the indexes and triggers again, and the text index and the totals from the calls. In the caller's transaction. */
export function finishBulkLoad(db: WritableDb): void {
  for (const sql of rebuildDerivedSql) db.sqlite.exec(sql)
  completeSchema(db)
}
