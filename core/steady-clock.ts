import type { Clock } from './id.ts'

/** A point in time of one process. It has no meaning in another process. */
export type Instant = { readonly wall: number; readonly uptime: number }

/**
 * Measures elapsed time in this process. Setting the wall clock back does not reduce it. The result is the longer of two measures: the uptime
 * of the machine, which cannot be set, and the sum of the forward steps of the wall clock. The second measure includes suspended time if the
 * uptime does not.
 *
 * Setting the wall clock forward counts as elapsed time. For an idle lock, this is the safe side.
 */
export class SteadyClock {
  readonly #wall: Clock
  readonly #uptime: Clock
  #lastWall: number
  #lastUptime: number
  #wallTotal = 0
  #uptimeTotal = 0

  /** @param uptime milliseconds since any fixed time, for example the start of the machine */
  constructor(wall: Clock, uptime: Clock) {
    this.#wall = wall
    this.#uptime = uptime
    this.#lastWall = wall()
    this.#lastUptime = uptime()
  }

  instant(): Instant {
    const [wall, uptime] = [this.#wall(), this.#uptime()]
    this.#wallTotal += Math.max(0, wall - this.#lastWall)
    this.#uptimeTotal += Math.max(0, uptime - this.#lastUptime)
    this.#lastWall = wall
    this.#lastUptime = uptime
    return { wall: this.#wallTotal, uptime: this.#uptimeTotal }
  }

  /** Returns the milliseconds since `instant`, never less than 0. */
  msSince(instant: Instant): number {
    const { wall, uptime } = this.instant()
    return Math.max(wall - instant.wall, uptime - instant.uptime)
  }
}
