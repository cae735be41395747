import type { ReadableDb } from '../open.ts'
import { row } from '../statements.ts'

/** Failed attempts in a row, and when the last was, ms. */
export type SignInAttempts = { readonly failures: number; readonly lastAt: number }

/** @param address hash of the address that was typed */
export function getSignInAttempts(db: ReadableDb, address: string): SignInAttempts | undefined {
  return row<SignInAttempts>(db, 'SELECT failures, last_at AS lastAt FROM local_sign_in_addresses WHERE address = ?', address)
}
