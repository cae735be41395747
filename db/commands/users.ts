import type { SQLiteUpdateSetSource } from 'drizzle-orm/sqlite-core'
import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import type { UserId } from '../../core/id.ts'
import type { User } from '../../core/model/people.ts'
import type { WritableDb } from '../open.ts'
import { getUser } from '../queries/users.ts'
import { users } from '../schema.ts'
import { currentWrite } from '../write-transaction.ts'
import { insertRow, updateRow, written } from './changes.ts'
import { requireFreeName } from './unique-names.ts'

export type NewUserRow = Omit<User, 'updatedAt' | 'hasPassword' | 'lastLogin'> & {
  /** A bcrypt hash; null: the person cannot sign in until an admin sets a password. */
  readonly passwordHash: string | null
}
export type UserPatch = { readonly [Key in 'email' | 'name' | 'role']?: User[Key] | undefined }

/** @throws AppError CONFLICT if the e-mail is taken. */
export function insertUser(db: WritableDb, user: NewUserRow): User {
  requireFreeName(db, 'users', user.clientId, user.email, user.id)
  insertRow(db, users, { ...user, lastLogin: null, updatedAt: currentWrite(db).now })
  return written(getUser(db, user.clientId, user.id))
}

/** @throws AppError NOT_FOUND; CONFLICT if the e-mail is taken. */
export function updateUser(db: WritableDb, id: UserId, patch: UserPatch): User {
  if (patch.email !== undefined) requireFreeName(db, 'users', currentWrite(db).clientId, patch.email, id)
  return change(db, id, { email: patch.email, name: patch.name, role: patch.role })
}

export function setUserActive(db: WritableDb, id: UserId, isActive: boolean): User {
  return change(db, id, { isActive })
}

/** The audit trail records that the password changed, but not the hash. */
export function setUserPassword(db: WritableDb, id: UserId, passwordHash: string): User {
  return change(db, id, { passwordHash })
}

/** Part of the LOGIN event: neither audited nor synced by itself, and `updated_at` stays. */
export function recordLogin(db: WritableDb, id: UserId, at: number): void {
  if (!updateRow(db, users, id, { lastLogin: at })) throw notFound()
}

function change(db: WritableDb, id: UserId, values: SQLiteUpdateSetSource<typeof users>): User {
  if (!updateRow(db, users, id, values)) throw notFound()
  return written(getUser(db, currentWrite(db).clientId, id))
}

function notFound(): AppError<'NOT_FOUND'> {
  return new AppError('NOT_FOUND', sentence('gone.user'))
}
