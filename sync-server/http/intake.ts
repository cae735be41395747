import { must } from '../../core/assert.ts'
import type { IntakeAnswer, IntakeRequest } from '../threads/intake-thread.ts'
import { MOVE_BYTES, movableMemory } from '../../platform/threads/movable-memory.ts'
import type { Thread } from '../../platform/threads/thread.ts'
import type { Charge } from './fair-queue.ts'

/**
 * A packed body of at most this size is sent to the thread for short bodies first. It is copied, not moved, so that it can be sent again.
 */
const SHORT_BYTES = MOVE_BYTES

export function isShort(body: Uint8Array): boolean {
  return body.length <= SHORT_BYTES
}

/** The method of `Thread` that is used. */
type Worker = Pick<Thread, 'request'>

type Body = Omit<IntakeRequest, 'only'>

export type IntakeThreads = {
  /** Normal priority. */
  readonly short: Worker
  /** Low priority: one body takes up to a second. */
  readonly long: readonly Worker[]
}

/**
 * Sends bodies to the threads that unpack and check them. Bodies that are short, both packed and unpacked, have their own thread, so
 * that they do not wait while a long or hostile body is checked.
 */
export class Intake {
  readonly #short: Worker
  readonly #long: readonly { readonly thread: Worker; busy: number }[]

  constructor({ short, long }: IntakeThreads) {
    this.#short = short
    this.#long = long.map((thread) => ({ thread, busy: 0 }))
  }

  /**
   * Checks a body that is short when packed. Returns null if it is long when unpacked.
   * @throws SyncError if the body is refused.
   */
  checkShort(request: Body, charge: Charge): Promise<Uint8Array | null> {
    return this.#short.request<IntakeAnswer>({ ...request, only: 'short' } satisfies IntakeRequest, { onWorked: charge })
  }

  /** @throws SyncError if the body is refused. */
  check(request: Body, charge: Charge): Promise<Uint8Array> {
    return this.#checkLong({ ...request, only: null }, charge)
  }

  /** Uses the thread with the fewest bodies, so that a slow body delays other requesters as little as possible. */
  async #checkLong(request: IntakeRequest, charge: Charge): Promise<Uint8Array> {
    const place = this.#long.reduce((best, { busy }, index) => (busy < (this.#long[best]?.busy ?? 0) ? index : best), 0)
    const intake = must(this.#long[place], 'There is a thread')
    intake.busy++
    try {
      const json = await intake.thread.request<IntakeAnswer>(request, { move: movableMemory(request.body), onWorked: charge })
      return must(json, 'A long body is answered')
    } finally {
      intake.busy--
    }
  }
}
