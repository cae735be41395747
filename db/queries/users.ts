import type { ClientId, UserId } from '../../core/id.ts'
import { languageOfCountry, sortedByName } from '../../core/name-key.ts'
import type { User, UserName } from '../../core/model/people.ts'
import type { Role } from '../../core/roles.ts'
import { uniqueKey } from '../../core/unique-key.ts'
import { defaultCountry } from '../derive-calls.ts'
import type { ReadableDb } from '../open.ts'
import { row, rows } from '../statements.ts'

type Flags<T, Keys extends keyof T> = Omit<T, Keys> & Readonly<Record<Keys, 0 | 1>>
type UserRow = Omit<Flags<User, 'isActive'>, 'hasPassword'> & { readonly hasPassword: 0 | 1 | null }

/** With a server, the hash of a password is only on devices on which that person signed in (S16), so its absence does not count. */
const HAS_PASSWORD = `CASE WHEN password_hash IS NOT NULL THEN 1
    WHEN (SELECT server_url FROM sync_device WHERE singleton = 1) IS NULL THEN 0 END`

const USER = `id, client_id AS clientId, email, name, role, is_active AS isActive, ${HAS_PASSWORD} AS hasPassword,
  last_login AS lastLogin, created_at AS createdAt, updated_at AS updatedAt`

function toUser(found: UserRow): User {
  return { ...found, isActive: found.isActive === 1, hasPassword: found.hasPassword === null ? null : found.hasPassword === 1 }
}

export function getUser(db: ReadableDb, clientId: ClientId, id: UserId): User | undefined {
  const found = row<UserRow>(db, `SELECT ${USER} FROM users WHERE client_id = ? AND id = ?`, clientId, id)
  return found === undefined ? undefined : toUser(found)
}

/** Everyone of the client, also the deactivated, by name. */
export function listUsers(db: ReadableDb, clientId: ClientId): User[] {
  const found = rows<UserRow>(db, `SELECT ${USER} FROM users WHERE client_id = ? ORDER BY id`, clientId)
  return sortedByName(found.map(toUser), languageOfCountry(defaultCountry(db, clientId)))
}

/** What everyone may know of everyone, also of the deactivated, by name. */
export function listUserNames(db: ReadableDb, clientId: ClientId): UserName[] {
  const found = rows<Flags<UserName, 'isActive'>>(
    db,
    `SELECT id, name, role, is_active AS isActive FROM users WHERE client_id = ? ORDER BY id`,
    clientId,
  )
  return sortedByName(
    found.map((each) => ({ ...each, isActive: each.isActive === 1 })),
    languageOfCountry(defaultCountry(db, clientId)),
  )
}

/** For signing in only: the one read that gives the secret out together with its owner. */
export function findUserByEmail(
  db: ReadableDb,
  clientId: ClientId,
  email: string,
): (User & { passwordHash: string | null }) | undefined {
  // The table is small, and its index ignores the case of ASCII letters only.
  const addresses = rows<{ id: UserId; email: string }>(db, 'SELECT id, email FROM users WHERE client_id = ?', clientId)
  const wanted = uniqueKey(email)
  const holder = addresses.find((each) => each.email === email) ?? addresses.find((each) => uniqueKey(each.email) === wanted)
  if (holder === undefined) return undefined
  const found = row<UserRow & { passwordHash: string | null }>(
    db,
    `SELECT ${USER}, password_hash AS passwordHash FROM users WHERE client_id = ? AND id = ?`,
    clientId,
    holder.id,
  )
  return found === undefined ? undefined : { ...toUser(found), passwordHash: found.passwordHash }
}

/** The user's bcrypt hash; null where the user has none or does not exist. */
export function getPasswordHash(db: ReadableDb, clientId: ClientId, id: UserId): string | null {
  const found = row<{ hash: string | null }>(
    db,
    'SELECT password_hash AS hash FROM users WHERE client_id = ? AND id = ?',
    clientId,
    id,
  )
  return found?.hash ?? null
}

/** What decides on permissions, as it stands now. */
export function getPrincipal(db: ReadableDb, id: UserId): { role: Role; isActive: boolean } | undefined {
  const found = row<{ role: Role; isActive: 0 | 1 }>(db, 'SELECT role, is_active AS isActive FROM users WHERE id = ?', id)
  return found === undefined ? undefined : { role: found.role, isActive: found.isActive === 1 }
}

export function countActiveAdmins(db: ReadableDb, clientId: ClientId): number {
  const found = row<{ admins: number }>(
    db,
    `SELECT count(*) AS admins FROM users WHERE client_id = ? AND role = 'admin' AND is_active = 1`,
    clientId,
  )
  return found?.admins ?? 0
}
