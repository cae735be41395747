import { and, eq, ne } from 'drizzle-orm'
import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import type { ClientId, Id } from '../../core/id.ts'
import { uniqueKey } from '../../core/text/unique-key.ts'
import type { ReadableDb, WritableDb } from '../open.ts'
import { query, type Named } from '../prepared.ts'
import { lossReasons, users } from '../schema.ts'

type Others = Named<{ clientId: ClientId; ownId: Id }>

const otherUsers = query((orm, { clientId, ownId }: Others) =>
  orm
    .select({ id: users.id, value: users.email })
    .from(users)
    .where(and(eq(users.clientId, clientId), ne(users.id, ownId))),
)

const otherReasons = query((orm, { clientId, ownId }: Others) =>
  orm
    .select({ id: lossReasons.id, value: lossReasons.name })
    .from(lossReasons)
    .where(and(eq(lossReasons.clientId, clientId), ne(lossReasons.id, ownId))),
)

const UNIQUE = {
  users: { field: 'email', others: otherUsers },
  loss_reasons: { field: 'name', others: otherReasons },
} as const
type UniqueTable = keyof typeof UNIQUE

/**
 * The table's own index ignores the case of ASCII letters only, but "Ärger" and "ärger" are one name, here and on the server. Both tables
 * are small, so all names are compared.
 * @throws AppError CONFLICT if another row of the client has the name.
 */
export function requireFreeName(db: WritableDb, table: UniqueTable, clientId: ClientId, value: string, ownId: Id): void {
  if (holderOf(db, table, clientId, value, ownId) === undefined) return
  const { field } = UNIQUE[table]
  throw new AppError('CONFLICT', sentence(`taken.${field}`), { field })
}

/** Returns the row other than `ownId` that has this name or address. */
export function holderOf(db: ReadableDb, table: UniqueTable, clientId: ClientId, value: string, ownId: Id): Id | undefined {
  const wanted = uniqueKey(value)
  return UNIQUE[table].others.all(db, { clientId, ownId }).find((other) => uniqueKey(other.value) === wanted)?.id
}
