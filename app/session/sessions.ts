import type { SessionState, SignedIn } from '../../core/contract/session.ts'
import type { ProcedureInput } from '../../core/contract/procedures.ts'
import { AppError, isAppError, isUnsavable } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import type { ClientId, Clock, UserId } from '../../core/id.ts'
import { SteadyClock, type Instant } from '../../core/steady-clock.ts'
import type { Passwords } from '../../platform/passwords/passwords.ts'
import { SignInAttempts } from './sign-in-attempts.ts'
import type { FailureReason } from '../operations/sign-in-throttle.ts'
import type { Workspace } from '../workspace/workspace.ts'
import type { Workspaces } from '../workspace/workspaces.ts'

type SignInInput = ProcedureInput<'session.signIn'>

/** Longest session: a working day, even without a pause. */
const SESSION_MS = 12 * 60 * 60_000

type Session = {
  readonly clientId: ClientId
  readonly userId: UserId
  readonly startedAt: Instant
  idleMs: number
  lastActivity: Instant
  locked: boolean
  /** Sign-ins and unlocks that are not in the audit trail yet, because nothing could be saved. */
  unrecorded: readonly SignInEvent[]
}

type SignInEvent = { readonly unlock: boolean; readonly at: number }

/** The person who is signed in on a connection. */
export type Signed = { readonly workspace: Workspace; readonly userId: UserId }

type Account = { readonly userId: UserId; readonly hash: string | null; readonly isActive: boolean }

/** A workspace that a sign-in may open. `account` null: no account has the address. */
type Candidate = { readonly workspace: Workspace; readonly account: Account | null }

export type SessionsOptions = {
  readonly workspaces: Workspaces
  readonly passwords: Passwords
  readonly clock: Clock
  /** Left out: time as far as the wall clock moves forward. */
  readonly steady?: SteadyClock
  /** Called when the session of a connection starts, ends, is locked or is unlocked. */
  readonly onChange: (connection: string) => void
  /**
   * Activates an account that is deactivated on this device, if the server reports that it is active again.
   * @throws AppError ACCOUNT_DEACTIVATED, UNREACHABLE
   */
  readonly reactivate: (signed: Signed, credentials: Pick<SignInInput, 'email' | 'password'>) => Promise<void>
}

function wrongCredentials(): AppError<'WRONG_CREDENTIALS'> {
  return new AppError('WRONG_CREDENTIALS', sentence('session.wrong-credentials'))
}

function throttled(waitMs: number, now: number): AppError<'THROTTLED'> {
  const wait = Math.ceil(waitMs)
  return new AppError('THROTTLED', sentence('session.throttled'), {
    retryAt: now + wait,
    waitMs: wait,
  })
}

function sessionLocked(): AppError<'SESSION_LOCKED'> {
  return new AppError('SESSION_LOCKED', sentence('session.locked'))
}

/** Adds the reason why nothing can be saved, if there is one. */
function withStorage(workspace: Workspace, described: SignedIn): SignedIn {
  const { unsavable } = workspace
  return unsavable === null ? described : { ...described, unsavable }
}

function reasonOf({ hash, isActive }: Account): FailureReason {
  return hash === null ? 'no_password' : isActive ? 'password' : 'deactivated'
}

/**
 * The sessions of all connections (windows, browser cookies, runs of the command line). They are only in memory, so a restart of the
 * application requires the password again.
 */
export class Sessions {
  readonly #options: SessionsOptions
  readonly #sessions = new Map<string, Session>()
  /** Connections whose session was ended, with the reason that the next request gets instead of UNAUTHENTICATED. */
  readonly #expired = new Map<string, 'time' | 'deactivated'>()

  /** Measures the ages of sessions: setting the wall clock back must not delay a lock or an end. */
  readonly #steady: SteadyClock
  readonly #attempts: SignInAttempts

  constructor(options: SessionsOptions) {
    this.#options = options
    this.#steady = options.steady ?? new SteadyClock(options.clock, () => 0)
    this.#attempts = new SignInAttempts(this.#steady, options.clock)
  }

  /** Whether a person is signed in on the connection and the session is not locked. */
  isOpen(connection: string): boolean {
    this.#age(connection)
    return this.#sessions.get(connection)?.locked === false
  }

  /** Returns the person of a connection, also of a locked session; null: no one is signed in. */
  holderOf(connection: string): { readonly clientId: ClientId; readonly userId: UserId; readonly isLocked: boolean } | null {
    const session = this.#sessions.get(connection)
    return session === undefined ? null : { clientId: session.clientId, userId: session.userId, isLocked: session.locked }
  }

