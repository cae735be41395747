import { getTableColumns, is, Placeholder, sql, type GetColumnData, type Query as BuiltQuery, type SQL } from 'drizzle-orm'
import {
  SQLiteColumn,
  SQLiteSyncDialect,
  type AnySQLiteColumn,
  type SQLiteInsertValue,
  type SQLiteTable,
  type SQLiteUpdateSetSource,
} from 'drizzle-orm/sqlite-core'
import type { Sqlite } from '../platform/sqlite/database.ts'
import { statementsOf } from '../platform/sqlite/statements.ts'
import { withTypedErrors } from './errors.ts'
import type { Orm, ReadableDb, WritableDb } from './open.ts'
import type { SqlValue } from './statements.ts'

/** The values of a statement by the names of its placeholders. Drizzle encodes a boolean in VALUES of an INSERT and in `updateOf`. */
type Values = Readonly<Record<string, SqlValue | boolean>>

/** A placeholder for each value. */
export type Named<Params> = { readonly [Name in keyof Params & string]: Placeholder<Name, Params[Name]> }

/** Makes the placeholders of all definitions: a property is the placeholder of that name. */
const PLACEHOLDERS = new Proxy({}, { get: (_, name) => sql.placeholder(String(name)) })

/** No value if the statement has no placeholders. */
type Given<Params> = string extends keyof Params ? [] : [values: Params]

type Definition<Params, Compiled> = (orm: Orm, named: Named<Params>) => { prepare(): Compiled }

/** Compiles a definition once for each connection. */
class PerConnection<Params, Compiled> {
  readonly #define: Definition<Params, Compiled>
  readonly #compiled = new WeakMap<Sqlite, Compiled>()

  constructor(define: Definition<Params, Compiled>) {
    this.#define = define
  }

  of({ sqlite, orm }: ReadableDb): Compiled {
    let compiled = this.#compiled.get(sqlite)
    if (compiled === undefined)
      this.#compiled.set(sqlite, (compiled = this.#define(orm, PLACEHOLDERS as Named<Params>).prepare()))
    return compiled
  }
}

type Reader<Row> = { all(values?: Values): Row[]; get(values?: Values): Row | undefined }

/** A read with the type of its rows. */
export type PreparedQuery<Params, Row> = {
  /** Returns the first row. */
  get(db: ReadableDb, ...values: Given<Params>): Row | undefined
  all(db: ReadableDb, ...values: Given<Params>): Row[]
}

/** Defines a read. A connection compiles it when it runs it for the first time. */
export function query<Row, Params extends Values = Values>(define: Definition<Params, Reader<Row>>): PreparedQuery<Params, Row> {
  const compiled = new PerConnection(define)
  return {
    get: (db, ...[values]) => withTypedErrors(() => compiled.of(db).get(values)),
    all: (db, ...[values]) => withTypedErrors(() => compiled.of(db).all(values)),
  }
}

type Writer = { run(values?: Values): { readonly changes: number } }

/**
 * Defines a write, as `query` defines a read. The write returns the number of rows that it changed, without those of triggers.
 */
export function statement<Params extends Values = Values>(
  define: Definition<Params, Writer>,
): (db: WritableDb, ...values: Given<Params>) => number {
  const compiled = new PerConnection(define)
  return (db, ...[values]) => withTypedErrors(() => compiled.of(db).run(values).changes)
}

/** Values for columns, or placeholders for such values. */
type ValuesOf<Row> = { readonly [Key in keyof Row]?: Row[Key] | Placeholder<string, Row[Key]> | SQL }

/** Begins an UPDATE. Drizzle encodes the values of placeholders as those of their columns, but its type of SET has no placeholders. */
export function updateOf<Table extends SQLiteTable>(orm: Orm, table: Table, values: ValuesOf<Table['$inferSelect']>) {
  return orm.update(table).set(values)
}

/** A placeholder for each column, for the INSERT of a whole row. */
export function placeholdersOf<Table extends SQLiteTable>(table: Table): SQLiteInsertValue<Table> {
  const names = Object.keys(getTableColumns(table))
  return Object.fromEntries(names.map((name) => [name, sql.placeholder(name)])) as SQLiteInsertValue<Table>
}

