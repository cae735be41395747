import type { Id } from '../../core/id.ts'
import type { ReadableDb } from '../open.ts'
import { row } from '../statements.ts'

/** Failed attempts in a row, and when the last was, ms. */
export type SignInAttempts = { readonly failures: number; readonly lastAt: number }

export function getSignInAttempts(db: ReadableDb, userId: Id): SignInAttempts | undefined {
  return row<SignInAttempts>(db, 'SELECT failures, last_at AS lastAt FROM local_sign_in_attempts WHERE user_id = ?', userId)
}
