import { statfs } from 'node:fs/promises'
import type { Logger } from 'pino'
import { SyncError } from '../../core/sync/errors.ts'
import type { StoreRequest } from '../threads/store-thread.ts'
import { ThreadFault, type Thread } from '../threads/thread.ts'

export type ReadinessOptions = {
  readonly reader: Thread
  readonly writer: Thread
  readonly dataDir: string
  readonly log: Logger
  /** Below this much free space the server says that it is not ready. */
  readonly minFreeBytes: number
}

/** An answer counts for this long: each check writes to the disk, and anyone may ask, ms. */
const FRESH_MS = 250

/** Whether the store can be read and written, tried by reading and writing it. Each change is logged with its reason. */
export class Readiness {
  readonly #options: ReadinessOptions
  #checked: { readonly at: number; readonly outcome: Promise<string | null> } | undefined
  #logged: string | null = null

  constructor(options: ReadinessOptions) {
    this.#options = options
  }

  /** @throws SyncError UNAVAILABLE */
  async require(): Promise<void> {
    const now = performance.now()
    if (this.#checked === undefined || now - this.#checked.at > FRESH_MS) this.#checked = { at: now, outcome: this.#check() }
    if ((await this.#checked.outcome) !== null)
      throw new SyncError('UNAVAILABLE', 'The server cannot keep changes at the moment; its log says why')
  }

  /** Why the server is not ready; null where it is. */
  async #check(): Promise<string | null> {
    const reason = await this.#reason()
    if (reason !== this.#logged) {
      if (reason === null) this.#options.log.info({ event: 'ready' })
      else this.#options.log.error({ event: 'not_ready', reason })
    }
    this.#logged = reason
    return reason
  }

  async #reason(): Promise<string | null> {
    const { reader, writer, dataDir, minFreeBytes } = this.#options
    try {
      await Promise.all([reader, writer].map((thread) => thread.request({ do: 'check' } satisfies StoreRequest)))
      const { bavail, bsize } = await statfs(dataDir)
      return bavail * bsize < minFreeBytes ? 'LITTLE_DISK_SPACE' : null
    } catch (error) {
      return faultReason(error) ?? 'STORE'
    }
  }
}

/** The code of the fault behind an answer, for example `SQLITE_FULL`; null where there is none. */
export function faultReason(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  if (error.cause instanceof ThreadFault) return error.cause.reason
  return 'code' in error && typeof error.code === 'string' ? error.code : null
}
