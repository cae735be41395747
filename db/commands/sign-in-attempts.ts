import type { WritableDb } from '../open.ts'
import { row, run } from '../statements.ts'

/** The most addresses that are counted. Beyond it the one with the fewest failures is removed, so that invented addresses never remove one under attack. */
export const MAX_ADDRESSES = 1_000

/**
 * Stores the count of failed attempts on an address before the password is compared. On this device only: neither audited nor synced.
 *
 * @param address hash of the address that was typed
 * @param failures including this attempt
 */
export function countSignInAttempt(db: WritableDb, address: string, failures: number, now: number): void {
  run(
    db,
    `INSERT INTO local_sign_in_addresses (address, failures, last_at) VALUES (?, ?, ?)
     ON CONFLICT (address) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at`,
    address,
    failures,
    now,
  )
  const counted = row<{ addresses: number }>(db, 'SELECT count(*) AS addresses FROM local_sign_in_addresses')
  if ((counted?.addresses ?? 0) <= MAX_ADDRESSES) return
  run(
    db,
    `DELETE FROM local_sign_in_addresses WHERE address =
       (SELECT address FROM local_sign_in_addresses WHERE address <> ? ORDER BY failures, last_at LIMIT 1)`,
    address,
  )
}

/** Sets the time of the last attempt to the attempt's end. */
export function dateSignInAttempt(db: WritableDb, address: string, now: number): void {
  run(db, 'UPDATE local_sign_in_addresses SET last_at = ? WHERE address = ?', now, address)
}

/** Takes one counted attempt back. */
export function uncountSignInAttempt(db: WritableDb, address: string): void {
  run(db, 'UPDATE local_sign_in_addresses SET failures = failures - 1 WHERE address = ? AND failures > 0', address)
}

export function clearSignInAttempts(db: WritableDb, address: string): void {
  run(db, 'DELETE FROM local_sign_in_addresses WHERE address = ?', address)
}
