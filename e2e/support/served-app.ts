/**
 * Runs the application behind the loopback server in its own process, so that a test can kill it. Unlike loopback/main.ts it has a clock
 * that tests move, a low cost of passwords, because every test signs in several people, and an invented device.
 * Usage: node served-app.mjs HOME PORT RENDERER_ROOT, with an IPC channel.
 */
import { subscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { defaultWorkers } from '../../app/default-workers.ts'
import { compose } from '../../app/shell/compose.ts'
import { startLoopback } from '../../loopback/server.ts'
import type { Answer, Order } from './app-process.ts'

const [home = '', port = '0', rendererRoot = ''] = process.argv.slice(2)
let ahead = 0
const clock = () => Date.now() + ahead

/** The open connections to this process. While `isCut`, new ones are closed at once. */
const sockets = new Set<Socket>()
let isCut = false
subscribe('net.server.socket', (message) => {
  const { socket } = message as { readonly socket: Socket }
  sockets.add(socket)
  socket.once('close', () => sockets.delete(socket))
  if (isCut) socket.destroy()
})

const { application, random, log, close } = compose({
  home,
  shell: 'e2e',
  version: '0.0.0',
  runsContinuously: true,
  workers: defaultWorkers,
  testing: { clock, bcryptCost: 4, device: { name: 'e2e', os: 'test', version: '0.0.0', address: '127.0.0.1' } },
})
const loopback = await startLoopback({ application, rendererRoot, port: Number(port), clock, random, log: log.log })
const answer = (message: Answer) => process.send?.(message)

async function execute(order: Order): Promise<void> {
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
      for (const socket of sockets) socket.destroy()
      answer({ kind: 'done' })
      return
    case 'mend':
      isCut = false
      answer({ kind: 'done' })
      return
    case 'stop':
      await loopback.close()
      await close()
      process.exit(0)
  }
}

process.on('message', (order: Order) => void execute(order))
// The process of the test has ended.
process.on('disconnect', () => process.exit(1))
answer({ kind: 'ready', origin: loopback.origin })
