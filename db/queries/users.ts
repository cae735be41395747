import { and, eq, getTableColumns, sql, type SQL } from 'drizzle-orm'
import type { ClientId, UserId } from '../../core/id.ts'
import { languageOfCountry, sortedByName } from '../../core/text/name-key.ts'
import type { User, UserName } from '../../core/model/people.ts'
import type { Role } from '../../core/roles.ts'
import { uniqueKey } from '../../core/text/unique-key.ts'
import { defaultCountry } from '../derive-calls.ts'
import type { ReadableDb } from '../open.ts'
import { query, type Named } from '../prepared.ts'
import { users } from '../schema.ts'
import { syncDevice } from '../sync-schema.ts'

const { passwordHash, ...withoutSecret } = getTableColumns(users)

/** On a connected device only the people who signed in on it have their hash in the file (S16), so an absent hash says nothing there. */
const hasPassword: SQL<boolean | null> = sql`CASE WHEN ${passwordHash} IS NOT NULL THEN 1
  WHEN (SELECT ${syncDevice.serverUrl} FROM ${syncDevice} WHERE ${syncDevice.singleton} = 1) IS NULL THEN 0 END`.mapWith(
  users.isActive,
)

const userColumns = { ...withoutSecret, hasPassword }

type OfUser = Named<{ clientId: ClientId; id: UserId }>
type OfClient = Named<{ clientId: ClientId }>

const isUser = ({ clientId, id }: OfUser) => and(eq(users.clientId, clientId), eq(users.id, id))

const userById = query((orm, user: OfUser) => orm.select(userColumns).from(users).where(isUser(user)))

const userWithSecret = query((orm, user: OfUser) =>
  orm
    .select({ ...userColumns, passwordHash })
    .from(users)
    .where(isUser(user)),
)

const hashOfUser = query((orm, user: OfUser) => orm.select({ passwordHash }).from(users).where(isUser(user)))

const usersOfClient = query((orm, { clientId }: OfClient) =>
  orm.select(userColumns).from(users).where(eq(users.clientId, clientId)).orderBy(users.id),
)

const namesOfClient = query((orm, { clientId }: OfClient) =>
  orm
    .select({ id: users.id, name: users.name, role: users.role, isActive: users.isActive })
    .from(users)
    .where(eq(users.clientId, clientId))
    .orderBy(users.id),
)

const addressesOfClient = query((orm, { clientId }: OfClient) =>
  orm.select({ id: users.id, email: users.email }).from(users).where(eq(users.clientId, clientId)),
)

const principalById = query((orm, { id }: Named<{ id: UserId }>) =>
  orm.select({ role: users.role, isActive: users.isActive }).from(users).where(eq(users.id, id)),
)

const activeAdmins = query((orm, { clientId }: OfClient) =>
  orm
    .select({ admins: sql<number>`count(*)` })
    .from(users)
    .where(and(eq(users.clientId, clientId), eq(users.role, 'admin'), eq(users.isActive, true))),
)

export function getUser(db: ReadableDb, clientId: ClientId, id: UserId): User | undefined {
  return userById.get(db, { clientId, id })
}

/** Returns all users of the client by name, also the deactivated ones. */
export function listUsers(db: ReadableDb, clientId: ClientId): User[] {
  return sortedByName(usersOfClient.all(db, { clientId }), languageOfCountry(defaultCountry(db, clientId)))
}

/** Returns the part of all users that everyone may see, by name, also of the deactivated ones. */
export function listUserNames(db: ReadableDb, clientId: ClientId): UserName[] {
  return sortedByName(namesOfClient.all(db, { clientId }), languageOfCountry(defaultCountry(db, clientId)))
}

/** For sign-in only: the one read that returns the secret together with its owner. */
export function findUserByEmail(
  db: ReadableDb,
  clientId: ClientId,
  email: string,
): (User & { passwordHash: string | null }) | undefined {
  // The table is small, and its index ignores the case of ASCII letters only.
  const addresses = addressesOfClient.all(db, { clientId })
  const wanted = uniqueKey(email)
  const holder = addresses.find((each) => each.email === email) ?? addresses.find((each) => uniqueKey(each.email) === wanted)
  return holder === undefined ? undefined : userWithSecret.get(db, { clientId, id: holder.id })
}

/** Returns the user's bcrypt hash; null if the user has none or does not exist. */
export function getPasswordHash(db: ReadableDb, clientId: ClientId, id: UserId): string | null {
  return hashOfUser.get(db, { clientId, id })?.passwordHash ?? null
}

/** Returns the role of a user and whether they are active, on which permissions depend. */
export function getPrincipal(db: ReadableDb, id: UserId): { role: Role; isActive: boolean } | undefined {
  return principalById.get(db, { id })
}

export function countActiveAdmins(db: ReadableDb, clientId: ClientId): number {
  return activeAdmins.get(db, { clientId })?.admins ?? 0
}
