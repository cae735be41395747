import { randomBytes } from 'node:crypto'
import { hostname, networkInterfaces, release } from 'node:os'
import type { Clock, RandomBytes } from '../../core/id.ts'
import { createApplication, type Application, type ApplicationOptions } from '../application.ts'
import type { WorkerEntries } from '../default-workers.ts'
import { processNetwork, type ProcessNetworkOptions } from '../sync/transport/process-network.ts'
import { openFileLog, type FileLog } from './file-log.ts'
import { describeDevice } from './this-device.ts'

/** What differs between the shells. */
export type ShellOptions = Pick<ProcessNetworkOptions, 'home' | 'runsContinuously' | 'fetch' | 'secrets'> &
  Pick<ApplicationOptions, 'remindersShownBy'> & {
    /** The name of the log file. */
    readonly shell: string
    /** The product's version. */
    readonly version: string
    readonly workers: WorkerEntries
    /** Tests only. */
    readonly testing?: Partial<Pick<ApplicationOptions, 'clock' | 'device' | 'bcryptCost'>>
  }

export type Shell = {
  readonly application: Application
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: FileLog
  /** Ends the application and writes the last lines of the log. */
  readonly close: () => Promise<void>
}

/** Composes the application of this process with the system's clock, random source and network. Every shell and the command line use it. */
export function compose({
  home,
  shell,
  version,
  workers,
  remindersShownBy = 'window',
  testing = {},
  ...network
}: ShellOptions): Shell {
  const clock = testing.clock ?? Date.now
  const random = (length: number) => randomBytes(length)
  const log = openFileLog(home, shell, clock)
  const { platform } = process
  const facts = { hostname: hostname(), platform, release: release(), interfaces: networkInterfaces(), version }
  const device = testing.device ?? describeDevice(facts)
  const userAgent = `Propaganda/${version} (${platform}) ${device.name}`
  const application = createApplication({
    ...testing,
    remindersShownBy,
    home,
    clock,
    random,
    device,
    workers,
    log: log.log,
    network: processNetwork({ ...network, home, deviceName: device.name, userAgent }),
  })
  const close = async () => {
    try {
      await application.close()
    } finally {
      await log.flush()
    }
  }
  return { application, clock, random, log, close }
}
