/**
 * The application behind the loopback server in a process of its own, so that a test may kill it. Wired as loopback/main.ts wires it, but
 * for two things: its clock can be moved, and passwords cost less (every test signs several people in).
 * Usage: node served-app.mjs HOME PORT RENDERER_ROOT, with an IPC channel.
 */
import { randomBytes } from 'node:crypto'
import { subscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { createApplication } from '../../app/application.ts'
import { defaultWorkers } from '../../app/default-workers.ts'
import { openFileLog } from '../../app/shell/file-log.ts'
import { processNetwork } from '../../app/sync/transport/process-network.ts'
import { startLoopback } from '../../loopback/server.ts'
import type { Answer, Order } from './app-process.ts'

const [home = '', port = '0', rendererRoot = ''] = process.argv.slice(2)
let ahead = 0
const clock = () => Date.now() + ahead
const random = (length: number) => randomBytes(length)
const { log, flush } = openFileLog(home, 'e2e', clock)

/** Every line to the server; while they are cut, new ones break at once. */
const lines = new Set<Socket>()
let isCut = false
subscribe('net.server.socket', (message) => {
  const { socket } = message as { readonly socket: Socket }
  lines.add(socket)
  socket.once('close', () => lines.delete(socket))
  if (isCut) socket.destroy()
})

const application = createApplication({
  home,
  clock,
  random,
  device: { name: 'e2e', os: 'test', version: '0.0.0', address: '127.0.0.1' },
  workers: defaultWorkers,
  log,
  bcryptCost: 4,
  network: processNetwork({ home, deviceName: 'e2e', userAgent: 'Propaganda/0.0.0 (test) e2e', runsContinuously: true }),
})
const loopback = await startLoopback({ application, rendererRoot, port: Number(port), clock, random, log })
const answer = (message: Answer) => process.send?.(message)

async function obey(order: Order): Promise<void> {
  switch (order.kind) {
    case 'launch':
      answer({ kind: 'launched', url: loopback.launchUrl() })
      return
    case 'advance':
      ahead += order.ms
      answer({ kind: 'done' })
      return
    case 'cut':
      isCut = true
      for (const line of lines) line.destroy()
      answer({ kind: 'done' })
      return
    case 'mend':
      isCut = false
      answer({ kind: 'done' })
      return
    case 'stop':
      await loopback.close()
      await application.close()
      await flush()
      process.exit(0)
  }
}

process.on('message', (order: Order) => void obey(order))
// The test that started it is gone.
process.on('disconnect', () => process.exit(1))
answer({ kind: 'ready', origin: loopback.origin })