/** The conflict clause of an INSERT. If the table has a row with this key, its other columns get the new values. */
export function replacing<Table extends SQLiteTable>(table: Table, key: AnySQLiteColumn[]) {
  const others = Object.entries(getTableColumns(table)).filter(([, column]) => !key.includes(column))
  const set = Object.fromEntries(others.map(([name, { name: column }]) => [name, sql`excluded.${sql.identifier(column)}`]))
  // oxlint-disable-next-line typescript/no-generated-empty-object-type -- Drizzle's own type of SET
  return { target: key, set: set as SQLiteUpdateSetSource<Table> }
}

/** Defines the write of a whole row that may be new. */
export function upsert<Table extends SQLiteTable>(
  table: Table,
  key: AnySQLiteColumn[],
): (db: WritableDb, row: Table['$inferSelect']) => number {
  const write = statement((orm) => orm.insert(table).values(placeholdersOf(table)).onConflictDoUpdate(replacing(table, key)))
  // The row is the values of the placeholders.
  return write
}

/** Whether the column's value is in a list. The list is one JSON parameter, so the statement does not depend on its length. */
export function isAmong(column: AnySQLiteColumn, list: Placeholder<string, string> | readonly string[]): SQL {
  return sql`${column} IN (SELECT value FROM json_each(${is(list, Placeholder) ? list : JSON.stringify(list)}))`
}

/**
 * Runs a write whose columns depend on the caller's values. Its text is the key of the compiled statement. Returns the number of rows that it
 * changed, without those of triggers.
 */
export function changeRows(db: WritableDb, write: { toSQL(): BuiltQuery }): number {
  const { sql: text, params } = write.toSQL()
  return withTypedErrors(() => statementsOf(db.sqlite).run(text, ...(params as SqlValue[])))
}

/** The columns and expressions of a SELECT, by the names in its rows. */
export type Fields = Readonly<Record<string, AnySQLiteColumn | SQL>>
type Expressions<F extends Fields> = {
  [Name in keyof F]: F[Name] extends AnySQLiteColumn ? SQL<GetColumnData<F[Name]>> : F[Name]
}

/**
 * Returns columns as expressions of the same type. In a query whose FROM is SQL text, Drizzle refuses columns, because it does not know the
 * tables.
 */
export function expressions<F extends Fields>(fields: F): Expressions<F> {
  const entries = Object.entries(fields).map(([name, field]) => [
    name,
    is(field, SQLiteColumn) ? sql`${field}`.mapWith(field) : field,
  ])
  return Object.fromEntries(entries) as Expressions<F>
}

/** Begins a query that reads the table by the index. Drizzle has no INDEXED BY. */
export function selectBy<F extends Fields>(orm: Orm, fields: F, table: SQLiteTable, index: string) {
  return orm.select(expressions(fields)).from(sql`${table} INDEXED BY ${sql.identifier(index)}`)
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

/**
 * Reads the rows of a query whose text depends on the caller's values. The text is the key of the compiled statement: compiling such a query
 * each time would take longer than running it.
 * @param rest the query from its FROM on
 */
export function readRows<F extends Fields>(db: ReadableDb, fields: F, rest: SQL): RowOf<F>[] {
  const { sql: text, params } = selecting(fields, rest)
  return withTypedErrors(() => statementsOf(db.sqlite).all<RowOf<F>>(text, ...(params as SqlValue[])))
}

/** Reads the first row of such a query. */
export function readRow<F extends Fields>(db: ReadableDb, fields: F, rest: SQL): RowOf<F> | undefined {
  const { sql: text, params } = selecting(fields, rest)
  return withTypedErrors(() => statementsOf(db.sqlite).one<RowOf<F>>(text, ...(params as SqlValue[])))
}

function selecting(fields: Fields, rest: SQL): BuiltQuery {
  return dialect.sqlToQuery(sql`SELECT ${selected(fields)} ${rest}`)
}
