import { randomBytes } from 'node:crypto'
import { hostname, networkInterfaces, release } from 'node:os'
import { createApplication, type Application } from '../app/application.ts'
import { defaultWorkers } from '../app/default-workers.ts'
import { openFileLog } from '../app/shell/file-log.ts'
import { describeDevice } from '../app/shell/this-device.ts'
import { processNetwork } from '../app/sync/transport/process-network.ts'
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
  const clock = Date.now
  const random = (length: number) => randomBytes(length)
  const { path, log, flush } = openFileLog(home, 'loopback', clock)
  const device = describeDevice({
    hostname: hostname(),
    platform: process.platform,
    release: release(),
    interfaces: networkInterfaces(),
    version,
  })
  const userAgent = `Propaganda/${version} (${process.platform}) ${hostname()}`
  const network = processNetwork({ home, deviceName: hostname(), userAgent, runsContinuously: true })
  const application = createApplication({ home, clock, random, device, workers: defaultWorkers, log, network })
  try {
    const loopback = await startLoopback({ application, rendererRoot, port, clock, random, log })
    const close = async () => {
      await loopback.close()
      await application.close()
      await flush()
    }
    return { application, loopback, logPath: path, close }
  } catch (error) {
    await application.close()
    throw error
  }
}
