import { isUnsavable } from '../../core/errors.ts'
import type { ClientId, UserId } from '../../core/id.ts'
import type { Instant, SteadyClock } from '../../core/steady-clock.ts'
import { attemptsOf, waitMs, type BegunAttempt, type FailureReason, type OwnAttempts } from '../operations/sign-in-throttle.ts'
import type { Workspace } from '../workspace/workspace.ts'

/** Most addresses in memory. Beyond it, the address with the fewest failures is removed. */
const MOST_ADDRESSES = 1_000

type Counted = Omit<OwnAttempts, 'elapsedMs'> & { readonly at: Instant }

/**
 * Slows down guessing of passwords. The counts are in the file of each workspace, so that a restart or a second process does not reset them.
 * This process also has its own counts: they measure time without the wall clock, and they are the only ones while nothing can be saved.
 */
export class SignInAttempts {
  readonly #clock: SteadyClock
  readonly #wall: () => number
  readonly #counted = new Map<string, Counted>()

  constructor(clock: SteadyClock, wall: () => number) {
    this.#clock = clock
    this.#wall = wall
  }

  /**
   * Counts an attempt for the address before its password is compared, so that parallel guesses are counted.
   * @returns milliseconds until the next attempt is accepted; 0: this one is accepted.
   */
  async begin(workspace: Workspace, email: string): Promise<number> {
    const key = keyOf(workspace.clientId, email)
    let begun: BegunAttempt
    let isSaved = true
    try {
      begun = await workspace.runUnsigned('signIn.begin', { email, own: this.#own(key) })
    } catch (error) {
      if (!isUnsavable(error)) throw error
      isSaved = false
      const stored = await workspace.runUnsigned('signIn.attempts', { email })
      // There is no `await` between here and `#remember`, so that parallel attempts are counted one by one.
      const attempts = attemptsOf(stored ?? undefined, this.#own(key), this.#wall())
      begun = { waitMs: waitMs(attempts), failures: attempts.failures + 1, storedAt: stored?.lastAt ?? null }
    }
    const { waitMs: wait, failures, storedAt } = begun
    if (wait === 0) this.#remember(key, { failures, storedAt, isSaved, at: this.#clock.instant() })
    return wait
  }

  /**
   * Records a wrong password. The wait starts at the end of the attempt.
   * @param account null: no account has the address.
   */
  async failed(
    workspace: Workspace,
    email: string,
    account: { readonly userId: UserId; readonly reason: FailureReason } | null,
  ): Promise<void> {
    const dated = await saved(() =>
      account === null
        ? workspace.runUnsigned('signIn.missed', { email })
        : workspace.run('signIn.failed', account.userId, { email, reason: account.reason }),
    )
    const key = keyOf(workspace.clientId, email)
    const counted = this.#counted.get(key)
    if (counted === undefined) return
    // The operation adds no entry for an address that is not in the file.
    const storedAt = dated === undefined || counted.storedAt === null ? counted.storedAt : dated.at
    this.#counted.set(key, { ...counted, storedAt, at: this.#clock.instant() })
  }

  /** Records a correct password. Earlier failures no longer count. */
  async cleared(workspace: Workspace, email: string): Promise<void> {
    const key = keyOf(workspace.clientId, email)
    const isSaved = (await saved(() => workspace.runUnsigned('signIn.cleared', { email }))) !== undefined
    const counted = this.#counted.get(key)
    if (isSaved || counted === undefined) this.#counted.delete(key)
    // The failures cannot be removed from the file, so this process ignores them.
    else this.#counted.set(key, { ...counted, failures: 0, isSaved: false })
  }

  /** Removes one attempt that `begin` counted. */
  async uncount(workspace: Workspace, email: string): Promise<void> {
    const key = keyOf(workspace.clientId, email)
    await saved(() => workspace.runUnsigned('signIn.uncount', { email }))
    const counted = this.#counted.get(key)
    if (counted !== undefined) this.#counted.set(key, { ...counted, failures: Math.max(0, counted.failures - 1) })
  }

  #own(key: string): OwnAttempts | null {
    const counted = this.#counted.get(key)
    if (counted === undefined) return null
    const { at, ...own } = counted
    return { ...own, elapsedMs: this.#clock.msSince(at) }
  }

  #remember(key: string, counted: Counted): void {
    this.#counted.set(key, counted)
    if (this.#counted.size <= MOST_ADDRESSES) return
    let [least, fewest] = [key, Number.POSITIVE_INFINITY]
    for (const [other, each] of this.#counted)
      if (other !== key && each.failures < fewest) [least, fewest] = [other, each.failures]
    this.#counted.delete(least)
  }
}

function keyOf(clientId: ClientId, email: string): string {
  return `${clientId}:${email.toLowerCase()}`
}

/** Runs a write. Returns undefined if nothing can be saved. */
async function saved<T>(write: () => Promise<T>): Promise<T | undefined> {
  try {
    return await write()
  } catch (error) {
    if (isUnsavable(error)) return undefined
    throw error
  }
}