  /** @throws AppError UNAUTHENTICATED, SESSION_EXPIRED, SESSION_LOCKED */
  require(connection: string): Signed {
    this.#age(connection)
    const session = this.#sessions.get(connection)
    if (session === undefined) throw this.#missing(connection)
    if (session.locked) throw sessionLocked()
    return { workspace: this.#options.workspaces.get(session.clientId), userId: session.userId }
  }

  /** Returns the client whose events a connection may receive; null if no one is signed in or the session is locked. */
  listeningTo(connection: string): ClientId | null {
    const session = this.#sessions.get(connection)
    return session === undefined || session.locked ? null : session.clientId
  }

  async state(connection: string): Promise<SessionState> {
    this.#age(connection)
    const session = this.#sessions.get(connection)
    if (session === undefined)
      return this.#options.workspaces.expectSignIn() ? this.#signedOut(connection) : { state: 'first_start' }
    const workspace = this.#options.workspaces.get(session.clientId)
    if (session.locked) return { state: 'locked', ...(await workspace.run('session.names', session.userId, null)) }
    try {
      return this.#described(connection, session, await workspace.run('session.describe', session.userId, null))
    } catch (error) {
      if (!isAppError(error, 'SESSION_EXPIRED')) throw error
      // The person was deactivated. This returns a state and not an error, because a window repeats a request that fails.
      this.#expired.set(connection, 'deactivated')
      await this.#end(connection, 'expired')
      return this.#signedOut(connection)
    }
  }

  #signedOut(connection: string): SessionState {
    const ended = this.#expired.get(connection)
    return { state: 'signed_out', ...(ended === undefined ? {} : { ended }) }
  }

  /** Restarts the idle time, because the person used the keyboard or the pointer. */
  touch(connection: string): void {
    this.#age(connection)
    const session = this.#sessions.get(connection)
    if (session !== undefined && !session.locked) session.lastActivity = this.#steady.instant()
  }

