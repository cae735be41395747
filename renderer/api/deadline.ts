import { SteadyClock, type Instant } from '../../core/steady-clock.ts'

const clock = new SteadyClock(
  () => Date.now(),
  () => performance.now(),
)

/** The end of a wait that the window shows. Setting the computer's clock back does not delay it. */
export type Deadline = { readonly from: Instant; readonly ms: number }

export function deadlineIn(ms: number): Deadline {
  return { from: clock.instant(), ms }
}

/** Returns the milliseconds until the deadline; 0 or less if it has passed. */
export function msLeft({ from, ms }: Deadline): number {
  return ms - clock.msSince(from)
}
