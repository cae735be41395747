import { fillPlaceholders, sql, type GetColumnData, type InferSelectModel, type Query as BuiltQuery, type SQL } from 'drizzle-orm'
import { SQLiteSyncDialect, type AnySQLiteColumn, type SQLiteTable } from 'drizzle-orm/sqlite-core'
import {
  placeholders,
  placeholdersOf,
  query as preparedQuery,
  replacing,
  statement as preparedStatement,
  type BuiltReader,
  type BuiltWriter,
  type Definition,
  type Fields,
  type Given,
  type Named,
  type PreparedQuery,
} from '../platform/sqlite/prepared.ts'
import { statementsOf } from '../platform/sqlite/statements.ts'
import { withTypedErrors } from './errors.ts'
import type { ReadableDb, WritableDb } from './open.ts'
import type { SqlValue } from './statements.ts'

export type { Named } from '../platform/sqlite/prepared.ts'

/** The values of a statement by the names of its placeholders. Drizzle encodes a boolean in VALUES and in SET, but not in a condition. */
type Values = Readonly<Record<string, SqlValue | boolean>>

/** Defines a read. A connection compiles it when it runs it for the first time. */
export function query<Row, Params extends Values = Values>(
  define: Definition<Params, BuiltReader<Row>>,
): PreparedQuery<Params, Row, ReadableDb> {
  const prepared = preparedQuery(define)
  return {
    get: (db, ...values) => withTypedErrors(() => prepared.get(db, ...values)),
    all: (db, ...values) => withTypedErrors(() => prepared.all(db, ...values)),
  }
}

/**
 * Defines a write, as `query` defines a read. The write returns the number of rows that it changed, without those of triggers.
 */
export function statement<Params extends Values = Values>(
  define: Definition<Params, BuiltWriter>,
): (db: WritableDb, ...values: Given<Params>) => number {
  const prepared = preparedStatement(define)
  return (db, ...values) => withTypedErrors(() => prepared(db, ...values))
}

/** Defines a write that inserts a row or replaces the one with the same key. */
export function upsert<Table extends SQLiteTable>(
  table: Table,
  key: AnySQLiteColumn[],
): (db: WritableDb, row: InferSelectModel<Table>) => number {
  // The names of the placeholders are the row's properties.
  return statement((orm) => orm.insert(table).values(placeholdersOf(table)).onConflictDoUpdate(replacing(table, key)))
}

/** Defines the insert of a whole row. If the table has a row with this key, nothing is written. */
export function insertNew<Table extends SQLiteTable>(
  table: Table,
  key: AnySQLiteColumn,
): (db: WritableDb, row: InferSelectModel<Table>) => number {
  return statement((orm) => orm.insert(table).values(placeholdersOf(table)).onConflictDoNothing({ target: key }))
}

/**
 * Runs a write whose columns depend on the caller's values, or whose condition compares a boolean. Its text is the key of the compiled
 * statement. Returns the number of rows that it changed, without those of triggers.
 */
export function changeRows(db: WritableDb, write: { toSQL(): BuiltQuery }): number {
  const { sql: text, params } = write.toSQL()
  return withTypedErrors(() => statementsOf(db.sqlite).run(text, ...(params as SqlValue[])))
}

/** A boolean is 0 or 1, as the driver returns it. */
type ReadColumn<C extends AnySQLiteColumn> = C['_']['dataType'] extends 'boolean' ? 0 | 1 : GetColumnData<C>
export type RowOf<F extends Fields> = {
  [Name in keyof F]: F[Name] extends AnySQLiteColumn ? ReadColumn<F[Name]> : F[Name] extends SQL<infer Value> ? Value : never
}

/** The list of a SELECT that gives each field its name. */
export function selected(fields: Fields): SQL {
  return sql.join(
    Object.entries(fields).map(([name, field]) => sql`${field} AS ${sql.identifier(name)}`),
    sql`, `,
  )
}

const dialect = new SQLiteSyncDialect()

/** @param rest the query from its FROM on */
function selecting(fields: Fields, rest: SQL): BuiltQuery {
  return dialect.sqlToQuery(sql`SELECT ${selected(fields)} ${rest}`)
}

/**
 * Defines a read of many rows. The driver creates the rows, because Drizzle's mapping doubles the time. Booleans therefore stay 0 or 1.
 * @param rest the query from its FROM on
 */
export function manyRows<F extends Fields, Params extends Readonly<Record<string, SqlValue>>>(
  fields: F,
  rest: (named: Named<Params>) => SQL,
): (db: ReadableDb, values: Params) => RowOf<F>[] {
  const filled = defined(fields, rest)
  return (db, values) => {
    const { text, params } = filled(values)
    return withTypedErrors(() => statementsOf(db.sqlite).all<RowOf<F>>(text, ...params))
  }
}

/** Returns a function that returns the text of a read and the values of its placeholders. */
function defined<Params extends Readonly<Record<string, SqlValue>>>(fields: Fields, rest: (named: Named<Params>) => SQL) {
  // Built at the first run, so that a process that never runs it starts faster.
  let built: BuiltQuery | undefined
  return (values: Params) => {
    const { sql: text, params } = (built ??= selecting(fields, rest(placeholders<Params>())))
    return { text, params: fillPlaceholders(params, values) as SqlValue[] }
  }
}

/**
 * Reads the rows of a query whose text depends on the caller's values. The text is the key of the compiled statement: compiling such a query
 * each time would take longer than running it.
 * @param rest the query from its FROM on
 */
export function readRows<F extends Fields>(db: ReadableDb, fields: F, rest: SQL): RowOf<F>[] {
  const { sql: text, params } = selecting(fields, rest)
  return withTypedErrors(() => statementsOf(db.sqlite).all<RowOf<F>>(text, ...(params as SqlValue[])))
}

export function readRow<F extends Fields>(db: ReadableDb, fields: F, rest: SQL): RowOf<F> | undefined {
  const { sql: text, params } = selecting(fields, rest)
  return withTypedErrors(() => statementsOf(db.sqlite).one<RowOf<F>>(text, ...(params as SqlValue[])))
}

/**
 * Yields the rows of a query whose text depends on the caller's values, one at a time. They are never all in memory, and the caller may
 * stop early. Until the last row the connection reads the database as it was at the first one.
 * @param rest the query from its FROM on
 */
export function* eachRow<F extends Fields>(db: ReadableDb, fields: F, rest: SQL): Generator<RowOf<F>> {
  const { sql: text, params } = selecting(fields, rest)
  const found = withTypedErrors(() => statementsOf(db.sqlite).iterate<RowOf<F>>(text, ...(params as SqlValue[])))
  try {
    for (;;) {
      const next = withTypedErrors(() => found.next())
      if (next.done === true) return
      yield next.value
    }
  } finally {
    found.return?.()
  }
}
