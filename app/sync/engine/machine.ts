import type { EventKind, MachineEvent, MachineState, Phase, Step, Stream, Transition } from './machine-state.ts'
import {
  cutWaitToBoth,
  cutWaitToPull,
  dropStream,
  endWait,
  failPull,
  failPush,
  finishPull,
  finishPush,
  ignore,
  markOpen,
  openStream,
  openStreamEarly,
  poll,
  retryStream,
  retryStreamAndWantPull,
  start,
  startWanted,
  stop,
  wantBoth,
  wantPull,
  wantPush,
} from './transitions.ts'

/**
 * Decides the engine's next step as a pure function: the clock, the network and the random source are the caller's. The engine carries
 * out the effects and dispatches their results as events.
 *
 * The state has two parts that run side by side. An event goes to the stream's table first, then to the engine's.
 *
 *              started                     pushed, pulled, failed (refused)
 *      off ───────────────▶ idle ◀──────────────────────────────┐
 *       ▲                    │ pushWanted or pullWanted         │
 *       │ stopped            ├───────────▶ pushing ─────────────┤
 *       │ (from every phase) └───────────▶ pulling ─────────────┤
 *       │                    ▲                                  │ failed (not refused)
 *       │                    └─── retryDue, poked, nudged ─── waiting
 *
 *              started            streamOpened
 *      off ───────────▶ opening ───────────────▶ open
 *       ▲                ▲    │ streamEnded       │ streamEnded
 *       │ stopped        │    ▼                   │
 *       │ (from every)   └── closed ◀─────────────┘
 *                 streamDue, nudged
 */
type Table<S extends string> = { readonly [P in S]: { readonly [K in EventKind]: Transition<K> } }

export const ENGINE: Table<Phase> = {
  off: {
    started: start,
    stopped: ignore,
    wrote: ignore,
    poked: ignore,
    nudged: ignore,
    retryDue: ignore,
    pollDue: ignore,
    streamDue: ignore,
    pushed: ignore,
    pulled: ignore,
    failed: ignore,
    streamOpened: ignore,
    streamEnded: ignore,
  },
  idle: {
    started: ignore,
    stopped: stop,
    wrote: wantPush,
    poked: wantPull,
    nudged: wantBoth,
    retryDue: ignore,
    pollDue: poll,
    streamDue: ignore,
    pushed: ignore,
    pulled: ignore,
    failed: ignore,
    streamOpened: ignore,
    streamEnded: startWanted,
  },
  waiting: {
    started: ignore,
    stopped: stop,
    wrote: wantPush,
    poked: cutWaitToPull,
    nudged: cutWaitToBoth,
    retryDue: endWait,
    pollDue: poll,
    streamDue: ignore,
    pushed: ignore,
    pulled: ignore,
    failed: ignore,
    streamOpened: ignore,
    streamEnded: ignore,
  },
  pushing: {
    started: ignore,
    stopped: stop,
    wrote: wantPush,
    poked: wantPull,
    nudged: wantBoth,
    retryDue: ignore,
    pollDue: poll,
    streamDue: ignore,
    pushed: finishPush,
    pulled: ignore,
    failed: failPush,
    streamOpened: ignore,
    streamEnded: ignore,
  },
  pulling: {
    started: ignore,
    stopped: stop,
    wrote: wantPush,
    poked: wantPull,
    nudged: wantBoth,
    retryDue: ignore,
    pollDue: poll,
    streamDue: ignore,
    pushed: ignore,
    pulled: finishPull,
    failed: failPull,
    streamOpened: ignore,
    streamEnded: ignore,
  },
}

export const STREAM: Table<Stream> = {
  off: {
    started: openStream,
    stopped: ignore,
    wrote: ignore,
    poked: ignore,
    nudged: ignore,
    retryDue: ignore,
    pollDue: ignore,
    streamDue: ignore,
    pushed: ignore,
    pulled: ignore,
    failed: ignore,
    streamOpened: ignore,
    streamEnded: ignore,
  },
  closed: {
    started: ignore,
    stopped: dropStream,
    wrote: ignore,
    poked: ignore,
    nudged: openStreamEarly,
    retryDue: ignore,
    pollDue: ignore,
    streamDue: openStream,
    pushed: ignore,
    pulled: ignore,
    failed: ignore,
    streamOpened: ignore,
    streamEnded: ignore,
  },
  opening: {
    started: ignore,
    stopped: dropStream,
    wrote: ignore,
    poked: ignore,
    nudged: ignore,
    retryDue: ignore,
    pollDue: ignore,
    streamDue: ignore,
    pushed: ignore,
    pulled: ignore,
    failed: ignore,
    streamOpened: markOpen,
    streamEnded: retryStream,
  },
  open: {
    started: ignore,
    stopped: dropStream,
    wrote: ignore,
    poked: ignore,
    nudged: ignore,
    retryDue: ignore,
    pollDue: ignore,
    streamDue: ignore,
    pushed: ignore,
    pulled: ignore,
    failed: ignore,
    streamOpened: ignore,
    streamEnded: retryStreamAndWantPull,
  },
}

/** @param jitter a random number from 0 up to 1. */
export function step(state: MachineState, event: MachineEvent, jitter: number): Step {
  const stream = apply(STREAM[state.stream], state, event, jitter)
  const engine = apply(ENGINE[state.phase], stream.state, event, jitter)
  return { state: engine.state, effects: [...stream.effects, ...engine.effects] }
}

function apply(
  row: { readonly [K in EventKind]: Transition<K> },
  state: MachineState,
  event: MachineEvent,
  jitter: number,
): Step {
  // The compiler does not connect the two occurrences of the event's kind.
  const transition = row[event.kind] as Transition<EventKind>
  return transition(state, event, jitter)
}
