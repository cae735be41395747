import { and, eq } from 'drizzle-orm'
import type { LossReasonId, UserId } from '../../core/id.ts'
import { columnOf, isMergedTable, isSyncTable, type MergedTable, type Scalar } from '../../core/sync/tables.ts'
import { isAmong } from '../../platform/sqlite/prepared.ts'
import type { ReadableDb } from '../open.ts'
import { query, type Named } from '../prepared.ts'
import { syncAliases } from '../sync-schema.ts'

/*
 * A loss reason or an imported person of this device may exist on the server under another id (S11). The server then answers with an
 * alias. The device deletes its own row, lets references point to the server's row, and keeps the alias, because waiting operations (which
 * never change) and open forms may still name the old id.
 */

const survivorOf = query((orm, { id }: Named<{ id: string }>) =>
  orm.select({ id: syncAliases.toId }).from(syncAliases).where(eq(syncAliases.rowId, id)),
)

const aliasesAmong = query((orm, { table, survivors }: Named<{ table: MergedTable; survivors: string }>) =>
  orm
    .select({ id: syncAliases.rowId, to: syncAliases.toId })
    .from(syncAliases)
    .where(and(eq(syncAliases.tableName, table), isAmong(syncAliases.toId, survivors))),
)

const anyAlias = query((orm) => orm.select({ id: syncAliases.rowId }).from(syncAliases).limit(1))

/** Returns the surviving row of the alias `id`; `id` itself if it is not an alias. */
export function throughAlias<T extends string>(db: ReadableDb, id: T): T {
  return (survivorOf.get(db, { id })?.id as T | undefined) ?? id
}

/** Returns a column's value. If the column points to a row and the value is an alias, returns the surviving row. */
export function referenceThroughAlias(db: ReadableDb, table: string, column: string, value: Scalar): Scalar {
  const isReference = isSyncTable(table) && columnOf(table, column)?.refersTo !== undefined
  return isReference && typeof value === 'string' ? throughAlias(db, value) : value
}

/** Returns the aliases of `ids`, each with its surviving row. */
export function aliasesOf(db: ReadableDb, table: string, ids: readonly string[]): ReadonlyMap<string, string> {
  if (!isMergedTable(table)) return new Map()
  const found = aliasesAmong.all(db, { table, survivors: JSON.stringify(ids) })
  return new Map(found.map(({ id, to }) => [id, to]))
}

/** For commands: a form that was opened earlier may send an alias. */
export function referencesThroughAliases<
  T extends { readonly userId?: UserId | undefined; readonly lossReasonId?: LossReasonId | null | undefined },
>(db: ReadableDb, given: T): T {
  if (anyAlias.get(db) === undefined) return given
  return {
    ...given,
    ...(typeof given.userId === 'string' ? { userId: throughAlias(db, given.userId) } : {}),
    ...(typeof given.lossReasonId === 'string' ? { lossReasonId: throughAlias(db, given.lossReasonId) } : {}),
  }
}
