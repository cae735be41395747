import { AppError } from '../../../core/errors.ts'
import type { Clock, RandomBytes, UserId } from '../../../core/id.ts'
import type { PageEnvelope } from '../../../core/sync/envelope.ts'
import { SyncError } from '../../../core/sync/errors.ts'
import type { Direction } from '../../../core/sync/problems.ts'
import type { Log } from '../../../platform/log/log.ts'
import type { PreparedPush } from '../../operations/engine-transfer.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { INITIAL_STATE, type Effect, type MachineEvent, type MachineState, type TimerName } from './machine-state.ts'
import { step } from './machine.ts'
import { fetchPages, type PageSource } from './fetch-pages.ts'
import { TeamFetch } from './fetch-team.ts'
import { writePage } from './write-page.ts'
import { classify, type LostCode } from './failure.ts'
import type { Timers } from '../transport/network.ts'
import { UnreachableError, type Answer, type ServerTransport } from '../transport/server-transport.ts'
import { startedAhead } from '../transport/started-ahead.ts'

export type EngineOptions = {
  readonly workspace: Workspace
  /** The person who owns the device's token. */
  readonly userId: UserId
  readonly server: ServerTransport
  readonly token: string
  readonly clock: Clock
  readonly random: RandomBytes
  readonly timers: Timers
  readonly log: Log
  /** Called when the status may have changed. */
  readonly onChange: () => void
  /** The server accepts no request of this device without a new sign-in. */
  readonly onLost: (problem: LostCode) => void
}

/** The engine's state that is not in the file. */
export type EngineView = {
  readonly isBusy: boolean
  /** Whether the server answered the last attempt; null: no attempt has ended yet. */
  readonly isReached: boolean | null
  /** Problems that could not be written to the file, for example because the disk is full; by direction, or of both. */
  readonly unsaved: ReadonlyMap<Direction | null, string>
}

const TIMER_EVENTS = {
  retry: { kind: 'retryDue' },
  poll: { kind: 'pollDue' },
  stream: { kind: 'streamDue' },
} as const satisfies Record<TimerName, MachineEvent>

/** A call of `settle`. It ends when all work is done, or when a push or pull fails that started after it. */
type Waiter = { readonly from: number; readonly resolve: () => void; readonly reject: (error: unknown) => void }

/** One workspace's sync: carries out the effects of `machine.ts` and dispatches their results. */
export class Engine {
  readonly #options: EngineOptions
  readonly #armed = new Map<TimerName, unknown>()
  readonly #team: TeamFetch
  #waiters: Waiter[] = []
  /** The number of pushes and pulls that were started. */
  #started = 0
  #state: MachineState = INITIAL_STATE
  #halt = new AbortController()
  #running: Promise<void> = Promise.resolve()
  #isReached: boolean | null = null
  readonly #unsaved = new Map<Direction | null, string>()
  /** The file's entry about a server that is not reached; undefined: not known, because another process may have written it. */
  #notedAway: 'NOT_THE_SERVER' | null | undefined
  /** The last scrub was complete. */
  #isScrubbed = true
  /** The cursor after the last pull; null: it has to be read from the file. */
  #cursor: string | null = null

  constructor(options: EngineOptions) {
    this.#options = options
    this.#team = new TeamFetch(options)
  }

