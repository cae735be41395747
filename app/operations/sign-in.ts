import { createHash } from 'node:crypto'
import { DEFAULT_SETTINGS } from '../../core/model/settings.ts'
import type { Id } from '../../core/id.ts'
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
import { attemptsOf, waitMs, type BegunAttempt, type FailureReason, type OwnAttempts } from '../sign-in-throttle.ts'
import { must } from '../../core/assert.ts'
import { currentRole, read, write, type OperationContext } from './operation.ts'
import type { ReadableDb } from '../../db/open.ts'

/** Reasons that a new client starts with; all can be renamed or retired. */
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

/** Returns the hash that attempts are counted under. The file stores no typed address as text, because it may be anyone's. */
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
 * Steps of signing in. They ask for no role, because there is none yet: only `sessions.ts` and `workspaces.ts` call them, never the
 * API router with a caller's own input.
 */
export const signInOperations = {
  'signIn.find': read('list', (context, input: { email: string }) => {
    const user = findUserByEmail(context.db, context.actor.clientId, input.email)
    return user === undefined ? null : { userId: user.id, hash: user.passwordHash, isActive: user.isActive }
  }),
  /** The account of the actor, whose session is locked. */
  'signIn.account': read('list', (context) => {
    const { clientId, userId } = context.actor
    const user = must(getUser(context.db, clientId, userId), 'The signed-in user exists')
    return { userId, email: user.email, hash: getPasswordHash(context.db, clientId, userId), isActive: user.isActive }
  }),
  /** Returns the file's count of failed attempts on the address; null: none. For a file that cannot be written. */
  'signIn.attempts': read(
    'list',
    (context, { email }: Attempt) => getSignInAttempts(context.db, hashOfAddress(context, email)) ?? null,
  ),
  /**
   * Counts an attempt on the address, whether an account has it or not. The count comes before the comparison of the password, so that
   * parallel guesses do not pass uncounted and a crash in between does not reset the count. An attempt that came too early is not counted.
   */
  'signIn.begin': write([], (context, { email, own = null }: Attempt & { own?: OwnAttempts | null }): BegunAttempt => {
    const address = hashOfAddress(context, email)
    const stored = getSignInAttempts(context.db, address)
    const attempts = attemptsOf(stored, own, context.now)
    const wait = waitMs(attempts)
    if (wait > 0) return { waitMs: wait, failures: attempts.failures, storedAt: stored?.lastAt ?? null }
    const failures = attempts.failures + 1
    countSignInAttempt(context.db, address, failures, context.now)
    return { waitMs: 0, failures, storedAt: context.now }
  }),
  /** The password fitted: earlier failures no longer matter. */
  'signIn.cleared': write([], (context, { email }: Attempt) => {
    clearSignInAttempts(context.db, hashOfAddress(context, email))
    return null
  }),
  /** A wrong password of the actor. */
  'signIn.failed': write(['audit_logs'], (context, { email, reason }: Attempt & { reason: FailureReason }) => {
    dateSignInAttempt(context.db, hashOfAddress(context, email), context.now)
    recordEvent(context.db, event(context, 'LOGIN_FAILED', { reason }))
    return { at: context.now }
  }),
  /**
   * An address that no account has. It is not audited: it concerns no record, and invented addresses would fill the trail. It writes
   * anyway, so that it takes as long as an audited failure.
   */
  'signIn.missed': write([], (context, { email }: Attempt) => {
    dateSignInAttempt(context.db, hashOfAddress(context, email), context.now)
    return { at: context.now }
  }),
  /** Takes back what `signIn.begin` counted. */
  'signIn.uncount': write([], (context, { email }: Attempt) => {
    uncountSignInAttempt(context.db, hashOfAddress(context, email))
    return null
  }),
  'signIn.succeeded': write(['audit_logs', 'users'], (context, input: { unlock: boolean }) => {
    // A locked session stays locked if its person has been deactivated since.
    currentRole(context)
    recordLogin(context.db, context.actor.userId, context.now)
    recordEvent(context.db, event(context, 'LOGIN', input.unlock ? { unlock: 1 } : {}))
    return describe(context)
  }),
  /** Succeeds if the file can be written: every write transaction stores its clock reading. */
  'storage.probe': write([], () => null, 'server'),
  'signIn.ended': write(['audit_logs'], (context, input: { reason: 'sign_out' | 'lock_screen' | 'expired' }) => {
    recordEvent(context.db, event(context, 'LOGOUT', { reason: input.reason }))
    return null
  }),
  'session.describe': read('list', (context) => {
    currentRole(context)
    return describe(context)
  }),
  /** Also answers for a deactivated user: the lock screen names whose work waits. */
  'session.names': read('list', (context) => {
    const { user, client } = describe(context)
    return {
      user: { id: user.id, name: user.name, role: user.role, isActive: user.isActive },
      client: { id: client.id, name: client.name },
    }
  }),
  'session.setOwnPassword': write(['users', 'audit_logs'], (context, input: { passwordHash: string }) => {
    currentRole(context)
    setUserPassword(context.db, context.actor.userId, input.passwordHash)
    return {}
  }),
  /** The first transaction of a workspace. The admin made here is its own actor. */
  'workspace.seed': write(
    ['clients', 'users', 'loss_reasons', 'client_settings', 'audit_logs'],
    (context, seed: WorkspaceSeed) => {
      const { clientId, userId } = context.actor
      const createdAt = context.now
      insertClient(context.db, {
        id: clientId,
        name: seed.clientName,
        email: null,
        phone: null,
        address: null,
        isActive: true,
        createdAt,
      })
      insertUser(context.db, {
        id: userId,
        clientId,
        email: seed.adminEmail,
        name: seed.adminName,
        role: 'admin',
        passwordHash: seed.passwordHash,
        isActive: true,
        createdAt,
      })
      putSettings(context.db, clientId, { ...DEFAULT_SETTINGS, time_zone: seed.timeZone })
      for (const name of FIRST_LOSS_REASONS) {
        const id: Id = context.newId()
        insertLossReason(context.db, { id, clientId, name, description: null, isActive: true, createdAt })
      }
      return null
    },
  ),
}
