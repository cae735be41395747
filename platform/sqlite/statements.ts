import type { Sqlite, SqliteStatement } from './database.ts'

export type BoundValue = string | number | null | Uint8Array

/** The values of a statement: in the order of its `?`, or by the names of its `:name`. */
export type Bound = readonly BoundValue[] | readonly [Readonly<Record<string, BoundValue>>]

/** The statements of one connection, each compiled once. Their texts come from the code, so their number is bounded. */
export class Statements {
  readonly #sqlite: Sqlite
  readonly #compiled = new Map<string, SqliteStatement>()
  /** Compiled apart, because a statement returns either objects or arrays. */
  readonly #compiledRaw = new Map<string, SqliteStatement>()

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite
  }

  /** Returns the compiled statement, for a loop that runs it many times. */
  get(text: string): SqliteStatement {
    let statement = this.#compiled.get(text)
    if (statement === undefined) this.#compiled.set(text, (statement = this.#sqlite.prepare(text)))
    return statement
  }

  /** Returns the first row, with the columns as fields. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller's SQL names the columns
  one<Row>(text: string, ...values: Bound): Row | undefined {
    return this.get(text).get(...values) as Row | undefined
  }

  /** Returns all rows, with the columns as fields. */
  all<Row>(text: string, ...values: Bound): Row[] {
    return this.get(text).all(...values) as Row[]
  }

  /** Returns row after row, so that the caller may stop early. */
  iterate<Row>(text: string, ...values: Bound): IterableIterator<Row> {
    return this.get(text).iterate(...values) as IterableIterator<Row>
  }

  /** Returns all rows as arrays in the order of the columns. */
  raw<Row extends unknown[]>(text: string, ...values: Bound): Row[] {
    let statement = this.#compiledRaw.get(text)
    if (statement === undefined) this.#compiledRaw.set(text, (statement = this.#sqlite.prepare(text).raw()))
    return statement.all(...values) as Row[]
  }

  /** Runs a statement that writes. Returns the number of rows that it changed, without those of triggers. */
  run(text: string, ...values: Bound): number {
    return this.get(text).run(...values).changes
  }
}

const ofConnection = new WeakMap<Sqlite, Statements>()

/** Returns the statements of a connection, the same each time. */
export function statementsOf(sqlite: Sqlite): Statements {
  let statements = ofConnection.get(sqlite)
  if (statements === undefined) ofConnection.set(sqlite, (statements = new Statements(sqlite)))
  return statements
}
