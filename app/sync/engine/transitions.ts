import { INITIAL_STATE, type Effect, type EventOf, type MachineState, type Step } from './machine-state.ts'

/** The poll interval, ms: the longest time without a sync if no poke arrives (S20). */
export const POLL_MS = 30_000
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000
/**
 * The longest wait that a server may request, ms. A server whose clock was wrong may request a month, and Node fires a timer of more
 * than 24 days at once.
 */
const LONGEST_REQUESTED_MS = 60 * 60_000
/** After this number of failures in a row a pull goes before the next push. */
const PULL_FIRST_AFTER = 2

/** Doubles with every failure. Half of it is random, so that devices that lost the same server do not return at the same moment. */
export function waitMs(failures: number, jitter: number): number {
  const whole = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 20))
  return Math.round(whole / 2 + (whole / 2) * jitter)
}

/** The pair cannot occur, or the event changes nothing in this state. */
export function ignore(state: MachineState): Step {
  return { state, effects: [] }
}

/** Starts the next push or pull if the engine is idle. */
function proceed(state: MachineState, effects: readonly Effect[] = []): Step {
  if (state.phase !== 'idle') return { state, effects }
  const mayPull = state.pullWanted && !state.isPullHeld
  const waitsForPull = state.isPullFirst && mayPull
  if (state.pushWanted && !state.isPushHeld && !waitsForPull)
    return { state: { ...state, phase: 'pushing', pushWanted: false }, effects: [...effects, { do: 'push' }] }
  if (mayPull) return { state: { ...state, phase: 'pulling', pullWanted: false }, effects: [...effects, { do: 'pull' }] }
  return { state, effects }
}

// The engine.

export function start(state: MachineState): Step {
  const { stream } = state
  return proceed({ ...INITIAL_STATE, stream, phase: 'idle', pushWanted: true, pullWanted: true }, [
    { do: 'arm', timer: 'poll', ms: POLL_MS },
  ])
}

export function stop(): Step {
  return { state: INITIAL_STATE, effects: [{ do: 'disarm', timer: 'retry' }, { do: 'disarm', timer: 'poll' }, { do: 'halt' }] }
}

/**
 * Pushes as soon as the engine is idle. It does not end a back-off, because packing the whole outbox with every write costs too
 * much.
 */
export function wantPush(state: MachineState): Step {
  return proceed({ ...state, pushWanted: true })
}

export function wantPull(state: MachineState): Step {
  return proceed({ ...state, pullWanted: true })
}

/** Also retries directions that the server refused. */
export function wantBoth(state: MachineState): Step {
  return proceed({
    ...state,
    pushWanted: true,
    pullWanted: true,
    isPushHeld: false,
    isPullHeld: false,
    isPullFirst: false,
  })
}

/** Ends the back-off early, because the server can be reached. */
export function cutWaitToPull(state: MachineState): Step {
  return proceed({ ...state, phase: 'idle', pullWanted: true }, [{ do: 'disarm', timer: 'retry' }])
}

export function cutWaitToBoth(state: MachineState): Step {
  const { state: wanted } = wantBoth(state)
  return proceed({ ...wanted, phase: 'idle' }, [{ do: 'disarm', timer: 'retry' }])
}

/** The back-off is over. */
export function endWait(state: MachineState): Step {
  return proceed({ ...state, phase: 'idle' })
}

/** Syncs both directions, also one that the server refused, and arms the next poll. A back-off continues. */
export function poll(state: MachineState): Step {
  return proceed({ ...state, pushWanted: true, pullWanted: true, isPushHeld: false, isPullHeld: false }, [
    { do: 'arm', timer: 'poll', ms: POLL_MS },
  ])
}

/** Starts the pull that the end of the stream requested. */
export function startWanted(state: MachineState): Step {
  return proceed(state)
}

export function finishPush(state: MachineState, { isBehind }: EventOf<'pushed'>): Step {
  return proceed({ ...state, phase: 'idle', failures: 0, pullWanted: state.pullWanted || isBehind })
}

export function finishPull(state: MachineState): Step {
  return proceed({ ...state, phase: 'idle', failures: 0, isPullFirst: false })
}

/**
 * Keeps the push pending. A refused push waits for the next poll, and a pull starts. A push that fails for another reason may need rows
 * that only a pull brings (its answer names a row that this device lacks), so after several failures a pull goes first.
 */
export function failPush(state: MachineState, event: EventOf<'failed'>, jitter: number): Step {
  const kept = { ...state, pushWanted: true }
  if (event.isRefusal) return proceed({ ...kept, phase: 'idle', isPushHeld: true, pullWanted: true })
  const isPullFirst = state.failures + 1 >= PULL_FIRST_AFTER
  return backOff({ ...kept, isPullFirst, pullWanted: state.pullWanted || isPullFirst }, event, jitter)
}

/** Keeps the pull pending. A refused pull waits for the next poll, and pushes continue. */
export function failPull(state: MachineState, event: EventOf<'failed'>, jitter: number): Step {
  const kept = { ...state, pullWanted: true, isPullFirst: false }
  if (event.isRefusal) return proceed({ ...kept, phase: 'idle', isPullHeld: true })
  return backOff(kept, event, jitter)
}

function backOff(state: MachineState, { retryAfterMs }: EventOf<'failed'>, jitter: number): Step {
  const failures = state.failures + 1
  const ms = Math.max(waitMs(failures, jitter), Math.min(retryAfterMs, LONGEST_REQUESTED_MS))
  return { state: { ...state, phase: 'waiting', failures }, effects: [{ do: 'arm', timer: 'retry', ms }] }
}

// The event stream.

export function openStream(state: MachineState): Step {
  return { state: { ...state, stream: 'opening' }, effects: [{ do: 'listen' }] }
}

/** Opens the stream before its timer fires. */
export function openStreamEarly(state: MachineState): Step {
  return { state: { ...state, stream: 'opening' }, effects: [{ do: 'disarm', timer: 'stream' }, { do: 'listen' }] }
}

export function markOpen(state: MachineState): Step {
  return { state: { ...state, stream: 'open', streamFailures: 0 }, effects: [] }
}

export function retryStream(state: MachineState, _event: EventOf<'streamEnded'>, jitter: number): Step {
  const streamFailures = state.streamFailures + 1
  return {
    state: { ...state, stream: 'closed', streamFailures },
    effects: [{ do: 'arm', timer: 'stream', ms: waitMs(streamFailures, jitter) }],
  }
}

/** Requests a pull, whose result shows whether the server is down or only the stream ended. */
export function retryStreamAndWantPull(state: MachineState, event: EventOf<'streamEnded'>, jitter: number): Step {
  return retryStream({ ...state, pullWanted: true }, event, jitter)
}

export function dropStream(state: MachineState): Step {
  return { state: { ...state, stream: 'off' }, effects: [{ do: 'disarm', timer: 'stream' }] }
}
