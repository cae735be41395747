import type * as NodeSqlite from 'node:sqlite'
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { StorageError } from '../files/storage-error.ts'
import type { Sqlite } from './database.ts'

/**
 * Opens a file that no process writes to, as one that does not change (`immutable=1`). SQLite then needs neither locks nor the
 * shared-memory file, so a file on a read-only disk can be read. better-sqlite3 does not have this option; Node’s own SQLite does.
 * @returns undefined if the runtime has no SQLite of its own.
 */
export function openFrozen(path: string): Sqlite | undefined {
  const sqlite = process.getBuiltinModule('node:sqlite') as typeof NodeSqlite | undefined
  if (sqlite === undefined) return undefined
  const url = pathToFileURL(path)
  url.searchParams.set('immutable', '1')
  return new FrozenSqlite(typed(() => new sqlite.DatabaseSync(url, { readOnly: true }))) as unknown as Sqlite
}

/** The part of better-sqlite3’s interface that queries use, over Node’s own SQLite. */
class FrozenSqlite {
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  get inTransaction(): boolean {
    return this.#database.isTransaction
  }

  prepare(text: string): FrozenStatement {
    return new FrozenStatement(typed(() => this.#database.prepare(text)))
  }

  exec(text: string): this {
    typed(() => this.#database.exec(text))
    return this
  }

  pragma(text: string, options: { readonly simple?: boolean } = {}): unknown {
    const statement = this.prepare(`PRAGMA ${text}`)
    return options.simple === true ? statement.pluck().get() : statement.all()
  }

  function(name: string, ...rest: readonly unknown[]): this {
    const define = this.#database.function.bind(this.#database) as (...all: readonly unknown[]) => void
    define(name, ...rest)
    return this
  }

  close(): this {
    if (this.#database.isOpen) this.#database.close()
    return this
  }
}

type Row = Record<string, unknown>
type Shape = 'object' | 'first' | 'list'

class FrozenStatement {
  readonly #statement: StatementSync
  #shape: Shape = 'object'

  constructor(statement: StatementSync) {
    this.#statement = statement
  }

  all(...values: readonly SQLInputValue[]): unknown[] {
    return typed(() => this.#statement.all(...values)).map((row) => this.#shaped(row))
  }

  get(...values: readonly SQLInputValue[]): unknown {
    const row = typed(() => this.#statement.get(...values))
    return row === undefined ? undefined : this.#shaped(row)
  }

  *iterate(...values: readonly SQLInputValue[]): Generator {
    for (const row of this.#statement.iterate(...values)) yield this.#shaped(row)
  }

  run(): never {
    throw new StorageError('readonly')
  }

  /** Only the first column. */
  pluck(): this {
    this.#shape = 'first'
    this.#statement.setReturnArrays(true)
    return this
  }

  /** A list instead of an object. */
  raw(): this {
    this.#shape = 'list'
    this.#statement.setReturnArrays(true)
    return this
  }

  #shaped(row: unknown): unknown {
    // Node’s rows have no prototype, and those of better-sqlite3 have one.
    if (this.#shape === 'object') return { ...(row as Row) }
    return this.#shape === 'first' ? (row as readonly unknown[])[0] : row
  }
}

/** Node’s errors have a number where better-sqlite3’s have a code. */
const CODES: Readonly<Record<number, string>> = {
  5: 'SQLITE_BUSY',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  14: 'SQLITE_CANTOPEN',
  26: 'SQLITE_NOTADB',
}

function typed<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof Error && 'errcode' in error) {
      const code = CODES[Number(error.errcode) & 0xff] ?? 'SQLITE_ERROR'
      throw Object.assign(new Error(error.message, { cause: error }), { code })
    }
    throw error
  }
}
