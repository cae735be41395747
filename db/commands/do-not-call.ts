import { and, eq, isNull } from 'drizzle-orm'
import type { ClientId, DoNotCallId, UserId } from '../../core/id.ts'
import { updateOf } from '../../platform/sqlite/prepared.ts'
import type { WritableDb } from '../open.ts'
import { statement, type Named } from '../prepared.ts'
import { doNotCall } from '../schema.ts'
import { currentWrite } from '../write-transaction.ts'
import { insertRow } from './changes.ts'

export type NewEntry = {
  readonly id: DoNotCallId
  readonly clientId: ClientId
  readonly contactHash: string
  readonly reason: string | null
  readonly createdAt: number
}

/** Adds a contact to the list, in the name of the actor. */
export function insertEntry(db: WritableDb, entry: NewEntry): void {
  const userId = currentWrite(db).userId
  insertRow(db, doNotCall, { ...entry, userId, liftedAt: null, liftedBy: null })
}

type Lift = Named<{ clientId: ClientId; contactHash: string; at: number; by: UserId }>

const liftContact = statement((orm, { clientId, contactHash, at, by }: Lift) =>
  updateOf(orm, doNotCall, { liftedAt: at, liftedBy: by }).where(
    and(eq(doNotCall.clientId, clientId), eq(doNotCall.contactHash, contactHash), isNull(doNotCall.liftedAt)),
  ),
)

/** Lifts all entries of a contact that are in force, in the name of the actor. The rows stay. Returns their number. */
export function liftEntries(db: WritableDb, contactHash: string): number {
  const { clientId, userId, now } = currentWrite(db)
  return liftContact(db, { clientId, contactHash, at: now, by: userId })
}
