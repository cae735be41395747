import type { ServerResponse } from 'node:http'
import { SyncError } from '../../core/sync/errors.ts'

export type AnswerLimits = {
  /** The most bytes of answers that are not completely sent. */
  readonly bytes: number
  readonly bytesOfRequester: number
  /** A connection that has not read an answer after this time is closed, ms. */
  readonly drainMs: number
}

/**
 * Bounds the answers in memory, because a requester can request any number of pages and read none of them. An answer is made if there is any
 * room, so the total exceeds a bound by at most one answer.
 */
export class OutgoingAnswers {
  readonly #limits: AnswerLimits
  readonly #ofRequester = new Map<string, number>()
  #bytes = 0

  constructor(limits: AnswerLimits) {
    this.#limits = limits
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Called before an answer is made. @throws SyncError UNAVAILABLE */
  requireRoom(requester: string): void {
    if (this.#bytes >= this.#limits.bytes || (this.#ofRequester.get(requester) ?? 0) >= this.#limits.bytesOfRequester)
      throw new SyncError('UNAVAILABLE', 'Earlier answers are not read yet; read them and try again')
  }

  /** Counts an answer until its response is closed, which happens in bounded time. */
  hold(requester: string, bytes: number, response: Pick<ServerResponse, 'once' | 'destroy' | 'destroyed'>): void {
    if (response.destroyed) return
    this.#add(requester, bytes)
    const timer = setTimeout(() => response.destroy(), this.#limits.drainMs).unref()
    response.once('close', () => {
      clearTimeout(timer)
      this.#add(requester, -bytes)
    })
  }

  #add(requester: string, bytes: number): void {
    this.#bytes += bytes
    const left = (this.#ofRequester.get(requester) ?? 0) + bytes
    if (left > 0) this.#ofRequester.set(requester, left)
    else this.#ofRequester.delete(requester)
  }
}
