import { and, eq, gt, ne, sql } from 'drizzle-orm'
import { updateOf } from '../../platform/sqlite/prepared.ts'
import type { WritableDb } from '../open.ts'
import { query, statement, upsert, type Named } from '../prepared.ts'
import { localSignInAddresses } from '../local-schema.ts'

/** The most addresses that are counted. Beyond it the one with the fewest failures is removed, so that invented addresses never remove one under attack. */
export const MAX_ADDRESSES = 1_000

type OnAddress = Named<{ address: string }>

const isAddress = ({ address }: OnAddress) => eq(localSignInAddresses.address, address)

const saveFailures = upsert(localSignInAddresses, [localSignInAddresses.address])

const countAddresses = query((orm) => orm.select({ addresses: sql<number>`count(*)` }).from(localSignInAddresses))

const removeLeastAttacked = statement((orm, { address }: OnAddress) => {
  const leastAttacked = orm
    .select({ address: localSignInAddresses.address })
    .from(localSignInAddresses)
    .where(ne(localSignInAddresses.address, address))
    .orderBy(localSignInAddresses.failures, localSignInAddresses.lastAt)
    .limit(1)
  return orm.delete(localSignInAddresses).where(eq(localSignInAddresses.address, leastAttacked))
})

const setLastAt = statement((orm, { address, now }: Named<{ address: string; now: number }>) =>
  updateOf(orm, localSignInAddresses, { lastAt: now }).where(isAddress({ address })),
)

const takeBackFailure = statement((orm, on: OnAddress) =>
  updateOf(orm, localSignInAddresses, { failures: sql`${localSignInAddresses.failures} - 1` }).where(
    and(isAddress(on), gt(localSignInAddresses.failures, 0)),
  ),
)

const removeAddress = statement((orm, on: OnAddress) => orm.delete(localSignInAddresses).where(isAddress(on)))

/**
 * Stores the count of failed attempts on an address before the password is compared. On this device only: neither audited nor synced.
 *
 * @param address hash of the address that was typed
 * @param failures including this attempt
 */
export function countSignInAttempt(db: WritableDb, address: string, failures: number, now: number): void {
  saveFailures(db, { address, failures, lastAt: now })
  if ((countAddresses.get(db)?.addresses ?? 0) > MAX_ADDRESSES) removeLeastAttacked(db, { address })
}

/** Sets the time of the last attempt to the attempt's end. */
export function dateSignInAttempt(db: WritableDb, address: string, now: number): void {
  setLastAt(db, { address, now })
}

/** Takes one counted attempt back. */
export function uncountSignInAttempt(db: WritableDb, address: string): void {
  takeBackFailure(db, { address })
}

export function clearSignInAttempts(db: WritableDb, address: string): void {
  removeAddress(db, { address })
}
