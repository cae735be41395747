import { and, desc, eq, isNull, lt, or, sql } from 'drizzle-orm'
import type { ClientId, DoNotCallId } from '../../core/id.ts'
import type { DoNotCallEntry } from '../../core/model/do-not-call-entry.ts'
import { isAmong } from '../../platform/sqlite/prepared.ts'
import type { ReadableDb } from '../open.ts'
import { query, type Named } from '../prepared.ts'
import { doNotCall } from '../schema.ts'

const { id, reason, userId, createdAt, liftedAt, liftedBy, contactHash } = doNotCall
const entryColumns = { id, reason, userId, createdAt, liftedAt, liftedBy }

const inForce = query((orm, { clientId, hashes }: Named<{ clientId: ClientId; hashes: string }>) =>
  orm
    .select({ ...entryColumns, contactHash })
    .from(doNotCall)
    .where(and(isAmong(contactHash, hashes), eq(doNotCall.clientId, clientId), isNull(liftedAt)))
    .orderBy(createdAt, id),
)

const entryById = query((orm, { clientId, entry }: Named<{ clientId: ClientId; entry: DoNotCallId }>) =>
  orm
    .select({ ...entryColumns, contactHash })
    .from(doNotCall)
    .where(and(eq(doNotCall.clientId, clientId), eq(id, entry))),
)

const anyInForce = query((orm) => orm.select({ id }).from(doNotCall).where(isNull(liftedAt)).limit(1))

type Page = Named<{ clientId: ClientId; before: number; beforeId: string; limit: number }>

const newestFirst = query((orm, { clientId, before, beforeId, limit }: Page) =>
  orm
    .select(entryColumns)
    .from(doNotCall)
    .where(and(eq(doNotCall.clientId, clientId), or(lt(createdAt, before), and(eq(createdAt, before), lt(id, sql`${beforeId}`)))))
    .orderBy(desc(createdAt), desc(id))
    .limit(limit),
)

export type StoredEntry = DoNotCallEntry & { readonly contactHash: string }

/** Returns the entries in force of any of the contacts, the oldest first. */
export function entriesInForce(db: ReadableDb, clientId: ClientId, hashes: readonly string[]): StoredEntry[] {
  return hashes.length === 0 ? [] : inForce.all(db, { clientId, hashes: JSON.stringify(hashes) })
}

/** Whether the list has an entry in force. */
export function hasEntriesInForce(db: ReadableDb): boolean {
  return anyInForce.get(db) !== undefined
}

export function getEntry(db: ReadableDb, clientId: ClientId, entry: DoNotCallId): StoredEntry | undefined {
  return entryById.get(db, { clientId, entry })
}

/** Returns at most `limit` entries, the newest first, also lifted ones. @param after the last entry of the page before; null: the first page. */
export function listEntries(
  db: ReadableDb,
  clientId: ClientId,
  after: Pick<DoNotCallEntry, 'id' | 'createdAt'> | null,
  limit: number,
): DoNotCallEntry[] {
  const [before, beforeId] = after === null ? [Number.MAX_SAFE_INTEGER, ''] : [after.createdAt, after.id]
  return newestFirst.all(db, { clientId, before, beforeId, limit })
}
