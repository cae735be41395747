import { must } from '../../core/assert.ts'
import type { IntakeAnswer, IntakeRequest } from '../threads/intake-thread.ts'
import { MOVE_BYTES, movableMemory, type Thread } from '../threads/thread.ts'
import type { Charge } from './fair-queue.ts'

/** A packed body of at most this size is tried on the thread for short bodies. Its memory is copied there, so it stays usable here. */
const SHORT_BYTES = MOVE_BYTES

/** The part of a thread that is needed. */
type Worker = Pick<Thread, 'request'>

export type IntakeThreads = {
  /** Of normal priority. */
  readonly short: Worker
  /** Of low priority: their work takes up to a second a body. */
  readonly long: readonly Worker[]
}

/**
 * Has bodies unpacked and checked. Bodies that are short, packed and unpacked, have a thread of their own, so that a call that a device
 * sends waits neither for large bodies nor for those that were made to be slow.
 */
export class Intake {
  readonly #short: Worker
  readonly #long: readonly { readonly thread: Worker; busy: number }[]

  constructor({ short, long }: IntakeThreads) {
    this.#short = short
    this.#long = long.map((thread) => ({ thread, busy: 0 }))
  }

  /** @throws SyncError the refusal of the body. */
  async check(request: Omit<IntakeRequest, 'only'>, charge: Charge): Promise<Uint8Array> {
    if (request.body.length <= SHORT_BYTES) {
      const asked = { ...request, only: 'short' } satisfies IntakeRequest
      const json = await this.#short.request<IntakeAnswer>(asked, [], charge)
      if (json !== null) return json
    }
    return this.#checkLong({ ...request, only: null }, charge)
  }

  /** Uses a free thread, so that a slow body delays only its own client. */
  async #checkLong(request: IntakeRequest, charge: Charge): Promise<Uint8Array> {
    const place = this.#long.reduce((best, { busy }, index) => (busy < (this.#long[best]?.busy ?? 0) ? index : best), 0)
    const intake = must(this.#long[place], 'There is a thread')
    intake.busy++
    try {
      const json = await intake.thread.request<IntakeAnswer>(request, movableMemory(request.body), charge)
      return must(json, 'A long body is answered')
    } finally {
      intake.busy--
    }
  }
}
