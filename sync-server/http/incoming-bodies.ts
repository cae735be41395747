import type { IncomingMessage } from 'node:http'
import { SyncError } from '../../core/sync/errors.ts'
import { tooLarge } from '../service/body.ts'

export type BodyLimits = {
  /** The most bytes of one body, still packed. */
  readonly bodyBytes: number
  /** The most bytes of all bodies that are arriving or waiting. An incomplete body counts with the bytes received so far. */
  readonly bytes: number
  readonly bytesOfRequester: number
  readonly bytesOfAddress: number
  /** The most requests whose bodies are arriving or waiting. */
  readonly count: number
  readonly countOfAddress: number
  /** If no byte of a body arrives for this time, the request is ended, ms. */
  readonly idleMs: number
}

/** A body in memory. `release` removes it from the bounds. */
export type ReceivedBody = { readonly bytes: Uint8Array<ArrayBuffer>; readonly release: () => void }

type Use = { bytes: number; count: number }

/**
 * Reads the bodies of requests and bounds their total memory, per requester and per network address, because a body costs its sender little
 * and can be sent slowly. A body that exceeds a bound is refused, and the sender can try again.
 */
export class IncomingBodies {
  readonly #limits: BodyLimits
  readonly #all: Use = { bytes: 0, count: 0 }
  readonly #requesters = new Map<string, Use>()
  readonly #addresses = new Map<string, Use>()

  constructor(limits: BodyLimits) {
    this.#limits = limits
  }

  /** The bytes that are in memory. */
  get bytes(): number {
    return this.#all.bytes
  }

  /**
   * @throws SyncError TOO_LARGE; UNAVAILABLE if too many bodies are arriving or waiting; MALFORMED for a body that does not arrive
   * completely.
   */
  async receive(stream: IncomingMessage, requester: string, address: string): Promise<ReceivedBody> {
    const { bodyBytes, count, countOfAddress } = this.#limits
    const declared = Number(stream.headers['content-length'] ?? 0)
    if (declared > bodyBytes) throw tooLarge(bodyBytes)
    const uses = [this.#all, useOf(this.#requesters, requester), useOf(this.#addresses, address)]
    let held = 0
    let isReleased = false
    const release = () => {
      if (isReleased) return
      isReleased = true
      for (const use of uses) {
        use.bytes -= held
        use.count--
      }
      for (const [map, key] of [
        [this.#requesters, requester],
        [this.#addresses, address],
      ] as const)
        if (map.get(key)?.count === 0) map.delete(key)
    }
    for (const use of uses) use.count++
    const grow = (bytes: number) => {
      held += bytes
      for (const use of uses) use.bytes += bytes
      if (held > bodyBytes) throw tooLarge(bodyBytes)
      if (!this.#fits(requester, address)) throw busy()
    }
    try {
      if (this.#all.count > count || (this.#addresses.get(address)?.count ?? 0) > countOfAddress) throw busy()
      if (!this.#fits(requester, address, declared)) throw busy()
      return { bytes: await this.#read(stream, grow), release }
    } catch (error) {
      release()
      throw error
    }
  }

  #fits(requester: string, address: string, more = 0): boolean {
    const { bytes, bytesOfRequester, bytesOfAddress } = this.#limits
    return (
      this.#all.bytes + more <= bytes &&
      (this.#requesters.get(requester)?.bytes ?? 0) + more <= bytesOfRequester &&
      (this.#addresses.get(address)?.bytes ?? 0) + more <= bytesOfAddress
    )
  }

  #read(stream: IncomingMessage, grow: (bytes: number) => void): Promise<Uint8Array<ArrayBuffer>> {
    return new Promise((resolve, reject) => {
      const blocks = new BodyBlocks()
      const fail = (error: Error) => {
        settle()
        reject(error)
      }
      const broken = () =>
        fail(new SyncError('MALFORMED', 'The body did not arrive completely; nothing was changed', { path: '' }))
      const timer = setTimeout(broken, this.#limits.idleMs)
      const take = (part: Buffer) => {
        timer.refresh()
        try {
          grow(part.length)
          blocks.add(part)
        } catch (error) {
          fail(error as Error)
        }
      }
      const done = () => {
        settle()
        resolve(blocks.bytes())
      }
      const settle = () => {
        clearTimeout(timer)
        stream.off('data', take).off('end', done).off('error', broken).off('close', broken)
        // The rest of a refused body is dropped until the connection ends.
        stream.on('error', () => {}).resume()
      }
      stream.on('data', take).on('end', done).on('error', broken).on('close', broken)
    })
  }
}

const BLOCK_BYTES = 65_536
/** The number of pieces that may have any size, and the average size that is required for more pieces. */
const FREE_PIECES = 1_000
const MEAN_PIECE_BYTES = 128

/**
 * Copies the pieces of a body into larger blocks, because a piece of one byte keeps its whole 64 kB receive buffer in memory.
 * Each piece is also an event.
 */
class BodyBlocks {
  readonly #full: Uint8Array[] = []
  #last = new Uint8Array(0)
  #used = 0
  #pieces = 0
  #total = 0

  add(piece: Uint8Array): void {
    this.#pieces++
    this.#total += piece.length
    if (this.#pieces > FREE_PIECES && this.#total < this.#pieces * MEAN_PIECE_BYTES)
      throw new SyncError('MALFORMED', 'The body came in too many small pieces; nothing was changed', { path: '' })
    let rest = piece
    while (rest.length > 0) {
      if (this.#used === this.#last.length) {
        if (this.#used > 0) this.#full.push(this.#last)
        this.#last = new Uint8Array(BLOCK_BYTES)
        this.#used = 0
      }
      const taken = rest.subarray(0, this.#last.length - this.#used)
      this.#last.set(taken, this.#used)
      this.#used += taken.length
      rest = rest.subarray(taken.length)
    }
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.#total)
    let at = 0
    for (const block of [...this.#full, this.#last.subarray(0, this.#used)]) {
      whole.set(block, at)
      at += block.length
    }
    return whole
  }
}

function useOf(uses: Map<string, Use>, key: string): Use {
  let use = uses.get(key)
  if (use === undefined) uses.set(key, (use = { bytes: 0, count: 0 }))
  return use
}

function busy(): SyncError {
  return new SyncError('UNAVAILABLE', 'Too many requests are under way; nothing was changed. Try again')
}
