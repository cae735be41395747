import type { ReadableDb, WritableDb } from './open.ts'
import { statementsOf } from '../platform/sqlite/statements.ts'
import { transaction } from '../platform/sqlite/transaction.ts'
import { withTypedErrors } from './errors.ts'

export type SqlValue = string | number | null

/** The values of a statement by the names of its parameters (`:name`), if it has parameters. */
type NamedValues = readonly [] | readonly [values: Readonly<Record<string, SqlValue>>]

/** Returns all rows of a query whose columns have the names of `Row`'s fields. */
export function rows<Row>(db: ReadableDb, text: string, ...values: NamedValues): Row[] {
  return withTypedErrors(() => statementsOf(db.sqlite).all<Row>(text, ...values))
}

/** Returns the first row of a query whose columns have the names of `Row`'s fields. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the columns are named by the caller's SQL, as for `rows`
export function row<Row>(db: ReadableDb, text: string, ...values: NamedValues): Row | undefined {
  return withTypedErrors(() => statementsOf(db.sqlite).one<Row>(text, ...values))
}

/** Runs a statement that writes. Returns the number of rows that it changed, without those of triggers. */
export function run(db: WritableDb, text: string, ...values: NamedValues): number {
  return withTypedErrors(() => statementsOf(db.sqlite).run(text, ...values))
}

/** Inserts a row whose columns come from an operation or an audit line. The names come from code, never from the data. */
export function insertColumns(db: WritableDb, table: string, values: Readonly<Record<string, SqlValue>>): void {
  const names = Object.keys(values)
  const columns = names.map((name) => `"${name}"`).join(', ')
  run(db, `INSERT INTO ${table} (${columns}) VALUES (${names.map((name) => `:${name}`).join(', ')})`, values)
}

/** Runs `work` in its own transaction without a write context. */
export function immediately<T>(db: WritableDb, work: () => T): T {
  return withTypedErrors(() => transaction(db.sqlite, 'IMMEDIATE', work))
}

/** Runs several reads that see the same state, also if other connections commit meanwhile. */
export function snapshot<T>(db: ReadableDb, read: () => T): T {
  if (db.sqlite.inTransaction) return read()
  return withTypedErrors(() => transaction(db.sqlite, 'DEFERRED', read))
}
