import { createHash } from 'node:crypto'
import { DEFAULT_SETTINGS } from '../../core/model/settings.ts'
import { insertClient } from '../../db/commands/clients.ts'
import { recordEvent } from '../../db/commands/events.ts'
import { insertLossReason } from '../../db/commands/loss-reasons.ts'
import { putSettings } from '../../db/commands/settings.ts'
import {
  clearSignInAttempts,
  countSignInAttempt,
  dateSignInAttempt,
  uncountSignInAttempt,
} from '../../db/commands/sign-in-attempts.ts'
import { insertUser, recordLogin, setUserPassword } from '../../db/commands/users.ts'
import { getClient } from '../../db/queries/clients.ts'
import { getSettings } from '../../db/queries/settings.ts'
import { getSignInAttempts } from '../../db/queries/sign-in-attempts.ts'
import { findUserByEmail, getPasswordHash, getUser } from '../../db/queries/users.ts'
import { attemptsOf, waitMs, type BegunAttempt, type FailureReason, type OwnAttempts } from './sign-in-throttle.ts'
import { must } from '../../core/assert.ts'
import { command, query, type OperationContext } from '../declaration/operation.ts'
import type { ReadableDb } from '../../db/open.ts'

/** The loss reasons of a new client. All can be renamed or deactivated. */
const FIRST_LOSS_REASONS = ['Price too high', 'Chose a competitor', 'No need', 'Bad timing', 'No decision maker']

export type WorkspaceSeed = {
  readonly clientName: string
  readonly timeZone: string
  readonly adminName: string
  readonly adminEmail: string
  readonly passwordHash: string
}

function describe(context: OperationContext<ReadableDb>) {
  const { clientId, userId } = context.actor
  return {
    state: 'signed_in' as const,
    user: must(getUser(context.db, clientId, userId), 'The signed-in user exists'),
    client: must(getClient(context.db, clientId), 'The workspace has its client'),
    settings: getSettings(context.db, clientId),
  }
}

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
      return describe(context)
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
  /** Succeeds if the file can be written: every write transaction stores its clock reading. */
  'storage.probe': command({ access: 'internal', changes: [], source: 'server', run: () => null }),
  'session.describe': query({ access: 'member', thread: 'list', run: (context) => describe(context) }),
  /** Also for a deactivated person: the lock screen shows whose session it is. */
  'session.names': query({
    access: 'internal',
    thread: 'list',
    run: (context) => {
      const { user, client } = describe(context)
      return {
        user: { id: user.id, name: user.name, role: user.role, isActive: user.isActive },
        client: { id: client.id, name: client.name },
      }
    },
  }),
  'session.setOwnPassword': command({
    access: 'member',
    changes: ['users', 'audit_logs'],
    run: ({ db, actor }, { passwordHash }: { passwordHash: string }) => {
      setUserPassword(db, actor.userId, passwordHash)
      return {}
    },
  }),
  /** The first transaction of a workspace. The actor is the admin that it creates. */
  'workspace.seed': command({
    access: 'internal',
    changes: ['clients', 'users', 'loss_reasons', 'client_settings', 'audit_logs'],
    run: ({ db, actor: { clientId, userId }, now: createdAt, newId }, seed: WorkspaceSeed) => {
      const { clientName, timeZone, adminName, adminEmail, passwordHash } = seed
      const client = { id: clientId, name: clientName, email: null, phone: null, address: null }
      insertClient(db, { ...client, isActive: true, createdAt })
      const admin = { id: userId, clientId, email: adminEmail, name: adminName, role: 'admin' as const, passwordHash }
      insertUser(db, { ...admin, isActive: true, createdAt })
      putSettings(db, clientId, { ...DEFAULT_SETTINGS, time_zone: timeZone })
      for (const name of FIRST_LOSS_REASONS)
        insertLossReason(db, { id: newId(), clientId, name, description: null, isActive: true, createdAt })
      return null
    },
  }),
}
