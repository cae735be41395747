import type { z } from 'zod'
import type { contract, SessionState, SignedIn } from '../core/contract/contract.ts'
import { AppError } from '../core/errors.ts'
import type { Clock, Id } from '../core/id.ts'
import type { Passwords } from './passwords.ts'
import type { Workspace } from './workspace.ts'
import type { Workspaces } from './workspaces.ts'

type SignInInput = z.infer<NonNullable<(typeof contract.session.signIn)['~orpc']['inputSchema']>>

/** A session ends after a working day even for one who never stops typing. */
const SESSION_MS = 12 * 60 * 60_000

type Session = {
  readonly clientId: Id
  readonly userId: Id
  readonly startedAt: number
  idleMs: number
  lastActivity: number
  locked: boolean
}

/** Whose session a connection carries. */
export type Signed = { readonly workspace: Workspace; readonly userId: Id }

type Candidate = { readonly workspace: Workspace; readonly userId: Id; readonly hash: string | null; readonly isActive: boolean }

export type SessionsOptions = {
  readonly workspaces: Workspaces
  readonly passwords: Passwords
  readonly clock: Clock
  /** Called when the session of a connection began, ended, or was locked or unlocked. */
  readonly onChange: (connection: string) => void
  /**
   * Asks the server whether an account that is deactivated on this device is active again, and makes it so here.
   * @throws AppError ACCOUNT_DEACTIVATED, UNREACHABLE
   */
  readonly reactivate: (signed: Signed, credentials: Pick<SignInInput, 'email' | 'password'>) => Promise<void>
}

function wrongCredentials(): AppError<'WRONG_CREDENTIALS'> {
  return new AppError('WRONG_CREDENTIALS', 'E-mail or password is wrong. Check both and try again.')
}

function throttled(retryAt: number): AppError<'THROTTLED'> {
  return new AppError('THROTTLED', 'Too many wrong passwords. Wait a little, then try again.', { retryAt })
}

function reasonOf({ hash, isActive }: Candidate): 'password' | 'deactivated' | 'no_password' {
  return hash === null ? 'no_password' : isActive ? 'password' : 'deactivated'
}

/**
 * Who is signed in on which connection (a window, a browser's cookie, one run of the command line). Sessions live in memory only: a
 * restart of the app asks for the password again.
 */
export class Sessions {
  readonly #options: SessionsOptions
  readonly #sessions = new Map<string, Session>()
  /** Connections whose session was ended, with the reason that the next request gets instead of "not signed in". */
  readonly #expired = new Map<string, 'time' | 'deactivated'>()

  constructor(options: SessionsOptions) {
    this.#options = options
  }

