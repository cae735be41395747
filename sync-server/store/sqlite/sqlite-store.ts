import { sql } from 'drizzle-orm'
import { must } from '../../../core/assert.ts'
import { StoreRuleError, type ReadTransaction, type Store, type WriteTransaction } from '../store.ts'
import { checkpoint } from '../../../platform/sqlite/database.ts'
import { sqliteFailure } from '../../../platform/sqlite/errors.ts'
import { query, statement, updateOf, withOrm, type OrmConnection } from '../../../platform/sqlite/prepared.ts'
import { asyncTransaction, type TransactionMode } from '../../../platform/sqlite/transaction.ts'
import { openReadable, openWritable } from './open.ts'
import { server, writeProbe } from './schema.ts'
import { readTransaction, writeTransaction } from './transactions.ts'

/** Runs one piece of work at a time: a connection has one transaction at a time, and its work may await something. */
class SerialQueue {
  #last: Promise<unknown> = Promise.resolve()

  run<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(work)
    this.#last = next.catch(() => {})
    return next
  }
}

const RULES: Readonly<Record<string, StoreRuleError['rule']>> = {
  SQLITE_CONSTRAINT_FOREIGNKEY: 'foreign_key',
  SQLITE_CONSTRAINT_UNIQUE: 'unique',
  SQLITE_CONSTRAINT_PRIMARYKEY: 'unique',
  SQLITE_CONSTRAINT_CHECK: 'check',
  SQLITE_CONSTRAINT_NOTNULL: 'check',
}

function asRuleError(error: unknown): unknown {
  const rule = RULES[sqliteFailure(error)?.code ?? '']
  return rule === undefined ? error : new StoreRuleError(rule, error)
}

/** The size of the row that `check` writes: several pages, because a nearly full disk may have room for a single one. */
const PROBE_BYTES = 16_384

const identity = query((orm) => orm.select({ epoch: server.epoch, cursorKey: server.cursorKey }).from(server))

const writePadding = statement((orm) =>
  updateOf(orm, writeProbe, { written: sql`${writeProbe.written} + 1`, padding: sql`randomblob(${PROBE_BYTES})` }),
)

type StoreConnection<T> = { readonly db: OrmConnection; readonly tx: T; readonly queue: SerialQueue }

/**
 * A store in an SQLite file. A store that only reads never opens the file for writing. SQLite blocks the calling thread, so use the store
 * in a worker thread.
 */
export class SqliteStore implements Store {
  readonly #path: string
  readonly #reader: StoreConnection<ReadTransaction>
  readonly #writer: StoreConnection<WriteTransaction> | undefined
  readonly epoch: string
  readonly cursorKey: Uint8Array

  /**
   * @param newEpoch the epoch for a new file; null: open an existing file, for reading only.
   * @throws StoreNewerError
   */
  constructor(path: string, newEpoch: string | null) {
    this.#path = path
    if (newEpoch !== null) {
      const db = withOrm(openWritable(path, newEpoch))
      this.#writer = { db, tx: writeTransaction(db), queue: new SerialQueue() }
    }
    const db = withOrm(openReadable(path))
    this.#reader = { db, tx: readTransaction(db), queue: new SerialQueue() }
    const { epoch, cursorKey } = must(identity.get(db), 'The server has an epoch')
    this.epoch = epoch
    this.cursorKey = must(cursorKey, 'The server has a key for cursors')
  }

  read<T>(work: (tx: ReadTransaction) => Promise<T>): Promise<T> {
    return this.#transaction(this.#reader, 'DEFERRED', work)
  }

  write<T>(work: (tx: WriteTransaction) => Promise<T>): Promise<T> {
    return this.#transaction(must(this.#writer, `${this.#path} was opened for reading`), 'IMMEDIATE', work)
  }

  #transaction<Tx, T>(connection: StoreConnection<Tx>, mode: TransactionMode, work: (tx: Tx) => Promise<T>): Promise<T> {
    const { db, tx, queue } = connection
    return queue.run(async () => {
      try {
        return await asyncTransaction(db.sqlite, mode, () => work(tx))
      } catch (error) {
        throw asRuleError(error)
      }
    })
  }

  async check(): Promise<void> {
    await this.read(async () => identity.get(this.#reader.db))
    const writer = this.#writer
    if (writer !== undefined) await this.write(async () => writePadding(writer.db))
  }

  /** Closes the file after the transactions that are under way. */
  async close(): Promise<void> {
    await this.#reader.queue.run(async () => this.#reader.db.sqlite.close())
    const writer = this.#writer
    await writer?.queue.run(async () => {
      checkpoint(writer.db.sqlite)
      writer.db.sqlite.close()
    })
  }
}
