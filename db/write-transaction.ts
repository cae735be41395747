import { assert, must } from '../core/assert.ts'
import { nextHybridTime } from '../core/hybrid-clock.ts'
import type { ClientId, TxId, UserId } from '../core/id.ts'
import type { Sqlite } from '../platform/sqlite/database.ts'
import { updateOf } from '../platform/sqlite/prepared.ts'
import { transaction } from '../platform/sqlite/transaction.ts'
import { withTypedErrors } from './errors.ts'
import { SCHEMA_VERSION } from './migrations/migrations.ts'
import type { WritableDb } from './open.ts'
import { query, statement, type Named } from './prepared.ts'
import { isThisDevice, syncDevice } from './sync-schema.ts'
import { closeContext, openContext } from './write-context.ts'

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

const lastHlc = query((orm) => orm.select({ hlc: syncDevice.lastHlc }).from(syncDevice).where(isThisDevice))

const setLastHlc = statement((orm, { hlc }: Named<{ hlc: string }>) =>
  updateOf(orm, syncDevice, { lastHlc: hlc }).where(isThisDevice),
)

const running = new WeakMap<Sqlite, WriteContext>()

/** The context of the write transaction that runs on `db`. @throws InvariantError outside of one. */
export function currentWrite(db: WritableDb): WriteContext {
  return must(running.get(db.sqlite), 'A command runs inside writeTransaction')
}

function begin(db: WritableDb, context: WriteContext): void {
  const { clientId, userId, newTxId: txId, now, ipAddress, userAgent, source } = context
  const last = must(lastHlc.get(db), 'A workspace has its device')
  const hlc = nextHybridTime(last.hlc, () => now)
  setLastHlc(db, { hlc })
  const isOwn = source === 'server' ? 0 : 1
  openContext(db, {
    ...{ clientId, userId, txId, hlc, now, ipAddress, userAgent, sync: isOwn, schemaVersion: SCHEMA_VERSION },
    // Rows and removals from the server write no lines: a row may hold edits of several people, and a removal names no one. The server has
    // the lines.
    trail: isOwn,
  })
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
        closeContext(db)
        return result
      })
    } finally {
      running.delete(sqlite)
    }
  })
}