  /** @throws AppError UNAUTHENTICATED, SESSION_EXPIRED, SESSION_LOCKED */
  require(connection: string): Signed {
    this.#age(connection)
    const session = this.#sessions.get(connection)
    if (session === undefined) throw this.#missing(connection)
    if (session.locked)
      throw new AppError('SESSION_LOCKED', 'The session is locked. What you typed is kept; enter your password.')
    return { workspace: this.#options.workspaces.get(session.clientId), userId: session.userId }
  }

  /** The client that this connection may hear of; null while nobody is signed in or the session is locked. */
  listeningTo(connection: string): Id | null {
    const session = this.#sessions.get(connection)
    return session === undefined || session.locked ? null : session.clientId
  }

  async state(connection: string): Promise<SessionState> {
    this.#age(connection)
    const session = this.#sessions.get(connection)
    if (session === undefined) return { state: this.#options.workspaces.expectSignIn() ? 'signed_out' : 'first_start' }
    const workspace = this.#options.workspaces.get(session.clientId)
    if (session.locked) return { state: 'locked', ...(await workspace.run('session.names', session.userId, null)) }
    try {
      return this.#described(connection, session, await workspace.run('session.describe', session.userId, null))
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'SESSION_EXPIRED') throw error
      // Deactivated since: the window that asks is told that nobody is signed in, and not an error that it would ask about again.
      await this.#end(connection, 'expired')
      return { state: 'signed_out' }
    }
  }

  /** The person did something. */
  touch(connection: string): void {
    this.#age(connection)
    const session = this.#sessions.get(connection)
    if (session !== undefined && !session.locked) session.lastActivity = this.#options.clock()
  }

  /** @throws AppError WRONG_CREDENTIALS, THROTTLED, CHOOSE_CLIENT, ACCOUNT_DEACTIVATED */
  async signIn(connection: string, input: SignInInput): Promise<SignedIn> {
    const candidates = await this.#candidates(input)
    const fitting: Candidate[] = []
    const wrong: Candidate[] = []
    /** Their passwords fit. */
    const deactivated: Candidate[] = []
    let refused: AppError | undefined
    for (const candidate of candidates) {
      const fits = await this.#tryPassword(candidate, input.password)
      if (fits === true && candidate.isActive) fitting.push(candidate)
      else if (fits === true) deactivated.push(candidate)
      else if (fits === false) wrong.push(candidate)
      else refused = fits
    }
    // A password that opens one client was no guess at another client's account of the same e-mail.
    const outcome = fitting.length > 0 ? 'signIn.uncount' : 'signIn.failed'
    for (const candidate of [...wrong, ...deactivated])
      await candidate.workspace.run(outcome, candidate.userId, { reason: reasonOf(candidate) })
    if (candidates.length === 0) await this.#options.passwords.fits(input.password, null)
    const [chosen, other] = fitting
    if (chosen === undefined) {
      const [account] = deactivated
      if (account === undefined) throw refused ?? wrongCredentials()
      await this.#options.reactivate(account, input)
      return this.start(connection, account.workspace.clientId, account.userId)
    }
    if (other !== undefined) throw await this.#choice(fitting)
    return this.start(connection, chosen.workspace.clientId, chosen.userId)
  }

  /** Begins a session for someone whose password was just checked or chosen. */
  async start(connection: string, clientId: Id, userId: Id, unlock = false): Promise<SignedIn> {
    const workspace = this.#options.workspaces.get(clientId)
    const described = await workspace.run('signIn.succeeded', userId, { unlock })
    const now = this.#options.clock()
    const startedAt = unlock ? (this.#sessions.get(connection)?.startedAt ?? now) : now
    const idleMs = described.settings.idle_lock_minutes * 60_000
    this.#expired.delete(connection)
    this.#sessions.set(connection, { clientId, userId, startedAt, idleMs, lastActivity: now, locked: false })
    this.#options.onChange(connection)
    return described
  }

  async unlock(connection: string, password: string): Promise<SignedIn> {
    this.#age(connection)
    const session = this.#sessions.get(connection)
    if (session === undefined) throw this.#missing(connection)
    await this.#confirm(session, password)
    return this.start(connection, session.clientId, session.userId, true)
  }

  /** @throws AppError WRONG_CREDENTIALS, THROTTLED unless `password` is the signed-in person's own. */
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
    await this.#end(connection, 'sign_out')
  }

  /** Ends every session of a person whose account was deactivated. */
  endOf(clientId: Id, userId: Id): void {
    for (const [connection, session] of this.#sessions) {
      if (session.clientId !== clientId || session.userId !== userId) continue
      this.#expired.set(connection, 'deactivated')
      void this.#end(connection, 'expired').catch(() => {})
    }
  }

  /** Locks and ends what time has run out for, also where nobody asks. Called every few seconds. */
  sweep(): void {
    for (const connection of [...this.#sessions.keys()]) this.#age(connection)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sessions.keys()].map((connection) => this.#end(connection, 'sign_out')))
  }

  #age(connection: string): void {
    const session = this.#sessions.get(connection)
    if (session === undefined) return
    const now = this.#options.clock()
    if (now - session.startedAt >= SESSION_MS) {
      this.#expired.set(connection, 'time')
      void this.#end(connection, 'expired').catch(() => {})
    } else if (now - session.lastActivity >= session.idleMs) this.lock(connection)
  }

  async #end(connection: string, reason: 'sign_out' | 'expired'): Promise<void> {
    const session = this.#sessions.get(connection)
    if (session === undefined) return
    this.#sessions.delete(connection)
    this.#options.onChange(connection)
    await this.#options.workspaces.get(session.clientId).run('signIn.ended', session.userId, { reason })
  }

  /** The idle time may have been changed in the settings since. */
  #described(connection: string, session: Session, described: SignedIn): SignedIn {
    if (this.#sessions.get(connection) === session) session.idleMs = described.settings.idle_lock_minutes * 60_000
    return described
  }

  #missing(connection: string): AppError {
    const reason = this.#expired.get(connection)
    if (reason === 'deactivated')
      return new AppError('SESSION_EXPIRED', 'This account was deactivated. Saved work is kept; ask an admin.')
    if (reason === 'time') return new AppError('SESSION_EXPIRED', 'The session has ended. Saved work is kept; sign in again.')
    return new AppError('UNAUTHENTICATED', 'Nobody is signed in. Sign in to go on.')
  }

  async #candidates({ email, clientId }: SignInInput): Promise<Candidate[]> {
    const { workspaces } = this.#options
    const ids = workspaces.clientIds().filter((id) => clientId === undefined || id === clientId)
    const found = await Promise.all(
      ids.map(async (id) => {
        const workspace = workspaces.get(id)
        const user = await this.#find(workspace, email)
        return user === null ? [] : [{ workspace, userId: user.userId, hash: user.passwordHash, isActive: user.isActive }]
      }),
    )
    return found.flat()
  }

  /** A damaged file of one client must not keep the people of another from signing in. */
  async #find(workspace: Workspace, email: string) {
    try {
      return await workspace.run('signIn.find', workspace.clientId, { email })
    } catch (error) {
      if (error instanceof AppError && error.code === 'STORAGE' && this.#options.workspaces.clientIds().length > 1) return null
      throw error
    }
  }

  /** Whether the password fits; an error where the account must wait. The attempt is counted before. */
  async #tryPassword({ workspace, userId, hash }: Candidate, password: string): Promise<boolean | AppError> {
    const { retryAt } = await workspace.run('signIn.begin', userId, null)
    if (retryAt !== null) return throttled(retryAt)
    if (!(await this.#options.passwords.fits(password, hash))) return false
    await workspace.run('signIn.cleared', userId, null)
    return true
  }

  async #confirm({ clientId, userId }: Session, password: string): Promise<void> {
    const workspace = this.#options.workspaces.get(clientId)
    const hash = await workspace.run('signIn.passwordHash', userId, null)
    const candidate = { workspace, userId, hash, isActive: true }
    const fits = await this.#tryPassword(candidate, password)
    if (fits === true) return
    if (fits !== false) throw fits
    await workspace.run('signIn.failed', userId, { reason: reasonOf(candidate) })
    throw wrongCredentials()
  }

  async #choice(fitting: readonly Candidate[]): Promise<AppError<'CHOOSE_CLIENT'>> {
    const clients = await Promise.all(
      fitting.map(async ({ workspace, userId }) => (await workspace.run('session.names', userId, null)).client),
    )
    return new AppError('CHOOSE_CLIENT', 'This e-mail and password fit several clients. Choose one.', { clients })
  }
}
