import type { IncomingMessage } from 'node:http'
import { LIMITS } from '../../core/sync/protocol.ts'
import type { Encoding } from '../service/body.ts'
import type { Metered } from '../service/push.ts'
import type { StoreRequest, WireAnswer } from '../threads/store-thread.ts'
import { movableMemory } from '../../platform/threads/movable-memory.ts'
import type { Thread } from '../../platform/threads/thread.ts'
import { Allowance } from './allowance.ts'
import { FairQueue, type Charge } from './fair-queue.ts'
import { IncomingBodies, type ReceivedBody } from './incoming-bodies.ts'
import { Intake, isShort, type IntakeThreads } from './intake.ts'
import { throttled } from './throttled.ts'

export type BulkLimits = {
  /** Bodies that are arriving or waiting for the writer, still packed. */
  readonly waitingBytes: number
  /** A person's allowance of refused operations: as a burst, and per hour. */
  readonly refusedAtOnce: number
  readonly refusedPerHour: number
  /** The same for sign-ins and other reported events. */
  readonly eventsAtOnce: number
  readonly eventsPerHour: number
}

/**
 * Bounds of the bodies in memory, per requester and per network address. A requester has room for two bodies of the largest size, and an office
 * behind one address has room for many of the usual size.
 */
const REQUESTER_BYTES = 2 * LIMITS.compressedBytes
const ADDRESS_SHARE = 0.75
const MOST_BODIES = 1_000
const MOST_BODIES_OF_ADDRESS = 250
/** If no byte of a body arrives for this time, the request is ended, ms. */
const IDLE_MS = 15_000
/**
 * The most bodies between the intake threads and the end of the writer's work, at most one per requester. A short body has at most 256 kB
 * unpacked, so many can wait for the writer.
 */
const UNDER_WAY = { short: 16, long: 3 }

/** The sender to whose limits the server counts a request: a person with all of their devices, or the network address of a publication. */
export type Requester = { readonly key: string; readonly address: string }

type WithoutBody<R> = R extends unknown ? Omit<R, 'json'> : never
/** The request of the writer without the body, which is still packed. */
export type Bulk = WithoutBody<Extract<StoreRequest, { readonly do: 'push' | 'publish' }>>

/** Handles pushes and publications from the first byte of the body to the writer's answer. */
export class BulkRequests {
  readonly #intake: Intake
  readonly #writer: Pick<Thread, 'request'>
  readonly #bodies: IncomingBodies
  readonly #queue = new FairQueue(UNDER_WAY)
  readonly #refused: Allowance
  readonly #events: Allowance

  constructor(intakes: IntakeThreads, writer: Pick<Thread, 'request'>, limits: BulkLimits) {
    this.#intake = new Intake(intakes)
    this.#writer = writer
    this.#bodies = new IncomingBodies({
      bodyBytes: LIMITS.compressedBytes,
      bytes: limits.waitingBytes,
      bytesOfRequester: Math.min(REQUESTER_BYTES, limits.waitingBytes),
      bytesOfAddress: Math.max(REQUESTER_BYTES, limits.waitingBytes * ADDRESS_SHARE),
      count: MOST_BODIES,
      countOfAddress: MOST_BODIES_OF_ADDRESS,
      idleMs: IDLE_MS,
    })
    this.#refused = new Allowance({ burst: limits.refusedAtOnce, perHour: limits.refusedPerHour })
    this.#events = new Allowance({ burst: limits.eventsAtOnce, perHour: limits.eventsPerHour })
  }

  /** Called before the body is read. @throws SyncError THROTTLED for a person with too many refused operations or events. */
  requireAllowance({ key }: Requester): void {
    const now = performance.now()
    const wait = Math.max(this.#refused.waitMs(key, now), this.#events.waitMs(key, now))
    if (wait > 0) throw throttled(wait, 'Too many refused operations or events; the device keeps them and sends them later')
  }

  receive(stream: IncomingMessage, { key, address }: Requester): Promise<ReceivedBody> {
    return this.#bodies.receive(stream, key, address)
  }

  /** @throws SyncError the refusal of a thread. */
  async answer(requester: Requester, { bytes, release }: ReceivedBody, encoding: Encoding, bulk: Bulk): Promise<WireAnswer> {
    const body = { kind: bulk.do, body: bytes, encoding }
    try {
      if (isShort(bytes)) {
        const answer = await this.#queue.run(requester.key, 'short', async (charge) => {
          const json = await this.#intake.checkShort(body, charge)
          return json === null ? null : this.#write(requester, bulk, json, charge)
        })
        if (answer !== null) return answer
      }
      return await this.#queue.run(requester.key, 'long', async (charge) =>
        this.#write(requester, bulk, await this.#intake.check(body, charge), charge),
      )
    } finally {
      release()
    }
  }

  async #write(requester: Requester, bulk: Bulk, json: Uint8Array, charge: Charge): Promise<WireAnswer> {
    const request = { ...bulk, json } satisfies StoreRequest
    const answer = await this.#writer.request<WireAnswer>(request, { move: movableMemory(json), onWorked: charge })
    this.#meter(requester, answer.metered)
    return answer
  }

  #meter({ key }: Requester, metered: Metered | undefined): void {
    const now = performance.now()
    this.#refused.spend(key, metered?.refused ?? 0, now)
    this.#events.spend(key, metered?.events ?? 0, now)
  }
}
