/**
 * The timer of a call as its draft stores it, in ms. `counted`: the time until the last start. `since`: the last start by the wall clock;
 * null: it is stopped.
 */
export type Stopwatch = { readonly counted: number; readonly since: number | null }

/**
 * A stopwatch in a window, in ms: `counted` is its time at the moment `from` of the window's monotonic clock, which does not follow changes
 * of the computer's clock.
 */
export type Ticking = { readonly counted: number; readonly from: number }

export const STOPPED: Stopwatch = { counted: 0, since: null }

/** The longest time that a form accepts without a question, ms. A longer one is more likely a timer that was never stopped. */
export const LONGEST_UNASKED = 12 * 60 * 60_000
/** A greater difference between the two clocks counts as a change of the computer's clock, ms. */
const JUMP = 2_000

/** Returns the text of a stopwatch for a draft. */
export function stopwatchText({ counted, since }: Stopwatch): string {
  return since === null ? `${counted}` : `${counted} since ${since}`
}

/** Reads a stopwatch; null for any other text. */
export function readStopwatch(text: string): Stopwatch | null {
  const found = /^(\d{1,15})(?: since (\d{1,15}))?$/.exec(text)
  if (found === null) return null
  return { counted: Number(found[1]), since: found[2] === undefined ? null : Number(found[2]) }
}

/** Starts or continues. @param wall the time, ms since the epoch. */
export function started({ counted }: Stopwatch, wall: number): Stopwatch {
  return { counted, since: Math.max(0, Math.floor(wall)) }
}

/**
 * Returns a stored stopwatch as it ticks in this window. The time since it started is only known by the wall clock: if the clock was set
 * back, nothing is added.
 */
export function ticking({ counted, since }: Stopwatch, wall: number, monotonic: number): Ticking {
  return { counted: counted + (since === null ? 0 : Math.max(0, Math.floor(wall) - since)), from: monotonic }
}

/** Returns what a ticking stopwatch shows, ms. */
export function elapsed({ counted, from }: Ticking, monotonic: number): number {
  return counted + Math.max(0, Math.floor(monotonic - from))
}

/** Stops with the time that it shows. */
export function stopped(shown: number): Stopwatch {
  return { counted: shown, since: null }
}

/**
 * Returns the stopwatch to store after the time of the computer was changed; null if it was not. With it, a restart continues from the time
 * that the window shows. A sleeping computer looks like a clock that is set forward: the sleep is not counted.
 */
export function realigned({ counted, since }: Stopwatch, shown: number, wall: number): Stopwatch | null {
  if (since === null || Math.abs(counted + Math.floor(wall) - since - shown) <= JUMP) return null
  return { counted: shown, since: Math.max(0, Math.floor(wall)) }
}
