/**
 * What the engine does next, as a pure function: no clock, no network, no randomness of its own. The engine carries the effects out
 * and tells what came of them.
 */
export type Phase = 'off' | 'idle' | 'pushing' | 'pulling'

export type MachineState = {
  readonly phase: Phase
  /** The outbox may hold something. */
  readonly pushWanted: boolean
  readonly pullWanted: boolean
  /** Failures in a row; the wait doubles with each. */
  readonly failures: number
  /** A try is due when the retry timer fires; until then only news of a better chance starts one. */
  readonly isWaiting: boolean
  /** The server refuses this push as a whole; the next poll tries again, and pulling continues meanwhile. */
  readonly isPushHeld: boolean
  /** The server's pages cannot be applied; the next poll tries again, and pushing continues meanwhile. */
  readonly isPullHeld: boolean
  /** Pushing failed again and again: a pull has its turn first. */
  readonly isPullFirst: boolean
  readonly listening: 'no' | 'opening' | 'open'
  readonly streamFailures: number
}

export type MachineEvent =
  /** This process runs the workspace's engine from now on. */
  | { readonly kind: 'started' }
  /** It does not any more, or never again (token refused). */
  | { readonly kind: 'stopped' }
  /** Someone wrote on this device. */
  | { readonly kind: 'wrote' }
  /** The server says that there is news. */
  | { readonly kind: 'poked' }
  /** The network is back, or a person asks for it. */
  | { readonly kind: 'nudged' }
  | { readonly kind: 'timer'; readonly timer: TimerName }
  /** @param isBehind the server has rows that came from elsewhere. */
  | { readonly kind: 'pushed'; readonly isBehind: boolean }
  | { readonly kind: 'pulled' }
  /** @param isRefusal the server answered, and would answer the same again. */
  | { readonly kind: 'failed'; readonly isRefusal: boolean; readonly retryAfterMs: number }
  | { readonly kind: 'streamOpened' }
  | { readonly kind: 'streamEnded' }

export type TimerName = 'retry' | 'poll' | 'stream'
export type Effect =
  | { readonly do: 'push' | 'pull' | 'listen' | 'halt' }
  | { readonly do: 'arm'; readonly timer: TimerName; readonly ms: number }
  | { readonly do: 'disarm'; readonly timer: TimerName }

/** Where nothing pokes, this often (S20). */
export const POLL_MS = 30_000
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000
/**
 * The longest wait that a server may ask for, ms. A server whose clock was wrong may ask for a month, and Node fires a timer of more than
 * 24 days at once.
 */
const LONGEST_ASKED_MS = 60 * 60_000
/** Failures in a row after which a push lets a pull go first. */
const PULL_FIRST_AFTER = 2

export const INITIAL_STATE: MachineState = {
  phase: 'off',
  pushWanted: false,
  pullWanted: false,
  failures: 0,
  isWaiting: false,
  isPushHeld: false,
  isPullHeld: false,
  isPullFirst: false,
  listening: 'no',
  streamFailures: 0,
}

/** Doubles with every failure; half of it is chance, so that devices that lost the same server do not come back at once. */
export function waitMs(failures: number, jitter: number): number {
  const whole = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 20))
  return Math.round(whole / 2 + (whole / 2) * jitter)
}

type Step = { readonly state: MachineState; readonly effects: readonly Effect[] }

/** Begins the next piece of work where none runs and none has to wait. */
function proceed(state: MachineState, effects: readonly Effect[]): Step {
  if (state.phase !== 'idle' || state.isWaiting) return { state, effects }
  const mayPull = state.pullWanted && !state.isPullHeld
  const waitsForPull = state.isPullFirst && mayPull
  if (state.pushWanted && !state.isPushHeld && !waitsForPull)
    return { state: { ...state, phase: 'pushing', pushWanted: false }, effects: [...effects, { do: 'push' }] }
  if (mayPull) return { state: { ...state, phase: 'pulling', pullWanted: false }, effects: [...effects, { do: 'pull' }] }
  return { state, effects }
}

/** A better chance than waiting: the retry timer's time has come early. */
function atOnce(state: MachineState, wanted: Partial<MachineState>): Step {
  const disarm: readonly Effect[] = state.isWaiting ? [{ do: 'disarm', timer: 'retry' }] : []
  return proceed({ ...state, ...wanted, isWaiting: false }, disarm)
}

