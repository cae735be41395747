import { uptime } from 'node:os'

/** Milliseconds since the machine’s start. The value includes time in suspend, and setting the clock does not change it. */
export function systemUptime(): number {
  return uptime() * 1_000
}
