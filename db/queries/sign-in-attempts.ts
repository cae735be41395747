import { eq } from 'drizzle-orm'
import type { ReadableDb } from '../open.ts'
import { query, type Named } from '../prepared.ts'
import { localSignInAddresses } from '../local-schema.ts'

/** Failed attempts in a row, and the time of the last one, ms. */
export type SignInAttempts = { readonly failures: number; readonly lastAt: number }

const attemptsOn = query((orm, { address }: Named<{ address: string }>) =>
  orm
    .select({ failures: localSignInAddresses.failures, lastAt: localSignInAddresses.lastAt })
    .from(localSignInAddresses)
    .where(eq(localSignInAddresses.address, address)),
)

/** @param address hash of the address that was typed */
export function getSignInAttempts(db: ReadableDb, address: string): SignInAttempts | undefined {
  return attemptsOn.get(db, { address })
}
