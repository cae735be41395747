import { uptime } from 'node:os'

/** Returns the milliseconds since the start of the machine, including suspended time. Setting the clock does not change the value. */
export function systemUptime(): number {
  return uptime() * 1_000
}
