import type { CallId, ClientId } from '../core/id.ts'
import { updateOf } from '../platform/sqlite/prepared.ts'
import type { ReadableDb, WritableDb } from './open.ts'
import { query, statement, type Named } from './prepared.ts'
import { localWriteContext } from './local-schema.ts'

/*
 * The row of `local_write_context`. Write transactions open and close it; the rest of `db/` changes it while it is open.
 */

type Context = Omit<typeof localWriteContext.$inferSelect, 'singleton' | 'idPrefix' | 'defersText' | 'restores'>

const insertContext = statement((orm, context: Named<Context>) =>
  orm.insert(localWriteContext).values({
    singleton: 1,
    clientId: context.clientId,
    userId: context.userId,
    txId: context.txId,
    hlc: context.hlc,
    now: context.now,
    ipAddress: context.ipAddress,
    userAgent: context.userAgent,
    sync: context.sync,
    trail: context.trail,
    schemaVersion: context.schemaVersion,
  }),
)

const removeContext = statement((orm) => orm.delete(localWriteContext))

const clientOfContext = query((orm) => orm.select({ clientId: localWriteContext.clientId }).from(localWriteContext))

const setClient = statement((orm, { clientId }: Named<{ clientId: string }>) => updateOf(orm, localWriteContext, { clientId }))

const setDefersText = statement((orm, { defersText }: Named<{ defersText: 0 | 1 }>) =>
  updateOf(orm, localWriteContext, { defersText }),
)

const setRestores = statement((orm, { id }: Named<{ id: CallId | null }>) => updateOf(orm, localWriteContext, { restores: id }))

/**
 * Opens the context. Replaces a context that was left open, for example by a COMMIT at an SQL prompt. Otherwise the application could not write.
 */
export function openContext(db: WritableDb, context: Context): void {
  removeContext(db)
  insertContext(db, context)
}

/** Closes the context. Returns whether there was one. */
export function closeContext(db: WritableDb): boolean {
  return removeContext(db) > 0
}

/** Returns the client of the open context; undefined if none is open. */
export function contextClient(db: ReadableDb): ClientId | '' | undefined {
  return clientOfContext.get(db)?.clientId
}

/** The triggers refuse rows of another client. */
export function setContextClient(db: WritableDb, clientId: ClientId | ''): void {
  setClient(db, { clientId })
}

/** Runs `write` without the triggers of the text indexes. The caller updates the indexes. */
export function deferringText(db: WritableDb, write: () => void): void {
  setDefersText(db, { defersText: 1 })
  write()
  setDefersText(db, { defersText: 0 })
}

/** Runs `write`, which inserts the deleted call `id` again. The operation of this insertion is a RESTORE. */
export function restoring(db: WritableDb, id: CallId, write: () => void): void {
  setRestores(db, { id })
  try {
    write()
  } finally {
    setRestores(db, { id: null })
  }
}
