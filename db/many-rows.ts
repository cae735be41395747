import { fillPlaceholders, sql, type Query, type SQL } from 'drizzle-orm'
import { SQLiteSyncDialect } from 'drizzle-orm/sqlite-core'
import { placeholders, type Fields } from '../platform/sqlite/prepared.ts'
import { statementsOf } from '../platform/sqlite/statements.ts'
import { withTypedErrors } from './errors.ts'
import type { ReadableDb } from './open.ts'
import { selected, type Named, type RowOf } from './prepared.ts'
import type { SqlValue } from './statements.ts'

const dialect = new SQLiteSyncDialect()

/**
 * Defines a read of many rows. The driver creates the rows, because Drizzle's mapping doubles the time. Booleans therefore stay 0 or 1.
 * @param rest the query from its FROM on
 */
export function manyRows<F extends Fields, Params extends Readonly<Record<string, SqlValue>>>(
  fields: F,
  rest: (named: Named<Params>) => SQL,
): (db: ReadableDb, values: Params) => RowOf<F>[] {
  // Built at the first run, so that a process that never runs it starts faster.
  let built: Query | undefined
  const build = () => (built ??= dialect.sqlToQuery(sql`SELECT ${selected(fields)} ${rest(placeholders<Params>())}`))
  return (db, values) => {
    const { sql: text, params } = build()
    return withTypedErrors(() => statementsOf(db.sqlite).all<RowOf<F>>(text, ...(fillPlaceholders(params, values) as SqlValue[])))
  }
}
