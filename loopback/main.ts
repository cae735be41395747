import type { Application } from '../app/application.ts'
import { defaultWorkers } from '../app/default-workers.ts'
import { compose } from '../app/shell/compose.ts'
import { startLoopback, type Loopback } from './server.ts'

export type LoopbackAppOptions = {
  readonly home: string
  readonly port: number
  readonly rendererRoot: string
  /** The product's version. */
  readonly version: string
}

export type LoopbackApp = {
  readonly application: Application
  readonly loopback: Loopback
  readonly logPath: string
  readonly close: () => Promise<void>
}

/**
 * Starts the application behind a server on this device. Several processes can use one home, for example a window and the command line:
 * SQLite serialises their writes, and each process detects the changes of the others.
 */
export async function startLoopbackApp({ home, port, rendererRoot, version }: LoopbackAppOptions): Promise<LoopbackApp> {
  const { application, clock, random, log, close } = compose({
    home,
    shell: 'loopback',
    version,
    runsContinuously: true,
    workers: defaultWorkers,
  })
  try {
    const loopback = await startLoopback({ application, rendererRoot, port, clock, random, log: log.log })
    const closeAll = async () => {
      await loopback.close()
      await close()
    }
    return { application, loopback, logPath: log.path, close: closeAll }
  } catch (error) {
    await close()
    throw error
  }
}
