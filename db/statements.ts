import type { ReadableDb, Sqlite, WritableDb } from './open.ts'
import { withTypedErrors } from './errors.ts'

type Statement = ReturnType<typeof prepare>
export type SqlValue = string | number | null

function prepare(sqlite: Sqlite, text: string) {
  return sqlite.prepare<SqlValue[]>(text)
}

/** Statements compiled once per connection. The texts come from this room's code only, so their number is bounded. */
const compiled = new WeakMap<Sqlite, Map<string, Statement>>()

function statement(sqlite: Sqlite, text: string): Statement {
  let statements = compiled.get(sqlite)
  if (statements === undefined) compiled.set(sqlite, (statements = new Map()))
  let found = statements.get(text)
  if (found === undefined) statements.set(text, (found = prepare(sqlite, text)))
  return found
}

/** All rows of a query whose columns are named as `Row`'s fields. */
export function rows<Row>(db: ReadableDb, text: string, ...values: readonly SqlValue[]): Row[] {
  return withTypedErrors(() => statement(db.sqlite, text).all(...values) as Row[])
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the columns are named by the caller's SQL, as for `rows`
export function row<Row>(db: ReadableDb, text: string, ...values: readonly SqlValue[]): Row | undefined {
  return withTypedErrors(() => statement(db.sqlite, text).get(...values) as Row | undefined)
}

/** Runs a statement that writes. Returns the number of rows it changed, those of triggers not counted. */
export function run(db: WritableDb, text: string, ...values: readonly SqlValue[]): number {
  return withTypedErrors(() => statement(db.sqlite, text).run(...values).changes)
}

/** Runs `work` in a transaction of its own without a write context. */
export function immediately<T>(db: WritableDb, work: () => T): T {
  const { sqlite } = db
  return withTypedErrors(() => {
    sqlite.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      sqlite.exec('COMMIT')
      return result
    } catch (error) {
      if (sqlite.inTransaction) sqlite.exec('ROLLBACK')
      throw error
    }
  })
}

/** Runs several reads that see one and the same state, whatever other connections commit meanwhile. */
export function snapshot<T>(db: ReadableDb, read: () => T): T {
  if (db.sqlite.inTransaction) return read()
  return withTypedErrors(() => {
    db.sqlite.exec('BEGIN')
    try {
      return read()
    } finally {
      if (db.sqlite.inTransaction) db.sqlite.exec('COMMIT')
    }
  })
}