  get view(): EngineView {
    const isBusy = this.#state.phase === 'pushing' || this.#state.phase === 'pulling'
    return { isBusy, isReached: this.#isReached, unsaved: this.#unsaved }
  }

  start(): void {
    this.#halt = new AbortController()
    this.dispatch({ kind: 'started' })
  }

  /** Aborts the running push or pull and waits for its end. */
  async stop(): Promise<void> {
    this.dispatch({ kind: 'stopped' })
    this.#rejectWaiters(new UnreachableError('Sync was stopped'), Number.POSITIVE_INFINITY)
    await this.#running
  }

  /**
   * Resolves when the outbox is sent and all new rows are stored.
   * @throws the first failure of a push or pull that starts after this call.
   */
  settle(): Promise<void> {
    // Ignore failures of work that started before this call.
    const settled = new Promise<void>((resolve, reject) => this.#waiters.push({ from: this.#started + 1, resolve, reject }))
    this.dispatch({ kind: 'nudged' })
    return settled
  }

  dispatch(event: MachineEvent): void {
    const before = this.#state
    const { random } = this.#options
    const { state, effects } = step(before, event, (random(1)[0] ?? 0) / 256)
    this.#state = state
    for (const effect of effects) this.#carryOut(effect)
    if (state.phase !== before.phase) this.#options.onChange()
    const { phase, pullWanted, pushWanted } = state
    if (phase === 'idle' && !pullWanted && !pushWanted) for (const { resolve } of this.#waiters.splice(0)) resolve()
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
            this.dispatch(TIMER_EVENTS[effect.timer])
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
    this.#started++
    this.#running = this.#outcome(work, this.#halt.signal)
  }

  /** @param signal of this run: the result of a stopped run does not affect the next run. */
  async #outcome(work: () => Promise<MachineEvent>, signal: AbortSignal): Promise<void> {
    try {
      const event = await work()
      if (!signal.aborted) this.dispatch(event)
    } catch (error) {
      if (!signal.aborted) await this.#fail(error, signal)
    }
  }

  /** Writes the problem to the file before the failure is reported, so that the failing command and a status show the same. */
  async #fail(error: unknown, signal: AbortSignal): Promise<void> {
    const direction = this.#state.phase === 'pushing' ? 'push' : 'pull'
    const failure = classify(error, this.#state.failures + 1)
    if (failure.kind === 'unreachable') this.#isReached = false
    if (failure.kind !== 'unreachable' || failure.problem !== null) this.#logFailure(error)
    if (failure.kind === 'lost') {
      await this.#noteLost(failure.problem)
      if (signal.aborted) return
      this.#rejectWaiters(error, Number.POSITIVE_INFINITY)
      this.dispatch({ kind: 'stopped' })
      this.#options.onLost(failure.problem)
      return
    }
    if (failure.kind === 'unreachable') await this.#noteAway(failure.problem)
    else if (failure.problem !== null) await this.#note(direction, failure.problem)
    if (signal.aborted) return
    this.#rejectWaiters(error, this.#started)
    const retryAfterMs = failure.kind === 'passing' ? failure.retryAfterMs : 0
    this.dispatch({ kind: 'failed', isRefusal: failure.kind === 'refused', retryAfterMs })
    if (this.#waiters.length > 0) this.dispatch({ kind: 'nudged' })
    this.#options.onChange()
  }

  #logFailure(error: unknown): void {
    const isTyped = error instanceof SyncError || error instanceof AppError
    const code = isTyped ? String(error.code) : error instanceof Error ? error.name : 'unknown'
    this.#options.log({ level: 'warn', event: 'sync.failed', code })
  }

  async #noteLost(code: LostCode): Promise<void> {
    const { workspace, userId } = this.#options
    try {
      await workspace.run('engine.lost', userId, { code })
    } catch {
      // For example, the disk is full. The next process with this token gets the same answer.
      this.#unsaved.set(null, code)
    }
  }

  /** Writes the problem of a direction to the file, so that every process on this device shows it until that direction succeeds. */
  async #note(of: Direction, code: string): Promise<void> {
    const { workspace, userId } = this.#options
    try {
      await workspace.run('engine.problem', userId, { of, code })
      this.#unsaved.delete(of)
    } catch {
      this.#unsaved.set(of, code)
    }
  }

