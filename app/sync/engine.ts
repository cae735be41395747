import { AppError } from '../../core/errors.ts'
import type { Clock, Id, RandomBytes } from '../../core/id.ts'
import { SyncError, isSyncError, type SyncErrorCode } from '../../core/sync/errors.ts'
import type { Log } from '../logging.ts'
import type { PreparedPush } from '../operations/replication.ts'
import type { Workspace } from '../workspace.ts'
import { INITIAL_STATE, step, type Effect, type MachineEvent, type MachineState, type TimerName } from './machine.ts'
import { pageFacts, pushFacts } from './answer-facts.ts'
import { UnreachableError, type ServerConnection } from './server-connection.ts'

/** Timers, so that tests move time. */
export type Timers = {
  readonly set: (ms: number, run: () => void) => unknown
  readonly clear: (timer: unknown) => void
}

export type EngineOptions = {
  readonly workspace: Workspace
  /** Whose token the device has. */
  readonly userId: Id
  readonly server: ServerConnection
  readonly token: string
  readonly clock: Clock
  readonly random: RandomBytes
  readonly timers: Timers
  readonly log: Log
  /** Something about the engine changed that a status shows. */
  readonly onChange: () => void
  /** The server will not hear this device again without a new sign-in. */
  readonly onLost: (problem: SyncErrorCode) => void
}

/** What the engine knows beyond the file. */
export type EngineView = { readonly isBusy: boolean; readonly isReached: boolean; readonly lastContactAt: number | null }

/** Waits until all is done, or a piece of work fails that was begun no earlier than it came. */
type Waiter = { readonly from: number; readonly resolve: () => void; readonly reject: (error: unknown) => void }

/** The server knows this device, or this person, no more. */
const LOST: ReadonlySet<SyncErrorCode> = new Set(['UNAUTHENTICATED', 'DEVICE_REVOKED', 'USER_DEACTIVATED'])
/** Another try has a chance. */
const PASSING: ReadonlySet<SyncErrorCode> = new Set(['THROTTLED', 'UNAVAILABLE', 'INTERNAL'])

/** One workspace's replication: carries out what `machine.ts` decides. */
export class Engine {
  readonly #options: EngineOptions
  readonly #armed = new Map<TimerName, unknown>()
  #waiters: Waiter[] = []
  /** How many pieces of work were begun. */
  #begun = 0
  #state: MachineState = INITIAL_STATE
  #halt = new AbortController()
  #running: Promise<void> = Promise.resolve()
  #isReached = false
  #lastContactAt: number | null = null
  /** As it stands in the file; undefined: another process may have written it. */
  #problem: string | null | undefined
  /** The last scrub came to its end. */
  #isScrubbed = true
  /** As the last pull left it; null: to be read from the file. */
  #cursor: string | null = null

  constructor(options: EngineOptions) {
    this.#options = options
  }

