/** What the engine is doing. */
export type Phase =
  /** Another process runs the engine, or the token is refused. */
  | 'off'
  | 'idle'
  /** Back-off after a failure: the retry timer is armed. */
  | 'waiting'
  | 'pushing'
  | 'pulling'

/** The server's event stream. */
export type Stream =
  | 'off'
  /** The stream timer is armed. */
  | 'closed'
  | 'opening'
  | 'open'

export type MachineState = {
  readonly phase: Phase
  readonly stream: Stream
  /** The outbox may hold operations. */
  readonly pushWanted: boolean
  readonly pullWanted: boolean
  /** Failures in a row; the back-off doubles with each. */
  readonly failures: number
  /** The server refused the push as a whole. The next poll retries it; pulls continue. */
  readonly isPushHeld: boolean
  /** A page cannot be applied. The next poll retries it; pushes continue. */
  readonly isPullHeld: boolean
  /** Pushes failed several times in a row, so a pull goes first. */
  readonly isPullFirst: boolean
  /** Streams in a row that ended before they opened. */
  readonly streamFailures: number
}

export type MachineEvent =
  /** This process runs the workspace's engine. */
  | { readonly kind: 'started' }
  /** This process no longer runs it: another one does, the application closes, or the token is refused. */
  | { readonly kind: 'stopped' }
  /** Rows changed on this device. */
  | { readonly kind: 'wrote' }
  /** The server has new rows. */
  | { readonly kind: 'poked' }
  /** The network is back, the window is visible again, or a person starts a sync. */
  | { readonly kind: 'nudged' }
  | { readonly kind: 'retryDue' }
  | { readonly kind: 'pollDue' }
  | { readonly kind: 'streamDue' }
  /** @param isBehind the server has rows of other devices that this device lacks. */
  | { readonly kind: 'pushed'; readonly isBehind: boolean }
  | { readonly kind: 'pulled' }
  /** @param isRefusal the server would refuse the same request again. */
  | { readonly kind: 'failed'; readonly isRefusal: boolean; readonly retryAfterMs: number }
  | { readonly kind: 'streamOpened' }
  | { readonly kind: 'streamEnded' }

export type EventKind = MachineEvent['kind']
export type EventOf<K extends EventKind> = Extract<MachineEvent, { readonly kind: K }>

export type TimerName = 'retry' | 'poll' | 'stream'
export type Effect =
  | { readonly do: 'push' | 'pull' | 'listen' | 'halt' }
  | { readonly do: 'arm'; readonly timer: TimerName; readonly ms: number }
  | { readonly do: 'disarm'; readonly timer: TimerName }

export type Step = { readonly state: MachineState; readonly effects: readonly Effect[] }

/** @param jitter a random number from 0 up to 1. */
export type Transition<K extends EventKind> = (state: MachineState, event: EventOf<K>, jitter: number) => Step

export const INITIAL_STATE: MachineState = {
  phase: 'off',
  stream: 'off',
  pushWanted: false,
  pullWanted: false,
  failures: 0,
  isPushHeld: false,
  isPullHeld: false,
  isPullFirst: false,
  streamFailures: 0,
}