/** @param jitter a random number from 0 up to 1. */
export function step(state: MachineState, event: MachineEvent, jitter: number): Step {
  if (state.phase === 'off') {
    if (event.kind !== 'started') return { state, effects: [] }
    const begun: MachineState = { ...INITIAL_STATE, phase: 'idle', pushWanted: true, pullWanted: true, listening: 'opening' }
    return proceed(begun, [{ do: 'arm', timer: 'poll', ms: POLL_MS }, { do: 'listen' }])
  }
  switch (event.kind) {
    case 'started':
      return { state, effects: [] }
    case 'stopped':
      return {
        state: INITIAL_STATE,
        effects: [...(['retry', 'poll', 'stream'] as const).map((timer): Effect => ({ do: 'disarm', timer })), { do: 'halt' }],
      }
    case 'wrote':
      // Back-off is active: keep the retry timer, because packing all that waits with every write costs too much.
      return proceed({ ...state, pushWanted: true }, [])
    case 'poked':
      return atOnce(state, { pullWanted: true })
    case 'nudged': {
      const listen = state.listening === 'no'
      const { state: next, effects } = atOnce(state, {
        pushWanted: true,
        pullWanted: true,
        isPushHeld: false,
        isPullHeld: false,
        isPullFirst: false,
        ...(listen ? { listening: 'opening' } : {}),
      })
      return { state: next, effects: listen ? [...effects, { do: 'disarm', timer: 'stream' }, { do: 'listen' }] : effects }
    }
    case 'timer':
      return onTimer(state, event.timer)
    case 'pushed':
      return proceed({ ...state, phase: 'idle', failures: 0, pullWanted: state.pullWanted || event.isBehind }, [])
    case 'pulled':
      return proceed({ ...state, phase: 'idle', failures: 0, isPullFirst: false }, [])
    case 'failed':
      return onFailure(state, event, jitter)
    case 'streamOpened':
      return { state: { ...state, listening: 'open', streamFailures: 0 }, effects: [] }
    case 'streamEnded': {
      const streamFailures = state.streamFailures + 1
      const ms = waitMs(streamFailures, jitter)
      // Whether the server is gone or only the stream, a pull finds out and the status tells.
      const pullWanted = state.pullWanted || state.listening === 'open'
      return proceed({ ...state, listening: 'no', streamFailures, pullWanted }, [{ do: 'arm', timer: 'stream', ms }])
    }
  }
}

function onTimer(state: MachineState, timer: TimerName): Step {
  if (timer === 'stream') {
    if (state.listening !== 'no') return { state, effects: [] }
    return { state: { ...state, listening: 'opening' }, effects: [{ do: 'listen' }] }
  }
  if (timer === 'retry') return proceed({ ...state, isWaiting: false }, [])
  const wanted = { ...state, pushWanted: true, pullWanted: true, isPushHeld: false, isPullHeld: false }
  return proceed(wanted, [{ do: 'arm', timer: 'poll', ms: POLL_MS }])
}

/**
 * Failed work stays pending. A refused push or pull waits for the next poll, so that it does not delay the other direction. A push that
 * fails for another reason may need rows that only a pull brings (its answer names a row that is not on this device), so the two alternate.
 */
function onFailure(state: MachineState, event: Extract<MachineEvent, { kind: 'failed' }>, jitter: number): Step {
  const wasPush = state.phase === 'pushing'
  if (wasPush && event.isRefusal)
    return proceed({ ...state, phase: 'idle', pushWanted: true, isPushHeld: true, pullWanted: true }, [])
  if (event.isRefusal) return proceed({ ...state, phase: 'idle', pullWanted: true, isPullHeld: true, isPullFirst: false }, [])
  const failures = state.failures + 1
  const isPullFirst = wasPush && failures >= PULL_FIRST_AFTER
  const pullWanted = state.pullWanted || !wasPush || isPullFirst
  const wanted = { pushWanted: state.pushWanted || wasPush, pullWanted, isPullFirst }
  const ms = Math.max(waitMs(failures, jitter), Math.min(event.retryAfterMs, LONGEST_ASKED_MS))
  return {
    state: { ...state, ...wanted, phase: 'idle', failures, isWaiting: true },
    effects: [{ do: 'arm', timer: 'retry', ms }],
  }
}
