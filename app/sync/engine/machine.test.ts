import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  INITIAL_STATE,
  type Effect,
  type EventKind,
  type MachineEvent,
  type MachineState,
  type Phase,
  type Stream,
  type TimerName,
} from './machine-state.ts'
import { ENGINE, STREAM, step } from './machine.ts'
import { POLL_MS, waitMs } from './transitions.ts'

/** The machine with its armed timers and the pushes, pulls and streams that it started. */
class Run {
  state: MachineState = INITIAL_STATE
  readonly armed = new Map<TimerName, number>()
  readonly done: Effect['do'][] = []

  dispatch(event: MachineEvent): this {
    const { state, effects } = step(this.state, event, 0.5)
    this.state = state
    for (const effect of effects) {
      if (effect.do === 'arm') this.armed.set(effect.timer, effect.ms)
      else if (effect.do === 'disarm') this.armed.delete(effect.timer)
      else this.done.push(effect.do)
    }
    return this
  }

  fire(timer: TimerName): this {
    this.armed.delete(timer)
    return this.dispatch(TIMER_EVENTS[timer])
  }

  took(): Effect['do'][] {
    return this.done.splice(0)
  }
}

const TIMER_EVENTS = {
  retry: { kind: 'retryDue' },
  poll: { kind: 'pollDue' },
  stream: { kind: 'streamDue' },
} as const

const failed: MachineEvent = { kind: 'failed', isRefusal: false, retryAfterMs: 0 }
const refused: MachineEvent = { kind: 'failed', isRefusal: true, retryAfterMs: 0 }
const started = () => new Run().dispatch({ kind: 'started' })
const idle = () => {
  const run = started().dispatch({ kind: 'pushed', isBehind: false }).dispatch({ kind: 'pulled' })
  run.took()
  return run
}

const EVENTS: { readonly [K in EventKind]: Extract<MachineEvent, { readonly kind: K }> } = {
  started: { kind: 'started' },
  stopped: { kind: 'stopped' },
  wrote: { kind: 'wrote' },
  poked: { kind: 'poked' },
  nudged: { kind: 'nudged' },
  retryDue: { kind: 'retryDue' },
  pollDue: { kind: 'pollDue' },
  streamDue: { kind: 'streamDue' },
  pushed: { kind: 'pushed', isBehind: true },
  pulled: { kind: 'pulled' },
  failed: { kind: 'failed', isRefusal: false, retryAfterMs: 0 },
  streamOpened: { kind: 'streamOpened' },
  streamEnded: { kind: 'streamEnded' },
}
const KINDS = Object.keys(EVENTS) as EventKind[]

/** Nothing is pending and no direction is refused. */
const engineIn = (phase: Phase): MachineState => ({ ...INITIAL_STATE, phase, stream: phase === 'off' ? 'off' : 'open' })
const streamIn = (stream: Stream): MachineState => ({ ...INITIAL_STATE, phase: stream === 'off' ? 'off' : 'pushing', stream })

const STOPPED = 'off: disarm retry, disarm poll, halt'

/** The next phase and the effects of the engine’s table. `-`: the event changes nothing. */
const ENGINE_CELLS: Record<EventKind, Record<Phase, string>> = {
  started: { off: 'pushing +pull: arm poll, push', idle: '-', waiting: '-', pushing: '-', pulling: '-' },
  stopped: { off: '-', idle: STOPPED, waiting: STOPPED, pushing: STOPPED, pulling: STOPPED },
  wrote: { off: '-', idle: 'pushing: push', waiting: 'waiting +push', pushing: 'pushing +push', pulling: 'pulling +push' },
  poked: {
    off: '-',
    idle: 'pulling: pull',
    waiting: 'pulling: disarm retry, pull',
    pushing: 'pushing +pull',
    pulling: 'pulling +pull',
  },
  nudged: {
    off: '-',
    idle: 'pushing +pull: push',
    waiting: 'pushing +pull: disarm retry, push',
    pushing: 'pushing +push +pull',
    pulling: 'pulling +push +pull',
  },
  retryDue: { off: '-', idle: '-', waiting: 'idle', pushing: '-', pulling: '-' },
  pollDue: {
    off: '-',
    idle: 'pushing +pull: arm poll, push',
    waiting: 'waiting +push +pull: arm poll',
    pushing: 'pushing +push +pull: arm poll',
    pulling: 'pulling +push +pull: arm poll',
  },
  streamDue: { off: '-', idle: '-', waiting: '-', pushing: '-', pulling: '-' },
  pushed: { off: '-', idle: '-', waiting: '-', pushing: 'pulling: pull', pulling: '-' },
  pulled: { off: '-', idle: '-', waiting: '-', pushing: '-', pulling: 'idle' },
  failed: { off: '-', idle: '-', waiting: '-', pushing: 'waiting +push: arm retry', pulling: 'waiting +pull: arm retry' },
  streamOpened: { off: '-', idle: '-', waiting: '-', pushing: '-', pulling: '-' },
  // The stream's table adds the requested pull.
  streamEnded: { off: '-', idle: 'pulling: pull', waiting: '-', pushing: '-', pulling: '-' },
}

