import type { Clock } from './id.ts'

/** A moment of one process. It has no meaning in another process. */
export type Instant = { readonly wall: number; readonly uptime: number }

/**
 * Measures how much time has passed in this process. Setting the wall clock back does not reduce it. The result is the longer of two
 * measures: the machine's uptime, which no one can set, and the sum of the wall clock's forward steps. The second measure also counts a
 * suspend if the uptime stops during it.
 *
 * A wall clock that is set forward counts as time. For an idle lock this is the safe side.
 */
export class SteadyClock {
  readonly #wall: Clock
  readonly #uptime: Clock
  #lastWall: number
  #lastUptime: number
  #wallTotal = 0
  #uptimeTotal = 0

  /** @param uptime milliseconds since any fixed moment, for example since the machine's start */
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

  /** Milliseconds since `instant`, never less than 0. */
  msSince(instant: Instant): number {
    const { wall, uptime } = this.instant()
    return Math.max(wall - instant.wall, uptime - instant.uptime)
  }
}
