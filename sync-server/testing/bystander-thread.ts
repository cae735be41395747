import { parentPort, workerData } from 'node:worker_threads'
import { must } from '../../core/assert.ts'
import { idsFrom, seeded, wonCall } from './sample-workspace.ts'
import { TestDevice } from './test-device.ts'

export type BystanderData = { readonly url: string; readonly email: string; readonly seed: number }
/** The time of each request, ms, and the calls that were made. */
export type Worked = { readonly push: number[]; readonly pull: number[]; readonly made: string[] }

const PAUSE_MS = 20

/**
 * A device that works while the server is attacked. It runs in its own thread, so that the attacker's work does not affect its times.
 * Messages start and stop it; it answers with the times in between.
 */
const port = must(parentPort, 'A bystander is a thread')
const { url, email, seed } = workerData as BystanderData
const device = new TestDevice({ url, newId: idsFrom(seeded(seed)) })
await device.enrol(email)
await device.pull()

let isWorking = false

async function timed(times: number[], request: () => Promise<unknown>): Promise<void> {
  const begin = performance.now()
  await request()
  times.push(performance.now() - begin)
}

async function work(): Promise<void> {
  const worked: Worked = { push: [], pull: [], made: [] }
  while (isWorking) {
    worked.made.push(device.insertCall(wonCall(must(device.userId, 'Signed in'))))
    await timed(worked.push, () => device.push())
    await timed(worked.pull, () => device.pull())
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  port.postMessage(worked)
}

port.on('message', (message: 'begin' | 'end' | 'leave') => {
  isWorking = message === 'begin'
  if (isWorking) void work()
  if (message === 'leave') port.close()
})
port.postMessage('ready')