  /**
   * Signs in. Every workspace does the same work for known and unknown addresses: one counted attempt, one bcrypt comparison, one more
   * write. So the time, the answer and the throttle do not reveal whether an account exists.
   *
   * @throws AppError WRONG_CREDENTIALS, THROTTLED, CHOOSE_CLIENT, ACCOUNT_DEACTIVATED, SESSION_LOCKED
   */
  async signIn(connection: string, input: SignInInput): Promise<SignedIn> {
    this.requireReplaceable(connection)
    const { email, password } = input
    const candidates = await this.#candidates(input)
    const tried: Candidate[] = []
    let refused: AppError | undefined
    for (const candidate of candidates) {
      const wait = await this.#beginAttempt(candidate.workspace, email).catch((error: unknown) => {
        // If one client's file cannot be written, people of other clients must still be able to sign in.
        if (candidates.length > 1 && isAppError(error, 'STORAGE')) return error
        throw error
      })
      if (wait === undefined) tried.push(candidate)
      else refused = wait
    }
    if (candidates.length === 0) await this.#options.passwords.fits(password, null)
    const { fitting, deactivated } = await this.#opened(tried, password)
    const opened = [...fitting, ...deactivated]
    const isRight = ({ workspace }: Candidate) => opened.some((each) => each.workspace === workspace)
    for (const { workspace } of opened) await this.#attempts.cleared(workspace, email)
    for (const candidate of tried)
      if (fitting.length === 0) await this.#failAttempt(candidate, email)
      // A correct password for one client does not count as a wrong one for another.
      else if (!isRight(candidate)) await this.#attempts.uncount(candidate.workspace, email)
    const [chosen, other] = fitting
    if (chosen === undefined) {
      const [account] = deactivated
      if (account === undefined) throw refused ?? wrongCredentials()
      await this.#options.reactivate(account, input)
      return this.replace(connection, account.workspace.clientId, account.userId)
    }
    if (other !== undefined) throw await this.#choice(fitting)
    return this.replace(connection, chosen.workspace.clientId, chosen.userId)
  }

  /** @throws AppError SESSION_LOCKED if the session of the connection is locked. Only the password or a sign-out ends that. */
  requireReplaceable(connection: string): void {
    this.#age(connection)
    if (this.#sessions.get(connection)?.locked === true) throw sessionLocked()
  }

  /**
   * Ends the session of the connection, if any, and starts one for a person whose password was just checked or set.
   * @throws AppError SESSION_LOCKED if the session was locked in the meantime. It stays locked.
   */
  async replace(connection: string, clientId: ClientId, userId: UserId): Promise<SignedIn> {
    this.requireReplaceable(connection)
    await this.#end(connection, 'sign_out')
    return this.#start(connection, clientId, userId, undefined)
  }

  async unlock(connection: string, password: string): Promise<SignedIn> {
    this.#age(connection)
    const session = this.#sessions.get(connection)
    if (session === undefined) throw this.#missing(connection)
    await this.#confirm(session, password)
    // A person may have signed out at the lock screen during the comparison.
    if (this.#sessions.get(connection) !== session) throw this.#missing(connection)
    return this.#start(connection, session.clientId, session.userId, session)
  }

  /** @throws AppError WRONG_CREDENTIALS, THROTTLED unless `password` is that of the signed-in person. */
  async confirmOwn(connection: string, password: string): Promise<void> {
    this.require(connection)
    const session = this.#sessions.get(connection)
    if (session === undefined) throw this.#missing(connection)
    await this.#confirm(session, password)
  }

  lock(connection: string): void {
    const session = this.#sessions.get(connection)
    if (session === undefined || session.locked) return
    session.locked = true
    this.#options.onChange(connection)
  }

  async signOut(connection: string): Promise<void> {
    // Anyone can sign out at the lock screen, because it gives no access. The trail records `lock_screen` as the reason, not the person.
    await this.#end(connection, this.#sessions.get(connection)?.locked === true ? 'lock_screen' : 'sign_out')
  }

  /** Ends all sessions of a person whose account was deactivated. */
  endOf(clientId: ClientId, userId: UserId): void {
    for (const [connection, session] of this.#sessions) {
      if (session.clientId !== clientId || session.userId !== userId) continue
      this.#expired.set(connection, 'deactivated')
      void this.#end(connection, 'expired').catch(() => {})
    }
  }

  /** Locks and ends sessions whose time is over, also without a request. Called every few seconds. */
  sweep(): void {
    for (const connection of [...this.#sessions.keys()]) this.#age(connection)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sessions.keys()].map((connection) => this.#end(connection, 'sign_out')))
  }

  /** @param unlocked the session that continues; undefined for a new one. */
  async #start(connection: string, clientId: ClientId, userId: UserId, unlocked: Session | undefined): Promise<SignedIn> {
    const { workspaces, clock, onChange } = this.#options
    const workspace = workspaces.get(clientId)
    const event = { unlock: unlocked !== undefined, at: clock() }
    const recorded = await this.#record(workspace, userId, event)
    // Stored data can be read even if nothing can be saved.
    const described = recorded ?? (await workspace.run('session.describe', userId, null))
    // Another session may have started on the connection during the write.
    const current = this.#sessions.get(connection)
    if (unlocked !== undefined && current !== unlocked) throw this.#missing(connection)
    if (unlocked === undefined && current?.locked === true) throw sessionLocked()
    const now = this.#steady.instant()
    const idleMs = described.settings.idle_lock_minutes * 60_000
    this.#expired.delete(connection)
    const startedAt = unlocked?.startedAt ?? now
    const unrecorded = [...(unlocked?.unrecorded ?? []), ...(recorded === undefined ? [event] : [])]
    this.#sessions.set(connection, { clientId, userId, startedAt, idleMs, lastActivity: now, locked: false, unrecorded })
    onChange(connection)
    return withStorage(workspace, described)
  }

  /** Writes a sign-in into the audit trail. Returns undefined if nothing can be saved. */
  async #record(workspace: Workspace, userId: UserId, { unlock, at }: SignInEvent): Promise<SignedIn | undefined> {
    try {
      return await workspace.run('signIn.succeeded', userId, { unlock }, at)
    } catch (error) {
      if (isUnsavable(error)) return undefined
      throw error
    }
  }

  /**
   * Updates the windows of a client whose `unsavable` has changed, and records earlier sign-ins in the audit trail if that is possible
   * again.
   */
  storageChanged(clientId: ClientId): void {
    for (const [connection, session] of this.#sessions) {
      if (session.clientId !== clientId) continue
      this.#options.onChange(connection)
      void this.#catchUp(session).catch(() => {})
    }
  }

  async #catchUp(session: Session): Promise<void> {
    const workspace = this.#options.workspaces.get(session.clientId)
    for (;;) {
      const [event, ...later] = session.unrecorded
      if (event === undefined || workspace.unsavable !== null) return
      // Removed before the write, so that a parallel run does not record it as well.
      session.unrecorded = later
      if ((await this.#record(workspace, session.userId, event)) !== undefined) continue
      session.unrecorded = [event, ...session.unrecorded]
      return
    }
  }

  #age(connection: string): void {
    const session = this.#sessions.get(connection)
    if (session === undefined) return
    if (this.#steady.msSince(session.startedAt) >= SESSION_MS) {
      this.#expired.set(connection, 'time')
      void this.#end(connection, 'expired').catch(() => {})
    } else if (this.#steady.msSince(session.lastActivity) >= session.idleMs) this.lock(connection)
  }

  async #end(connection: string, reason: 'sign_out' | 'lock_screen' | 'expired'): Promise<void> {
    const session = this.#sessions.get(connection)
    if (session === undefined) return
    this.#sessions.delete(connection)
    this.#options.onChange(connection)
    await this.#recordEnd(session, reason)
  }

  /** Records an end in the audit trail. The session has already ended, so a full disk does not keep a person signed in. */
  async #recordEnd(session: Session, reason: 'sign_out' | 'lock_screen' | 'expired'): Promise<void> {
    const workspace = this.#options.workspaces.get(session.clientId)
    try {
      if (session.unrecorded.length > 0) await workspace.probe()
      await this.#catchUp(session)
      await workspace.run('signIn.ended', session.userId, { reason })
    } catch (error) {
      if (!isUnsavable(error)) throw error
    }
  }

  /** Applies the idle time of the settings, which may have changed. */
  #described(connection: string, session: Session, described: SignedIn): SignedIn {
    if (this.#sessions.get(connection) === session) session.idleMs = described.settings.idle_lock_minutes * 60_000
    return withStorage(this.#options.workspaces.get(session.clientId), described)
  }

  #missing(connection: string): AppError {
    const reason = this.#expired.get(connection)
    if (reason === 'deactivated') return new AppError('SESSION_EXPIRED', sentence('session.deactivated'))
    if (reason === 'time') return new AppError('SESSION_EXPIRED', sentence('session.ended'))
    return new AppError('UNAUTHENTICATED', sentence('session.none'))
  }

  async #candidates({ email, clientId }: SignInInput): Promise<Candidate[]> {
    const { workspaces } = this.#options
    const ids = workspaces.clientIds().filter((id) => clientId === undefined || id === clientId)
    const found = await Promise.all(
      ids.map(async (id) => {
        const workspace = workspaces.get(id)
        const account = await this.#find(workspace, email)
        return account === 'unreadable' ? [] : [{ workspace, account }]
      }),
    )
    return found.flat()
  }

  /** A damaged file of one client must not prevent sign-ins of other clients. */
  async #find(workspace: Workspace, email: string): Promise<Account | null | 'unreadable'> {
    try {
      return await workspace.runUnsigned('signIn.find', { email })
    } catch (error) {
      if (isAppError(error, 'STORAGE') && this.#options.workspaces.clientIds().length > 1) return 'unreadable'
      throw error
    }
  }

  /**
   * Returns the accounts that the password matches. If it matches none, there is one comparison per workspace. If it matches one, the time
   * reveals nothing, because the caller has the password.
   */
  async #opened(tried: readonly Candidate[], password: string) {
    const { passwords } = this.#options
    const fitting: Signed[] = []
    const deactivated: Signed[] = []
    let compared = 0
    for (const { workspace, account } of tried) {
      if (account === null) continue
      compared++
      if (!(await passwords.fits(password, account.hash))) continue
      const opened = account.isActive ? fitting : deactivated
      opened.push({ workspace, userId: account.userId })
    }
    if (fitting.length + deactivated.length === 0)
      for (; compared < tried.length; compared++) await passwords.fits(password, null)
    return { fitting, deactivated }
  }

  /** Counts an attempt for the address before its password is compared. Returns an error if the address must wait. */
  async #beginAttempt(workspace: Workspace, email: string): Promise<AppError | undefined> {
    const waitMs = await this.#attempts.begin(workspace, email)
    return waitMs === 0 ? undefined : throttled(waitMs, this.#options.clock())
  }

  #failAttempt({ workspace, account }: Candidate, email: string): Promise<void> {
    return this.#attempts.failed(
      workspace,
      email,
      account === null ? null : { userId: account.userId, reason: reasonOf(account) },
    )
  }

  async #confirm({ clientId, userId }: Session, password: string): Promise<void> {
    const workspace = this.#options.workspaces.get(clientId)
    const { email, ...account } = await workspace.run('signIn.account', userId, null)
    const wait = await this.#beginAttempt(workspace, email)
    if (wait !== undefined) throw wait
    const candidate = { workspace, account }
    if ((await this.#opened([candidate], password)).fitting.length === 0) {
      await this.#failAttempt(candidate, email)
      throw wrongCredentials()
    }
    await this.#attempts.cleared(workspace, email)
  }

  async #choice(
    fitting: readonly { readonly workspace: Workspace; readonly userId: UserId }[],
  ): Promise<AppError<'CHOOSE_CLIENT'>> {
    const clients = await Promise.all(
      fitting.map(async ({ workspace, userId }) => (await workspace.run('session.names', userId, null)).client),
    )
    return new AppError('CHOOSE_CLIENT', sentence('session.choose-client'), { clients })
  }
}
