import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import { vi } from 'vitest'
import type { Application } from '../app/application.ts'
import { testStreamingErrors } from '../app/testing/streaming-errors.ts'
import type { Api } from '../core/contract/contract.ts'

vi.mock('electron', () => import('./testing/electron-stand-in.ts'))
const { serveApi } = await import('./api-port.ts')
const electron = await import('./testing/electron-stand-in.ts')

testStreamingErrors(async (application: Application) => {
  const serve = serveApi(application, () => {})
  const open: InstanceType<typeof electron.StandInPort>[] = []
  return {
    connect: async (key) => {
      const { port1, port2 } = new electron.MessageChannelMain()
      open.push(port1, port2)
      serve(port1, key)
      port2.start()
      return createORPCClient<Api>(new RPCLink({ port: port2 }))
    },
    close: async () => {
      for (const port of open) port.close()
    },
  }
})
