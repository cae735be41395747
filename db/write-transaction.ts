import { assert, must } from '../core/assert.ts'
import { nextHybridTime } from '../core/hybrid-clock.ts'
import type { ClientId, TxId, UserId } from '../core/id.ts'
import type { Sqlite } from '../platform/sqlite/database.ts'
import { transaction } from '../platform/sqlite/transaction.ts'
import { withTypedErrors } from './errors.ts'
import { SCHEMA_VERSION } from './migrations/migrations.ts'
import type { WritableDb } from './open.ts'
import { row, run } from './statements.ts'

/** The actor, origin and time of a write. */
export type WriteContext = {
  readonly clientId: ClientId
  readonly userId: UserId
  readonly ipAddress: string | null
  readonly userAgent: string | null
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly newTxId: TxId
  /** `server`: the changes came from the server and are not sent back. Default: a person on this device makes them. */
  readonly source?: 'device' | 'server'
}

const running = new WeakMap<Sqlite, WriteContext>()

/** The context of the write transaction that runs on `db`. @throws InvariantError outside of one. */
export function currentWrite(db: WritableDb): WriteContext {
  return must(running.get(db.sqlite), 'A command runs inside writeTransaction')
}

function begin(db: WritableDb, context: WriteContext): void {
  const last = row<{ hlc: string | null }>(db, 'SELECT last_hlc AS hlc FROM sync_device WHERE singleton = 1')
  const hlc = nextHybridTime(must(last, 'A workspace has its device').hlc, () => context.now)
  run(db, 'UPDATE sync_device SET last_hlc = ? WHERE singleton = 1', hlc)
  const isOwn = context.source === 'server' ? 0 : 1
  // OR REPLACE: a context committed by hand at an SQL prompt must not stop the application.
  run(
    db,
    `INSERT OR REPLACE INTO local_write_context (singleton, client_id, user_id, tx_id, hlc, now, ip_address, user_agent, sync, trail,
       schema_version)
     VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    context.clientId,
    context.userId,
    context.newTxId,
    hlc,
    context.now,
    context.ipAddress,
    context.userAgent,
    isOwn,
    // Rows and removals from the server write no lines: a row may hold edits of several people, and a removal names no one. The server has
    // the lines.
    isOwn,
    SCHEMA_VERSION,
  )
}

/**
 * Runs `write` in one transaction whose changes are all attributed to `context`. The rows, their audit rows and their outbox rows
 * commit together or not at all (S2): the same statements write all three, and nothing is visible before COMMIT.
 * @throws AppError CONFLICT or INVALID if the data breaks a rule, StorageError if the file or the disk fails. Nothing is saved then.
 */
export function writeTransaction<T>(db: WritableDb, context: WriteContext, write: () => T): T {
  const { sqlite } = db
  assert(!sqlite.inTransaction, 'Write transactions do not nest')
  return withTypedErrors(() => {
    try {
      return transaction(sqlite, 'IMMEDIATE', () => {
        begin(db, context)
        running.set(sqlite, context)
        const result = write()
        assert(!(result instanceof Promise), 'A write transaction is synchronous')
        run(db, 'DELETE FROM local_write_context')
        return result
      })
    } finally {
      running.delete(sqlite)
    }
  })
}
