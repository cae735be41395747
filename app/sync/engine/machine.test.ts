import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  INITIAL_STATE,
  POLL_MS,
  step,
  waitMs,
  type Effect,
  type MachineEvent,
  type MachineState,
  type TimerName,
} from './machine.ts'

/** The machine with the world around it: which timers stand, and what is under way. */
class Run {
  state: MachineState = INITIAL_STATE
  readonly armed = new Map<TimerName, number>()
  readonly done: Effect['do'][] = []

  tell(event: MachineEvent): this {
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
    return this.tell({ kind: 'timer', timer })
  }

  took(): Effect['do'][] {
    return this.done.splice(0)
  }
}

const failed: MachineEvent = { kind: 'failed', isRefusal: false, retryAfterMs: 0 }
const refused: MachineEvent = { kind: 'failed', isRefusal: true, retryAfterMs: 0 }
const started = () => new Run().tell({ kind: 'started' })
const idle = () => {
  const run = started().tell({ kind: 'pushed', isBehind: false }).tell({ kind: 'pulled' })
  run.took()
  return run
}

test('sends what waits, then fetches, then rests with the poll armed [S20]', () => {
  const run = started()
  expect(run.took()).toEqual(['listen', 'push'])
  run.tell({ kind: 'pushed', isBehind: false })
  expect(run.took()).toEqual(['pull'])
  run.tell({ kind: 'pulled' })
  expect(run.state.phase).toBe('idle')
  expect(run.armed.get('poll')).toBe(POLL_MS)
})

test('a poke and the network’s return act at once, also in the middle of a wait [S20]', () => {
  expect(idle().tell({ kind: 'poked' }).took()).toEqual(['pull'])
  const waiting = started().tell(failed)
  waiting.took()
  expect(waiting.armed.has('retry')).toBe(true)
  waiting.tell({ kind: 'poked' })
  // What had failed comes first.
  expect(waiting.took()).toEqual(['push'])
  expect(waiting.armed.has('retry')).toBe(false)
  expect(started().tell(failed).tell({ kind: 'nudged' }).took()).toEqual(['listen', 'push', 'push'])
})

test('a local write is sent at once, but in the middle of a wait by the timer that is armed [S20]', () => {
  expect(idle().tell({ kind: 'wrote' }).took()).toEqual(['push'])
  const waiting = started().tell(failed)
  waiting.took()
  waiting.tell({ kind: 'wrote' })
  expect(waiting.took()).toEqual([])
  expect(waiting.armed.has('retry')).toBe(true)
  expect(waiting.fire('retry').took()).toEqual(['push'])
})

test('what is written while a push is under way is pushed after it: no upload waits for the next write [S20]', () => {
  const run = started()
  run.took()
  run.tell({ kind: 'wrote' }).tell({ kind: 'pushed', isBehind: false })
  expect(run.took()).toEqual(['push'])
})

test('the wait doubles with every failure up to half a minute, half of it by chance, and a success forgets it [S20]', () => {
  expect(waitMs(1, 0)).toBe(500)
  expect(waitMs(1, 1)).toBe(1_000)
  expect(waitMs(3, 0.5)).toBe(3_000)
  expect(waitMs(50, 1)).toBe(30_000)
  const run = started().tell(failed).fire('retry').tell(failed)
  expect(run.armed.get('retry')).toBe(1_500)
  run.fire('retry').tell({ kind: 'pushed', isBehind: false })
  expect(run.state.failures).toBe(0)
})

test('a server that asks for patience gets it', () => {
  expect(started().tell({ kind: 'failed', isRefusal: false, retryAfterMs: 90_000 }).armed.get('retry')).toBe(90_000)
})

test('a server that asks for a wait of a month is tried again within an hour [S20]', () => {
  for (const retryAfterMs of [30 * 86_400_000, Number.MAX_SAFE_INTEGER])
    expect(started().tell({ kind: 'failed', isRefusal: false, retryAfterMs }).armed.get('retry')).toBe(3_600_000)
})

test('a refused push holds up no pull, and is tried again with the next poll [S12]', () => {
  const run = started()
  run.took()
  run.tell(refused)
  expect(run.took()).toEqual(['pull'])
  run.tell({ kind: 'pulled' })
  expect(run.took()).toEqual([])
  expect(run.fire('poll').took()).toEqual(['push'])
})