/** The same for the table of the stream, while the engine runs. */
const STREAM_CELLS: Record<EventKind, Record<Stream, string>> = {
  started: { off: 'opening: listen', closed: '-', opening: '-', open: '-' },
  stopped: { off: '-', closed: 'off: disarm stream', opening: 'off: disarm stream', open: 'off: disarm stream' },
  wrote: { off: '-', closed: '-', opening: '-', open: '-' },
  poked: { off: '-', closed: '-', opening: '-', open: '-' },
  nudged: { off: '-', closed: 'opening: disarm stream, listen', opening: '-', open: '-' },
  retryDue: { off: '-', closed: '-', opening: '-', open: '-' },
  pollDue: { off: '-', closed: '-', opening: '-', open: '-' },
  streamDue: { off: '-', closed: 'opening: listen', opening: '-', open: '-' },
  pushed: { off: '-', closed: '-', opening: '-', open: '-' },
  pulled: { off: '-', closed: '-', opening: '-', open: '-' },
  failed: { off: '-', closed: '-', opening: '-', open: '-' },
  streamOpened: { off: '-', closed: '-', opening: 'open', open: '-' },
  streamEnded: { off: '-', closed: '-', opening: 'closed: arm stream', open: 'closed +pull: arm stream' },
}

function described(before: MachineState, after: MachineState, place: string, effects: readonly Effect[]): string {
  if (after === before && effects.length === 0) return '-'
  const wanted = `${after.pushWanted ? ' +push' : ''}${after.pullWanted ? ' +pull' : ''}`
  const made = effects.map((effect) => ('timer' in effect ? `${effect.do} ${effect.timer}` : effect.do))
  return `${place}${wanted}${made.length === 0 ? '' : `: ${made.join(', ')}`}`
}

describe('every cell of the tables', () => {
  test.each(KINDS.flatMap((kind) => (Object.keys(ENGINE) as Phase[]).map((phase) => [kind, phase] as const)))(
    'engine: %s while %s',
    (kind, phase) => {
      const isWanted = kind === 'streamEnded' && phase === 'idle'
      const before = isWanted ? { ...engineIn(phase), pullWanted: true } : engineIn(phase)
      const { state, effects } = ENGINE[phase][kind](before, EVENTS[kind] as never, 0.5)
      expect(described(before, state, state.phase, effects)).toBe(ENGINE_CELLS[kind][phase])
    },
  )

  test.each(KINDS.flatMap((kind) => (Object.keys(STREAM) as Stream[]).map((stream) => [kind, stream] as const)))(
    'stream: %s while %s',
    (kind, stream) => {
      const before = streamIn(stream)
      const { state, effects } = STREAM[stream][kind](before, EVENTS[kind] as never, 0.5)
      expect(described(before, state, state.stream, effects)).toBe(STREAM_CELLS[kind][stream])
    },
  )

  test('docs/sync.md shows both tables', () => {
    const docs = readFileSync(new URL('../../../docs/sync.md', import.meta.url), 'utf8').replaceAll(/ +/g, ' ')
    for (const table of [ENGINE, STREAM])
      for (const kind of KINDS) {
        const cells = Object.values(table).map((row) => (row[kind].name === 'ignore' ? '–' : `\`${row[kind].name}\``))
        expect(docs).toContain(`| \`${kind}\` | ${cells.join(' | ')} |`)
      }
  })
})

