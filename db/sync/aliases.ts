import type { LossReasonId, UserId } from '../../core/id.ts'
import { columnOf, isMergedTable, isSyncTable, type Scalar } from '../../core/sync/tables.ts'
import type { ReadableDb } from '../open.ts'
import { row, rows } from '../statements.ts'

/*
 * A loss reason or an imported person of this device may exist on the server under another id (S11). The server then answers with an
 * alias. The device deletes its own row, lets references point to the server's row, and keeps the alias, because waiting operations (which
 * never change) and open forms may still name the old id.
 */

/** Returns the surviving row of the alias `id`; `id` itself if it is not an alias. */
export function throughAlias<T extends string>(db: ReadableDb, id: T): T {
  const found = row<{ to: T }>(db, 'SELECT to_id AS "to" FROM sync_aliases WHERE row_id = ?', id)
  return found?.to ?? id
}

/** Returns a column's value. If the column points to a row and the value is an alias, returns the surviving row. */
export function referenceThroughAlias(db: ReadableDb, table: string, column: string, value: Scalar): Scalar {
  const isReference = isSyncTable(table) && columnOf(table, column)?.refersTo !== undefined
  return isReference && typeof value === 'string' ? throughAlias(db, value) : value
}

/** Returns the aliases of `ids`, each with its surviving row. */
export function aliasesOf(db: ReadableDb, table: string, ids: readonly string[]): ReadonlyMap<string, string> {
  if (!isMergedTable(table)) return new Map()
  const found = rows<{ id: string; to: string }>(
    db,
    `SELECT row_id AS id, to_id AS "to" FROM sync_aliases WHERE table_name = ? AND to_id IN (SELECT value FROM json_each(?))`,
    table,
    JSON.stringify(ids),
  )
  return new Map(found.map(({ id, to }) => [id, to]))
}

/** For commands: a form that was opened earlier may send an alias. */
export function referencesThroughAliases<
  T extends { readonly userId?: UserId | undefined; readonly lossReasonId?: LossReasonId | null | undefined },
>(db: ReadableDb, given: T): T {
  if (row(db, 'SELECT 1 FROM sync_aliases LIMIT 1') === undefined) return given
  return {
    ...given,
    ...(typeof given.userId === 'string' ? { userId: throughAlias(db, given.userId) } : {}),
    ...(typeof given.lossReasonId === 'string' ? { lossReasonId: throughAlias(db, given.lossReasonId) } : {}),
  }
}
