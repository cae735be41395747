import type { Timers } from '../transport/network.ts'

/** The time between two heartbeats of a process, ms. */
const HEARTBEAT_MS = 10_000

/** Runs `run` every ten seconds from `start` on. The next one is scheduled after the previous one has ended. */
export class Heartbeat {
  readonly #timers: Timers
  readonly #run: () => Promise<unknown>
  #timer: unknown
  #isStopped = false

  /** @param run handles its own errors. */
  constructor(timers: Timers, run: () => Promise<unknown>) {
    this.#timers = timers
    this.#run = run
  }

  /** Does nothing if the heartbeat runs already or was stopped. */
  start(): void {
    if (this.#isStopped || this.#timer !== undefined) return
    this.#timer = this.#timers.set(HEARTBEAT_MS, () => {
      this.#timer = undefined
      void this.#run().finally(() => this.start())
    })
  }

  stop(): void {
    this.#isStopped = true
    if (this.#timer !== undefined) this.#timers.clear(this.#timer)
  }
}