test('pushes, then pulls, then is idle with the poll armed [S20]', () => {
  const run = started()
  expect(run.took()).toEqual(['listen', 'push'])
  run.dispatch({ kind: 'pushed', isBehind: false })
  expect(run.took()).toEqual(['pull'])
  run.dispatch({ kind: 'pulled' })
  expect(run.state.phase).toBe('idle')
  expect(run.armed.get('poll')).toBe(POLL_MS)
})

test('a poke and the network’s return start a sync at once, also during a back-off [S20]', () => {
  expect(idle().dispatch({ kind: 'poked' }).took()).toEqual(['pull'])
  const waiting = started().dispatch(failed)
  waiting.took()
  expect(waiting.armed.has('retry')).toBe(true)
  waiting.dispatch({ kind: 'poked' })
  // The failed push goes first.
  expect(waiting.took()).toEqual(['push'])
  expect(waiting.armed.has('retry')).toBe(false)
  expect(started().dispatch(failed).dispatch({ kind: 'nudged' }).took()).toEqual(['listen', 'push', 'push'])
})

test('a local write is pushed at once, or during a back-off when the retry timer fires [S20]', () => {
  expect(idle().dispatch({ kind: 'wrote' }).took()).toEqual(['push'])
  const waiting = started().dispatch(failed)
  waiting.took()
  waiting.dispatch({ kind: 'wrote' })
  expect(waiting.took()).toEqual([])
  expect(waiting.armed.has('retry')).toBe(true)
  expect(waiting.fire('retry').took()).toEqual(['push'])
})

test('a write during a push is pushed after it: no upload waits for the next write [S20]', () => {
  const run = started()
  run.took()
  run.dispatch({ kind: 'wrote' }).dispatch({ kind: 'pushed', isBehind: false })
  expect(run.took()).toEqual(['push'])
})

test('the back-off doubles with every failure up to half a minute, half of it is random, and a success resets it [S20]', () => {
  expect(waitMs(1, 0)).toBe(500)
  expect(waitMs(1, 1)).toBe(1_000)
  expect(waitMs(3, 0.5)).toBe(3_000)
  expect(waitMs(50, 1)).toBe(30_000)
  const run = started().dispatch(failed).fire('retry').dispatch(failed)
  expect(run.armed.get('retry')).toBe(1_500)
  run.fire('retry').dispatch({ kind: 'pulled' })
  expect(run.state.failures).toBe(0)
})

test('the engine waits as long as the server requests', () => {
  expect(started().dispatch({ kind: 'failed', isRefusal: false, retryAfterMs: 90_000 }).armed.get('retry')).toBe(90_000)
})

test('a server that requests a wait of a month is retried within an hour [S20]', () => {
  for (const retryAfterMs of [30 * 86_400_000, Number.MAX_SAFE_INTEGER])
    expect(started().dispatch({ kind: 'failed', isRefusal: false, retryAfterMs }).armed.get('retry')).toBe(3_600_000)
})

test('a refused push does not delay pulls, and the next poll retries it [S12]', () => {
  const run = started()
  run.took()
  run.dispatch(refused)
  expect(run.took()).toEqual(['pull'])
  run.dispatch({ kind: 'pulled' })
  expect(run.took()).toEqual([])
  expect(run.fire('poll').took()).toEqual(['push'])
})

test('a refused pull does not delay pushes, and the next poll or a nudge retries it [S22]', () => {
  const run = started().dispatch({ kind: 'pushed', isBehind: false })
  run.took()
  run.dispatch(refused)
  expect(run.took()).toEqual([])
  expect(run.armed.has('retry'), 'the other direction is not delayed').toBe(false)
  run.dispatch({ kind: 'wrote' })
  expect(run.took()).toEqual(['push'])
  run.dispatch({ kind: 'pushed', isBehind: true }).dispatch({ kind: 'poked' })
  expect(run.took(), 'other events do not release it').toEqual([])
  expect(run.fire('poll').took()).toEqual(['push'])
  run.dispatch({ kind: 'pushed', isBehind: false })
  expect(run.took()).toEqual(['pull'])
  run.dispatch(refused)
  expect(run.dispatch({ kind: 'nudged' }).took()).toEqual(['push'])
})

