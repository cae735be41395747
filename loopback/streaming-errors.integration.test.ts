import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { testStreamingErrors } from '../app/testing/streaming-errors.ts'
import type { Api } from '../core/contract/contract.ts'
import { offeredSubprotocols } from '../core/window-key.ts'
import { startLoopback } from './server.ts'
import { enter } from './testing/raw-request.ts'

testStreamingErrors(async (application) => {
  const loopback = await startLoopback({
    application,
    rendererRoot: '/nowhere',
    port: 0,
    clock: Date.now,
    random: (length) => randomBytes(length),
    log: () => {},
  })
  return {
    // Each browser is a connection of its own.
    connect: async () => {
      const { cookie, key } = await enter(loopback.launchUrl())
      const socket = new WebSocket(`${loopback.origin.replace('http', 'ws')}/api`, offeredSubprotocols(key), {
        headers: { origin: loopback.origin, cookie },
      })
      await once(socket, 'open')
      return createORPCClient<Api>(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }))
    },
    close: () => loopback.close(),
  }
})
