/** Work up to this time is not counted: for short work, taking turns is fair enough, ms. */
const SHORT_MS = 100
/** A requester with more counted work than this is served after the others, ms. */
const FREE_MS = 1_000
/** The counted work that is written off per millisecond. */
const RECOVERY = 0.25
/** The most counted work of a requester, so that its wait stays bounded: a device stops waiting for an answer after a minute, ms. */
const MOST_DEBT_MS = 10_000
/** A requester is active for this time after its last request or work, ms. */
const ACTIVE_MS = 2_000

/** Each size of work has its own places, so that short work does not wait until long work ends. */
export type Size = 'short' | 'long'
type Job = { readonly size: Size; readonly run: () => Promise<void> }

type RequesterQueue = {
  readonly waiting: Job[]
  running: boolean
  /** The requester's counted work at `debtAt`, ms. */
  debt: number
  debtAt: number
  /** The time of its last request or work. */
  seenAt: number
}

/** Adds the milliseconds that a piece of work took, without waiting. */
export type Charge = (ms: number) => void

/** The part of a clock that the queue needs. */
export type QueueClock = {
  readonly now: () => number
  /** Calls back once after `ms`. */
  readonly wake: (ms: number, callback: () => void) => void
}

const SYSTEM_CLOCK: QueueClock = {
  now: () => performance.now(),
  wake: (ms, callback) => void setTimeout(callback, ms).unref(),
}

/**
 * Shares one resource between requesters. Each requester has one piece of work under way at a time, and the requesters take turns, so that many
 * requests of one requester do not delay another. A requester with much long work is served after the others. While others are active, it gets a
 * quarter of the resource; alone, it gets all of it.
 */
export class FairQueue {
  /** In the order of their next turn. */
  readonly #queues = new Map<string, RequesterQueue>()
  readonly #atOnce: Readonly<Record<Size, number>>
  readonly #clock: QueueClock
  readonly #running = { short: 0, long: 0 }
  #isWaking = false

  /** @param atOnce the number of requesters whose work of each size may be under way at the same time. */
  constructor(atOnce: Partial<Record<Size, number>>, clock: QueueClock = SYSTEM_CLOCK) {
    this.#atOnce = { short: 0, long: 0, ...atOnce }
    this.#clock = clock
  }

  /** Runs `work` when it is the turn of `requester`. Settles like `work`. */
  run<T>(requester: string, size: Size, work: (charge: Charge) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const queue = this.#queueOf(requester)
      const run = async () => {
        let spent = 0
        try {
          resolve(
            await work((ms) => {
              spent += ms
            }),
          )
        } catch (error) {
          reject(error)
        } finally {
          this.#settle(requester, queue, size, spent)
        }
      }
      queue.waiting.push({ size, run })
      this.#next()
    })
  }

  #queueOf(requester: string): RequesterQueue {
    const now = this.#clock.now()
    const queue = this.#queues.get(requester) ?? { waiting: [], running: false, debt: 0, debtAt: now, seenAt: now }
    queue.seenAt = now
    this.#queues.set(requester, queue)
    return queue
  }

  #recover(queue: RequesterQueue, now: number): void {
    queue.debt = Math.max(0, queue.debt - (now - queue.debtAt) * RECOVERY)
    queue.debtAt = now
  }

  #settle(requester: string, queue: RequesterQueue, size: Size, spent: number): void {
    this.#running[size]--
    queue.running = false
    queue.seenAt = this.#clock.now()
    this.#recover(queue, queue.seenAt)
    queue.debt = Math.min(MOST_DEBT_MS, queue.debt + Math.max(0, spent - SHORT_MS))
    // Move the requester to the end of the turns.
    this.#queues.delete(requester)
    this.#queues.set(requester, queue)
    this.#next()
  }

  #next(): void {
    for (let job = this.#choose(); job !== undefined; job = this.#choose()) {
      this.#running[job.size]++
      void job.run()
    }
  }

  #hasPlace({ size }: Job): boolean {
    return this.#running[size] < this.#atOnce[size]
  }

  #choose(): Job | undefined {
    const now = this.#clock.now()
    let indebted: RequesterQueue | undefined
    let active = 0
    for (const [requester, queue] of this.#queues) {
      const isIdle = !queue.running && queue.waiting.length === 0
      if (!isIdle || now - queue.seenAt < ACTIVE_MS) active++
      this.#recover(queue, now)
      if (isIdle && queue.debt === 0 && now - queue.seenAt >= ACTIVE_MS) this.#queues.delete(requester)
      const [next] = queue.waiting
      if (next === undefined || queue.running || !this.#hasPlace(next)) continue
      if (queue.debt <= FREE_MS) return this.#take(queue)
      if (indebted === undefined || queue.debt < indebted.debt) indebted = queue
    }
    if (indebted === undefined) return undefined
    if (active === 1) return this.#take(indebted)
    this.#wakeIn(Math.min(ACTIVE_MS, (indebted.debt - FREE_MS) / RECOVERY))
    return undefined
  }

  #take(queue: RequesterQueue): Job | undefined {
    queue.running = true
    return queue.waiting.shift()
  }

  #wakeIn(ms: number): void {
    if (this.#isWaking) return
    this.#isWaking = true
    this.#clock.wake(Math.max(1, ms), () => {
      this.#isWaking = false
      this.#next()
    })
  }
}
