import { AppError } from '../../../core/errors.ts'
import type { Clock, UserId } from '../../../core/id.ts'
import { SyncError } from '../../../core/sync/errors.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { UnreachableError, type ServerTransport } from '../transport/server-transport.ts'
import { classify } from './failure.ts'

/** The time between two requests. The server publishes finished days, so changes are rare. */
const INTERVAL_MS = 600_000
/** The maximum number of answers in a row. */
const MOST_ANSWERS = 200

type TeamFetchOptions = {
  readonly workspace: Workspace
  readonly userId: UserId
  readonly server: ServerTransport
  readonly token: string
  readonly clock: Clock
}

/** Fetches the totals of the team after a pull if they are due. Sync does not depend on them: after a failure, a later pull tries again. */
export class TeamFetch {
  readonly #options: TeamFetchOptions
  #lastAt: number | undefined

  constructor(options: TeamFetchOptions) {
    this.#options = options
  }

  /**
   * @param isRequested whether a person waits for the result of a sync.
   * @throws SyncError if the server no longer accepts the token.
   */
  async run(isRequested: boolean, signal: AbortSignal): Promise<void> {
    const now = this.#options.clock()
    // The clock may have been set back.
    const isDue = this.#lastAt === undefined || Math.abs(now - this.#lastAt) >= INTERVAL_MS
    if (!isDue && !isRequested) return
    try {
      await this.#fetch(signal)
      this.#lastAt = now
    } catch (error) {
      if (classify(error, 1).kind === 'lost') throw error
      // The server does not have this endpoint, or the role has no totals. An early retry is useless.
      if (error instanceof SyncError) this.#lastAt = now
      else if (!(error instanceof UnreachableError || error instanceof AppError)) throw error
    }
  }

  async #fetch(signal: AbortSignal): Promise<void> {
    const { workspace, userId, server, token } = this.#options
    let since = await workspace.run('engine.teamSince', userId, null)
    for (let answers = 0; since !== null && answers < MOST_ANSWERS && !signal.aborted; answers++) {
      const body = await server.team(token, since, signal)
      since = await workspace.run('engine.team', userId, { body })
    }
  }
}