test('a refused pull does not delay pushes, and is retried with the next poll or on request [S22]', () => {
  const run = started().tell({ kind: 'pushed', isBehind: false })
  run.took()
  run.tell(refused)
  expect(run.took()).toEqual([])
  expect(run.armed.has('retry'), 'the other direction is not delayed').toBe(false)
  run.tell({ kind: 'wrote' })
  expect(run.took()).toEqual(['push'])
  run.tell({ kind: 'pushed', isBehind: true }).tell({ kind: 'poked' })
  expect(run.took(), 'more pages do not clear it').toEqual([])
  expect(run.fire('poll').took()).toEqual(['push'])
  run.tell({ kind: 'pushed', isBehind: false })
  expect(run.took()).toEqual(['pull'])
  run.tell(refused)
  expect(run.tell({ kind: 'nudged' }).took()).toEqual(['push'])
})

test('if both directions are refused, only the poll retries them', () => {
  const run = started().tell(refused).tell(refused)
  run.took()
  run.tell({ kind: 'wrote' }).tell({ kind: 'poked' })
  expect(run.took()).toEqual([])
  expect(run.fire('poll').took()).toEqual(['push'])
})

test('a push that fails again and again holds up no pull, whose rows it may need [S12]', () => {
  const run = started().tell(failed)
  run.took()
  expect(run.fire('retry').took()).toEqual(['push'])
  run.tell(failed)
  expect(run.fire('retry').took()).toEqual(['pull'])
  run.tell({ kind: 'pulled' })
  expect(run.took()).toEqual(['push'])
  // Where neither comes through they take turns, and the network’s return sends first.
  run.tell(failed).fire('retry').tell(failed).fire('retry').tell(failed)
  run.took()
  expect(run.fire('retry').took()).toEqual(['push'])
  run.tell(failed)
  expect(run.tell({ kind: 'nudged' }).took()).toEqual(['push'])
})

test('someone else’s rows behind a push are fetched', () => {
  const run = idle().tell({ kind: 'wrote' }).tell({ kind: 'pushed', isBehind: true })
  expect(run.took()).toEqual(['push', 'pull'])
})

test('a stream that ends is opened again after a wait that grows, and whether the server is there is asked at once', () => {
  const run = idle().tell({ kind: 'streamOpened' }).tell({ kind: 'streamEnded' })
  expect(run.armed.get('stream')).toBe(750)
  expect(run.took()).toEqual(['pull'])
  run.tell({ kind: 'pulled' })
  expect(run.fire('stream').took()).toEqual(['listen'])
  run.tell({ kind: 'streamEnded' })
  expect(run.armed.get('stream')).toBe(1_500)
})

test('stopped, it does nothing and no timer stands', () => {
  const run = started().tell(failed)
  run.took()
  run.tell({ kind: 'stopped' })
  expect(run.took()).toEqual(['halt'])
  expect(run.armed.size).toBe(0)
  run.tell({ kind: 'wrote' }).tell({ kind: 'pushed', isBehind: true })
  expect(run.took()).toEqual([])
})

test('whatever happens in whatever order: one piece of work at a time, and what waits always has a timer [S20]', () => {
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
          if (busy) run.tell(phase === 'pushing' ? { kind: 'pushed', isBehind: false } : { kind: 'pulled' })
        } else if (typeof event === 'string') {
          if (run.armed.has(event)) run.fire(event)
        } else if (event.kind === 'failed') {
          if (busy) run.tell(event)
        } else if (event.kind === 'streamOpened' || event.kind === 'streamEnded') {
          const { listening } = run.state
          if (listening === 'opening' || (listening === 'open' && event.kind === 'streamEnded')) run.tell(event)
        } else run.tell(event)
        const work = run.took().filter((each) => each === 'push' || each === 'pull')
        expect(work.length).toBeLessThanOrEqual(1)
        const { state } = run
        expect(run.armed.has('poll')).toBe(true)
        if (state.phase === 'idle' && state.pushWanted) expect(run.armed.has('retry') || state.isPushHeld).toBe(true)
        if (state.phase === 'idle' && state.pullWanted) expect(run.armed.has('retry') || state.isPullHeld).toBe(true)
        if (state.listening === 'no') expect(run.armed.has('stream')).toBe(true)
      }
    }),
    { numRuns: 2_000 },
  )
})
