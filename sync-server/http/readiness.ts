import { statfs } from 'node:fs/promises'
import type { Logger } from 'pino'
import { SyncError } from '../../core/sync/errors.ts'
import type { StoreRequest } from '../threads/store-thread.ts'
import type { Thread } from '../../platform/threads/thread.ts'
import { ThreadFault } from '../threads/thread-errors.ts'

export type ReadinessOptions = {
  readonly reader: Thread
  readonly writer: Thread
  readonly dataDir: string
  readonly log: Logger
  /** With less free space, the server is not ready. */
  readonly minFreeBytes: number
}

/** A result is reused for this time, because each check writes to the disk and anyone can request one, ms. */
const FRESH_MS = 250

/** Checks that the store can be read and written, by reading and writing it. Logs each change with its reason. */
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
      throw new SyncError('UNAVAILABLE', 'The server cannot store changes at the moment. The reason is in its log')
  }

  /** Returns why the server is not ready; null if it is ready. */
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

/** Returns the code of the fault, for example `SQLITE_FULL`; null if there is none. */
export function faultReason(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  if (error.cause instanceof ThreadFault) return error.cause.reason
  return 'code' in error && typeof error.code === 'string' ? error.code : null
}
