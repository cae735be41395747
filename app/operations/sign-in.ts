import { createHash } from 'node:crypto'
import { must } from '../../core/assert.ts'
import { recordEvent } from '../../db/commands/events.ts'
import {
  clearSignInAttempts,
  countSignInAttempt,
  dateSignInAttempt,
  uncountSignInAttempt,
} from '../../db/commands/sign-in-attempts.ts'
import { recordLogin } from '../../db/commands/users.ts'
import type { ReadableDb } from '../../db/open.ts'
import { getSignInAttempts } from '../../db/queries/sign-in-attempts.ts'
import { findUserByEmail, getPasswordHash, getUser } from '../../db/queries/users.ts'
import { command, query, type OperationContext } from '../declaration/operation.ts'
import { signedIn } from './session.ts'
import { attemptsOf, waitMs, type BegunAttempt, type FailureReason, type OwnAttempts } from './sign-in-throttle.ts'

type Attempt = { readonly email: string }

/** Returns the hash under which attempts are counted. The file stores no typed address as text, because it may belong to anyone. */
function hashOfAddress({ actor }: OperationContext<ReadableDb>, email: string): string {
  return createHash('sha256').update(`${actor.clientId}:${email.toLowerCase()}`).digest('base64url')
}

function event(
  context: OperationContext<ReadableDb>,
  action: 'LOGIN' | 'LOGIN_FAILED' | 'LOGOUT',
  newValues: Record<string, string | number>,
) {
  return { tableName: 'users', recordId: context.actor.userId, action, newValues }
}

/**
 * Steps of signing in. Those with `internal` access run before there is a role. `app/session/` and `app/workspace/` run them, and
 * `app/sync/enrolment/` runs `signIn.find`.
 */
export const signInOperations = {
  'signIn.find': query({
    access: 'internal',
    thread: 'list',
    run: ({ db, actor }, { email }: Attempt) => {
      const user = findUserByEmail(db, actor.clientId, email)
      return user === undefined ? null : { userId: user.id, hash: user.passwordHash, isActive: user.isActive }
    },
  }),
  /** The account of the actor, whose session is locked. */
  'signIn.account': query({
    access: 'internal',
    thread: 'list',
    run: ({ db, actor: { clientId, userId } }) => {
      const user = must(getUser(db, clientId, userId), 'The signed-in user exists')
      return { userId, email: user.email, hash: getPasswordHash(db, clientId, userId), isActive: user.isActive }
    },
  }),
  /** Returns the file's count of failed attempts on the address; null: none. For a file that cannot be written. */
  'signIn.attempts': query({
    access: 'internal',
    thread: 'list',
    run: (context, { email }: Attempt) => getSignInAttempts(context.db, hashOfAddress(context, email)) ?? null,
  }),
  /**
   * Counts an attempt on the address, whether an account has it or not. The count comes before the comparison of the password, so that
   * parallel guesses do not pass uncounted and a crash in between does not reset the count. An attempt that came too early is not counted.
   */
  'signIn.begin': command({
    access: 'internal',
    changes: [],
    run: (context, { email, own = null }: Attempt & { own?: OwnAttempts | null }): BegunAttempt => {
      const address = hashOfAddress(context, email)
      const stored = getSignInAttempts(context.db, address)
      const attempts = attemptsOf(stored, own, context.now)
      const wait = waitMs(attempts)
      if (wait > 0) return { waitMs: wait, failures: attempts.failures, storedAt: stored?.lastAt ?? null }
      const failures = attempts.failures + 1
      countSignInAttempt(context.db, address, failures, context.now)
      return { waitMs: 0, failures, storedAt: context.now }
    },
  }),
  /** The password was right: earlier failures no longer matter. */
  'signIn.cleared': command({
    access: 'internal',
    changes: [],
    run: (context, { email }: Attempt) => {
      clearSignInAttempts(context.db, hashOfAddress(context, email))
      return null
    },
  }),
  /** A wrong password of the actor. */
  'signIn.failed': command({
    access: 'internal',
    changes: ['audit_logs'],
    run: (context, { email, reason }: Attempt & { reason: FailureReason }) => {
      dateSignInAttempt(context.db, hashOfAddress(context, email), context.now)
      recordEvent(context.db, event(context, 'LOGIN_FAILED', { reason }))
      return { at: context.now }
    },
  }),
  /**
   * An address that no account has. It is not audited: it concerns no record, and invented addresses would fill the trail. It writes
   * anyway, so that it takes as long as an audited failure.
   */
  'signIn.missed': command({
    access: 'internal',
    changes: [],
    run: (context, { email }: Attempt) => {
      dateSignInAttempt(context.db, hashOfAddress(context, email), context.now)
      return { at: context.now }
    },
  }),
  /** Reverts the count of `signIn.begin`. */
  'signIn.uncount': command({
    access: 'internal',
    changes: [],
    run: (context, { email }: Attempt) => {
      uncountSignInAttempt(context.db, hashOfAddress(context, email))
      return null
    },
  }),
  /** A locked session stays locked if its person was deactivated in the meantime. */
  'signIn.succeeded': command({
    access: 'member',
    changes: ['audit_logs', 'users'],
    run: (context, { unlock }: { unlock: boolean }) => {
      recordLogin(context.db, context.actor.userId, context.now)
      recordEvent(context.db, event(context, 'LOGIN', unlock ? { unlock: 1 } : {}))
      return signedIn(context)
    },
  }),
  'signIn.ended': command({
    access: 'internal',
    changes: ['audit_logs'],
    run: (context, { reason }: { reason: 'sign_out' | 'lock_screen' | 'expired' }) => {
      recordEvent(context.db, event(context, 'LOGOUT', { reason }))
      return null
    },
  }),
}
