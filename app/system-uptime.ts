import { uptime } from 'node:os'

/** Milliseconds since the machine’s start. It counts a suspend on all systems, and no one can set it. */
export function systemUptime(): number {
  return uptime() * 1_000
}
