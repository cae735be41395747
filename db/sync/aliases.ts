import type { Id } from '../../core/id.ts'
import { columnOf, isMergedTable, isSyncTable, type Scalar } from '../../core/sync/tables.ts'
import type { ReadableDb } from '../open.ts'
import { row, rows } from '../statements.ts'

/*
 * A loss reason or an imported person of this device may turn out to be a row that the server has already (S11). The server then answers
 * with an alias. The row of this device goes, what pointed to it points to the other one, and the alias is kept: operations that wait
 * still name the old id (they do not change once they are made), and so may an open form.
 */

/** The row that `id` stands for: itself, as a rule. */
export function throughAlias<T extends string>(db: ReadableDb, id: T): T {
  const found = row<{ to: T }>(db, 'SELECT to_id AS "to" FROM sync_aliases WHERE row_id = ?', id)
  return found?.to ?? id
}

/** A value of a column, or where the column points to a row, the one that the value stands for. */
export function referenceThroughAlias(db: ReadableDb, table: string, column: string, value: Scalar): Scalar {
  const isReference = isSyncTable(table) && columnOf(table, column)?.refersTo !== undefined
  return isReference && typeof value === 'string' ? throughAlias(db, value) : value
}

/** Ids that stand for one of `ids`, with the one that each stands for. */
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

/** For commands: what a form sent before the duplicate went. */
export function referencesThroughAliases<
  T extends { readonly userId?: Id | undefined; readonly lossReasonId?: Id | null | undefined },
>(db: ReadableDb, given: T): T {
  if (row(db, 'SELECT 1 FROM sync_aliases LIMIT 1') === undefined) return given
  return {
    ...given,
    ...(typeof given.userId === 'string' ? { userId: throughAlias(db, given.userId) } : {}),
    ...(typeof given.lossReasonId === 'string' ? { lossReasonId: throughAlias(db, given.lossReasonId) } : {}),
  }
}