  async #noteAway(problem: 'NOT_THE_SERVER' | null): Promise<void> {
    if (this.#notedAway === problem) return
    this.#notedAway = problem
    const { workspace, userId } = this.#options
    await workspace.run('engine.away', userId, { problem }).catch(() => (this.#notedAway = undefined))
  }

  /** Called after the file holds the result of `of` and no longer holds its problem. */
  #succeeded(of: Direction): void {
    this.#unsaved.delete(of)
    this.#unsaved.delete(null)
    this.#notedAway = null
  }

  /**
   * Sends the outbox, batch after batch. While one batch is under way a reader packs the next one, and the writer stores the verdicts of the
   * previous one. Verdicts are stored in the order of the batches.
   */
  async #push(): Promise<MachineEvent> {
    const { workspace, userId, server, token, clock } = this.#options
    const signal = this.#halt.signal
    this.#cursor = null
    let cursor: string | null | undefined
    let stored: Promise<unknown> = Promise.resolve()
    let next: Promise<PreparedPush | null> = startedAhead(workspace.run('engine.prepare', userId, { after: 0 }))
    let isBehind = false
    let isFirst = true
    try {
      for (let batch = await next; batch !== null && !signal.aborted; batch = await next) {
        isFirst = false
        cursor ??= batch.cursor
        const sending = startedAhead(server.push(token, { sentAt: clock(), cursor }, batch.body, signal))
        next = startedAhead(workspace.run('engine.prepare', userId, { after: batch.last }))
        const answer = await sending
        await stored
        this.#isReached = true
        isBehind = !answer.envelope.complete
        cursor = answer.envelope.cursor
        stored = startedAhead(workspace.run('engine.pushed', userId, { first: batch.first, last: batch.last, ...answer }))
      }
    } finally {
      await Promise.allSettled([next, stored])
    }
    await stored
    if (isFirst) await this.#forgetPushProblem()
    if (!isFirst) this.#succeeded('push')
    return { kind: 'pushed', isBehind }
  }

  /** The outbox is empty because another process sent it or a person discarded it, so no refusal is left. */
  async #forgetPushProblem(): Promise<void> {
    const { workspace, userId } = this.#options
    this.#unsaved.delete('push')
    const { pushProblem } = await workspace.run('engine.deviceState', userId, null)
    if (pushProblem !== null) await workspace.run('engine.problem', userId, { of: 'push', code: null })
  }

  /** Fetches new rows, page after page. */
  async #pull(): Promise<MachineEvent> {
    const { workspace, userId, server, token } = this.#options
    const signal = this.#halt.signal
    let cursor = this.#cursor
    if (cursor === null) {
      const device = await workspace.run('engine.deviceState', userId, null)
      cursor = device.cursor
      if (device.isScrubPending) await this.#scrub()
    }
    this.#cursor = null
    const source: PageSource = {
      fetch: async (after) => {
        const page = await server.page(token, after, signal)
        this.#isReached = true
        return page
      },
      write: (page, after) => this.#write(page, after),
      stalled: () => new SyncError('INTERNAL', 'The feed makes no progress'),
    }
    for await (const page of fetchPages(source, cursor)) {
      cursor = page.cursor
      if (signal.aborted) return { kind: 'pulled' }
    }
    this.#succeeded('pull')
    await this.#team.run(this.#waiters.length > 0, signal)
    // The file still has the scrub marked as pending, so the next pull tries again.
    this.#cursor = this.#isScrubbed ? cursor : null
    return { kind: 'pulled' }
  }

  async #write(page: Answer<PageEnvelope>, after: string | null): Promise<void> {
    const { workspace, userId } = this.#options
    const { cursor, complete, isEmpty, epoch } = page.envelope
    if (isEmpty && complete && cursor === after) return void (await workspace.run('engine.unchanged', userId, { epoch }))
    const { isScrubPending } = await writePage(workspace, userId, page, after)
    if (isScrubPending) await this.#scrub()
  }

  /** Erases removed rows from the disk (S15). Where a reader blocks the checkpoint, the next pull tries again. */
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
        () => this.dispatch({ kind: 'streamOpened' }),
        () => this.dispatch({ kind: 'poked' }),
        signal,
      )
    } catch {
      // The next push or pull fails for the same reason and reports it.
    }
    if (!signal.aborted) this.dispatch({ kind: 'streamEnded' })
  }
}
