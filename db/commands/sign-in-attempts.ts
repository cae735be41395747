import { must } from '../../core/assert.ts'
import type { Id } from '../../core/id.ts'
import type { WritableDb } from '../open.ts'
import { row, run } from '../statements.ts'

/** Counts one attempt as failed, before its password is compared. On this device only: neither audited nor replicated. */
export function countSignInAttempt(db: WritableDb, userId: Id, now: number): void {
  const owner = row<{ clientId: string }>(db, 'SELECT client_id AS clientId FROM users WHERE id = ?', userId)
  run(
    db,
    `INSERT INTO local_sign_in_attempts (user_id, client_id, failures, last_at) VALUES (?, ?, 1, ?)
     ON CONFLICT (user_id) DO UPDATE SET failures = failures + 1, last_at = excluded.last_at`,
    userId,
    must(owner, 'Attempts are counted for a user').clientId,
    now,
  )
}

/** Takes one counted attempt back. */
export function uncountSignInAttempt(db: WritableDb, userId: Id): void {
  run(db, 'UPDATE local_sign_in_attempts SET failures = failures - 1 WHERE user_id = ? AND failures > 0', userId)
}

export function clearSignInAttempts(db: WritableDb, userId: Id): void {
  run(db, 'DELETE FROM local_sign_in_attempts WHERE user_id = ?', userId)
}
