import { AppError } from '../../core/errors.ts'
import type { UserId } from '../../core/id.ts'
import type { User } from '../../core/model/people.ts'
import type { WritableDb } from '../open.ts'
import { getUser } from '../queries/users.ts'
import type { SqlValue } from '../statements.ts'
import { currentWrite } from '../write-transaction.ts'
import { insertRow, patchedColumns, updateRow, written } from './changes.ts'
import { requireFreeName } from './unique-names.ts'

const COLUMNS = { email: 'email', name: 'name', role: 'role' } as const

export type NewUserRow = Omit<User, 'updatedAt' | 'hasPassword' | 'lastLogin'> & {
  /** A bcrypt hash; null: the person cannot sign in until an admin sets a password. */
  readonly passwordHash: string | null
}
export type UserPatch = { readonly [Key in keyof typeof COLUMNS]?: User[Key] | undefined }

/** @throws AppError CONFLICT where the e-mail is taken. */
export function insertUser(db: WritableDb, user: NewUserRow): User {
  requireFreeName(db, 'users', 'email', user.clientId, user.email, user.id)
  insertRow(db, 'users', {
    id: user.id,
    client_id: user.clientId,
    email: user.email,
    password_hash: user.passwordHash,
    name: user.name,
    role: user.role,
    is_active: user.isActive ? 1 : 0,
    last_login: null,
    created_at: user.createdAt,
    updated_at: currentWrite(db).now,
  })
  return written(getUser(db, user.clientId, user.id))
}

/** @throws AppError NOT_FOUND; CONFLICT where the e-mail is taken. */
export function updateUser(db: WritableDb, id: UserId, patch: UserPatch): User {
  if (patch.email !== undefined) requireFreeName(db, 'users', 'email', currentWrite(db).clientId, patch.email, id)
  return change(db, id, patchedColumns(patch, COLUMNS))
}

export function setUserActive(db: WritableDb, id: UserId, isActive: boolean): User {
  return change(db, id, { is_active: isActive ? 1 : 0 })
}

/** The audit trail says that the password changed, and holds nothing of it. */
export function setUserPassword(db: WritableDb, id: UserId, passwordHash: string): User {
  return change(db, id, { password_hash: passwordHash })
}

/** Belongs to the LOGIN event: neither audited nor synced by itself, and no change of the user. */
export function recordLogin(db: WritableDb, id: UserId, at: number): void {
  if (!updateRow(db, 'users', id, { last_login: at })) throw notFound()
}

function change(db: WritableDb, id: UserId, values: Record<string, SqlValue>): User {
  if (!updateRow(db, 'users', id, values)) throw notFound()
  return written(getUser(db, currentWrite(db).clientId, id))
}

function notFound(): AppError<'NOT_FOUND'> {
  return new AppError('NOT_FOUND', 'There is no such user.')
}