  get view(): EngineView {
    const isBusy = this.#state.phase === 'pushing' || this.#state.phase === 'pulling'
    return { isBusy, isReached: this.#isReached, lastContactAt: this.#lastContactAt }
  }

  start(): void {
    this.#halt = new AbortController()
    this.tell({ kind: 'started' })
  }

  /** Ends what is under way and waits for it. */
  async stop(): Promise<void> {
    this.tell({ kind: 'stopped' })
    this.#rejectWaiters(new UnreachableError('Replication was stopped'), Number.POSITIVE_INFINITY)
    await this.#running
  }

  /**
   * Resolves when everything that waited is sent and everything that is new is in.
   * @throws what stood in the way, at the first failure.
   */
  settle(): Promise<void> {
    // What is under way was begun in another world: its failure says nothing about now.
    const settled = new Promise<void>((resolve, reject) => this.#waiters.push({ from: this.#begun + 1, resolve, reject }))
    this.tell({ kind: 'nudged' })
    return settled
  }

  tell(event: MachineEvent): void {
    const before = this.#state
    const { random } = this.#options
    const { state, effects } = step(before, event, (random(1)[0] ?? 0) / 256)
    this.#state = state
    for (const effect of effects) this.#carryOut(effect)
    if (state.phase !== before.phase) this.#options.onChange()
    if (state.phase === 'idle' && !state.isWaiting && !state.isPushHeld && !state.pullWanted && !state.pushWanted)
      for (const { resolve } of this.#waiters.splice(0)) resolve()
  }

  #rejectWaiters(error: unknown, work: number): void {
    for (const { from, reject } of this.#waiters) if (from <= work) reject(error)
    this.#waiters = this.#waiters.filter(({ from }) => from > work)
  }

  #carryOut(effect: Effect): void {
    switch (effect.do) {
      case 'arm':
        this.#disarm(effect.timer)
        this.#armed.set(
          effect.timer,
          this.#options.timers.set(effect.ms, () => {
            this.#armed.delete(effect.timer)
            this.tell({ kind: 'timer', timer: effect.timer })
          }),
        )
        return
      case 'disarm':
        return this.#disarm(effect.timer)
      case 'push':
        return this.#run(() => this.#push())
      case 'pull':
        return this.#run(() => this.#pull())
      case 'listen':
        return void this.#listen(this.#halt.signal)
      case 'halt':
        return this.#halt.abort()
    }
  }

  #disarm(timer: TimerName): void {
    const armed = this.#armed.get(timer)
    if (armed === undefined) return
    this.#options.timers.clear(armed)
    this.#armed.delete(timer)
  }

  #run(work: () => Promise<MachineEvent>): void {
    this.#begun++
    this.#running = this.#outcome(work, this.#halt.signal)
  }

  /** @param signal of this run: what a run that was stopped comes to says nothing about the next one. */
  async #outcome(work: () => Promise<MachineEvent>, signal: AbortSignal): Promise<void> {
    try {
      const event = await work()
      if (signal.aborted) return
      this.#isReached = true
      // A push with nothing to send has asked no one.
      if (event.kind === 'pulled') void this.#note(null)
      this.tell(event)
    } catch (error) {
      if (!signal.aborted) this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    const { log } = this.#options
    const code = error instanceof SyncError ? (error.code as SyncErrorCode) : null
    const isRefusal = error instanceof AppError ? error.code === 'REFUSED_BY_SERVER' : code !== null && !PASSING.has(code)
    this.#isReached = !(error instanceof UnreachableError)
    if (!(error instanceof UnreachableError))
      log({
        level: 'warn',
        event: 'sync.failed',
        code: code ?? (error instanceof AppError ? error.code : error instanceof Error ? error.name : 'unknown'),
      })
    const isLost = code !== null && LOST.has(code)
    this.#rejectWaiters(error, isLost ? Number.POSITIVE_INFINITY : this.#begun)
    if (isLost) {
      this.tell({ kind: 'stopped' })
      void this.#lose(code)
      return
    }
    if (isRefusal) void this.#note(code ?? 'EPOCH')
    const retryAfterMs = isSyncError(error, 'THROTTLED') ? error.data.retryAfter * 1_000 : 0
    this.tell({ kind: 'failed', isRefusal, retryAfterMs })
    if (this.#waiters.length > 0) this.tell({ kind: 'nudged' })
    this.#options.onChange()
  }

  async #lose(code: SyncErrorCode): Promise<void> {
    await this.#note(code)
    this.#options.onLost(code)
  }

  /** Keeps why replication stands still where a window can see it after a restart. */
  async #note(problem: string | null): Promise<void> {
    if (problem === this.#problem) return
    this.#problem = problem
    await this.#options.workspace.run('engine.problem', this.#options.userId, { problem }).catch(() => {})
  }

  #contact(): void {
    this.#lastContactAt = this.#options.clock()
    this.#isReached = true
  }

  /**
   * Sends what waits, batch after batch. While one is on its way the next is packed by a reader, and while the next is on its way the
   * writer files the verdicts of the last; the order of the verdicts stays that of the batches.
   */
  async #push(): Promise<MachineEvent> {
    const { workspace, userId, server, token, clock } = this.#options
    const signal = this.#halt.signal
    this.#cursor = null
    let cursor: string | null | undefined
    let filed: Promise<unknown> = Promise.resolve()
    let next: Promise<PreparedPush | null> = workspace.run('engine.prepare', userId, { after: 0 })
    let isBehind = false
    try {
      for (let batch = await next; batch !== null && !signal.aborted; batch = await next) {
        cursor ??= batch.cursor
        const head = `{"sentAt":${clock()},"cursor":${JSON.stringify(cursor)},`
        const sending = server.push(token, Buffer.concat([Buffer.from(head), batch.rest]), signal)
        next = workspace.run('engine.prepare', userId, { after: batch.last })
        const text = await sending
        await filed
        this.#contact()
        const facts = pushFacts(text)
        isBehind = !facts.complete
        cursor = facts.cursor
        filed = workspace.run('engine.pushed', userId, { first: batch.first, last: batch.last, text })
      }
    } finally {
      await Promise.allSettled([next, filed])
    }
    await filed
    return { kind: 'pushed', isBehind }
  }

  /** Fetches what is new, page after page; the next is on its way while the last is written. */
  async #pull(): Promise<MachineEvent> {
    const { workspace, userId, server, token } = this.#options
    const signal = this.#halt.signal
    let cursor = this.#cursor
    if (cursor === null) {
      const connection = await workspace.run('engine.connection', userId, null)
      cursor = connection.cursor
      if (connection.owesScrub) await this.#scrub()
    }
    this.#cursor = null
    let written: Promise<void> = Promise.resolve()
    try {
      for (;;) {
        const text = await server.page(token, cursor, signal)
        await written
        this.#contact()
        const page = pageFacts(text)
        // An empty page at the same place has nothing to commit, not even the cursor.
        if (page.cursor === cursor && page.isComplete && page.isEmpty) break
        if (page.cursor === cursor && !page.isComplete) throw new SyncError('INTERNAL', 'The feed makes no progress')
        written = this.#write(text, cursor)
        cursor = page.cursor
        if (page.isComplete || signal.aborted) break
      }
    } finally {
      await Promise.allSettled([written])
    }
    await written
    // Asked anew, the file says that a scrub is owed still.
    this.#cursor = this.#isScrubbed ? cursor : null
    return { kind: 'pulled' }
  }

  async #write(text: string, after: string | null): Promise<void> {
    const { workspace, userId } = this.#options
    let part = await workspace.run('engine.page', userId, { text, after })
    while (!part.isLast) part = await workspace.run('engine.more', userId, null)
    if (part.owesScrub) await this.#scrub()
  }

  /** What left leaves the disk (S15). Where a reader stands in the way it stays owed, and the next pull tries again. */
  async #scrub(): Promise<void> {
    const { workspace, userId } = this.#options
    let isMerged = await workspace.run('engine.scrubText', userId, { isFirst: true })
    while (!isMerged) isMerged = await workspace.run('engine.scrubText', userId, { isFirst: false })
    this.#isScrubbed = await workspace.run('engine.scrub', userId, null)
    if (this.#isScrubbed) await workspace.run('engine.scrubbed', userId, null)
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const { server, token } = this.#options
    try {
      await server.listen(
        token,
        () => this.tell({ kind: 'streamOpened' }),
        () => this.tell({ kind: 'poked' }),
        signal,
      )
    } catch {
      // The next push or pull meets the same obstacle and says what it is.
    }
    if (!signal.aborted) this.tell({ kind: 'streamEnded' })
  }
}
