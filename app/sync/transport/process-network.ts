import { randomBytes } from 'node:crypto'
import type { Network } from './network.ts'
import { FileSecretStore, type SecretStore } from './secret-store.ts'
import type { Fetch } from './server-transport.ts'

export type ProcessNetworkOptions = {
  readonly home: string
  readonly deviceName: string
  readonly userAgent: string
  readonly runsContinuously: boolean
  /** Default: Node's `fetch`. */
  readonly fetch?: Fetch
  /** Default: files that only their owner can read. */
  readonly secrets?: SecretStore
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** The network of a process of this product, for the composition roots. */
export function processNetwork({
  home,
  deviceName,
  userAgent,
  runsContinuously,
  fetch: shellFetch,
  secrets,
}: ProcessNetworkOptions): Network {
  return {
    fetch: shellFetch ?? ((url, init) => fetch(url, init)),
    secrets: secrets ?? new FileSecretStore(home),
    timers: { set: (ms, run) => setTimeout(run, ms), clear: (timer) => clearTimeout(timer as NodeJS.Timeout) },
    deviceName,
    userAgent,
    processName: `${process.pid}.${randomBytes(6).toString('hex')}`,
    isProcessDead: (name) => {
      const pid = Number(name.split('.')[0])
      return pid !== process.pid && !isRunning(pid)
    },
    runsContinuously,
  }
}