test('if both directions are refused, only the poll retries them', () => {
  const run = started().dispatch(refused).dispatch(refused)
  run.took()
  run.dispatch({ kind: 'wrote' }).dispatch({ kind: 'poked' })
  expect(run.took()).toEqual([])
  expect(run.fire('poll').took()).toEqual(['push'])
})

test('a push that fails several times lets a pull go first, because it may need the pull’s rows [S12]', () => {
  const run = started().dispatch(failed)
  run.took()
  expect(run.fire('retry').took()).toEqual(['push'])
  run.dispatch(failed)
  expect(run.fire('retry').took()).toEqual(['pull'])
  run.dispatch({ kind: 'pulled' })
  expect(run.took()).toEqual(['push'])
  // If both fail they alternate. After a nudge the push goes first.
  run.dispatch(failed).fire('retry').dispatch(failed).fire('retry').dispatch(failed)
  run.took()
  expect(run.fire('retry').took()).toEqual(['push'])
  run.dispatch(failed)
  expect(run.dispatch({ kind: 'nudged' }).took()).toEqual(['push'])
})

test('rows of other devices that a push’s answer announces are pulled', () => {
  const run = idle().dispatch({ kind: 'wrote' }).dispatch({ kind: 'pushed', isBehind: true })
  expect(run.took()).toEqual(['push', 'pull'])
})

test('a stream that ends is opened again after a growing wait, and a pull checks the server at once', () => {
  const run = idle().dispatch({ kind: 'streamOpened' }).dispatch({ kind: 'streamEnded' })
  expect(run.armed.get('stream')).toBe(750)
  expect(run.took()).toEqual(['pull'])
  run.dispatch({ kind: 'pulled' })
  expect(run.fire('stream').took()).toEqual(['listen'])
  run.dispatch({ kind: 'streamEnded' })
  expect(run.armed.get('stream')).toBe(1_500)
})

test('after a stop the engine does nothing and no timer is armed', () => {
  const run = started().dispatch(failed)
  run.took()
  run.dispatch({ kind: 'stopped' })
  expect(run.took()).toEqual(['halt'])
  expect(run.armed.size).toBe(0)
  run.dispatch({ kind: 'wrote' }).dispatch({ kind: 'pushed', isBehind: true })
  expect(run.took()).toEqual([])
})

test('in any order of events: one push or pull at a time, and pending work always has a timer [S20]', () => {
  const events = fc.constantFrom<MachineEvent | 'finish' | TimerName>(
    { kind: 'wrote' },
    { kind: 'poked' },
    { kind: 'nudged' },
    { kind: 'streamOpened' },
    { kind: 'streamEnded' },
    failed,
    refused,
    'finish',
    'retry',
    'poll',
    'stream',
  )
  fc.assert(
    fc.property(fc.array(events, { maxLength: 60 }), (sequence) => {
      const run = started()
      run.took()
      for (const event of sequence) {
        const { phase } = run.state
        const busy = phase === 'pushing' || phase === 'pulling'
        if (event === 'finish') {
          if (busy) run.dispatch(phase === 'pushing' ? { kind: 'pushed', isBehind: false } : { kind: 'pulled' })
        } else if (typeof event === 'string') {
          if (run.armed.has(event)) run.fire(event)
        } else if (event.kind === 'failed') {
          if (busy) run.dispatch(event)
        } else if (event.kind === 'streamOpened' || event.kind === 'streamEnded') {
          const { stream } = run.state
          if (stream === 'opening' || (stream === 'open' && event.kind === 'streamEnded')) run.dispatch(event)
        } else run.dispatch(event)
        const work = run.took().filter((each) => each === 'push' || each === 'pull')
        expect(work.length).toBeLessThanOrEqual(1)
        const { state } = run
        expect(run.armed.has('poll')).toBe(true)
        expect(run.armed.has('retry')).toBe(state.phase === 'waiting')
        if (state.phase === 'idle' && state.pushWanted) expect(state.isPushHeld).toBe(true)
        if (state.phase === 'idle' && state.pullWanted) expect(state.isPullHeld).toBe(true)
        expect(run.armed.has('stream')).toBe(state.stream === 'closed')
      }
    }),
    { numRuns: 2_000 },
  )
})
