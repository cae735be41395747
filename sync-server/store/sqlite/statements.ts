import type { Sqlite, SqliteStatement } from './open.ts'

/** Statements of one connection, each compiled once. */
export class Statements {
  readonly #db: Sqlite
  readonly #compiled = new Map<string, SqliteStatement>()

  constructor(db: Sqlite) {
    this.#db = db
  }

  get(sql: string): SqliteStatement {
    let statement = this.#compiled.get(sql)
    if (statement === undefined) {
      statement = this.#db.prepare(sql)
      this.#compiled.set(sql, statement)
    }
    return statement
  }

  one(sql: string, ...values: unknown[]): unknown {
    return this.get(sql).get(...values)
  }

  all<T>(sql: string, ...values: unknown[]): T[] {
    return this.get(sql).all(...values) as T[]
  }

  /** Row by row, so that the reader may stop early. */
  iterate<T>(sql: string, ...values: unknown[]): IterableIterator<T> {
    return this.get(sql).iterate(...values) as IterableIterator<T>
  }

  /** Rows as arrays, in the order of the columns. */
  raw<T extends unknown[]>(sql: string, ...values: unknown[]): T[] {
    return this.get(sql)
      .raw()
      .all(...values) as T[]
  }

  run(sql: string, ...values: unknown[]): number {
    return this.get(sql).run(...values).changes
  }
}
