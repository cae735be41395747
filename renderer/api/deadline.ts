import { SteadyClock, type Instant } from '../../core/steady-clock.ts'

const clock = new SteadyClock(
  () => Date.now(),
  () => performance.now(),
)

/** The end of a wait that this window shows. Setting the computer's clock back does not delay it. */
export type Deadline = { readonly from: Instant; readonly ms: number }

export function deadlineIn(ms: number): Deadline {
  return { from: clock.instant(), ms }
}

/** Milliseconds until the deadline; 0 or less: it is over. */
export function msLeft({ from, ms }: Deadline): number {
  return ms - clock.msSince(from)
}
