import { RPCHandler } from '@orpc/server/message-port'
import { ipcMain, MessageChannelMain, type IpcMainEvent, type MessagePortMain } from 'electron'
import type { Application } from '../app/application.ts'
import type { Log } from '../platform/log/log.ts'
import { refuseUnknownProcedure } from '../app/shell/procedure-errors.ts'
import { isRpcMessage } from '../app/shell/rpc-message.ts'
import { isAppUrl } from './app-protocol.ts'
import { CONNECT, PORT } from './channels.ts'

/** There is only one window. A reload keeps the connection and its session. */
export const CONNECTION = 'desktop'

/**
 * Sends the window one end of a channel when its preload script requests it. The sender is checked only here: after that, only the window
 * has the port.
 */
export function offerApi(application: Pick<Application, 'router' | 'openConnection'>, log: Log): void {
  const serve = serveApi(application, log)
  const ports = new WeakMap<Electron.WebContents, MessagePortMain>()

  ipcMain.on(CONNECT, (event) => {
    if (!isOwnWindow(event)) {
      log({ level: 'warn', event: 'desktop.connect-refused' })
      return
    }
    // After a reload, no one uses the old page's port.
    ports.get(event.sender)?.close()
    const { port1, port2 } = new MessageChannelMain()
    ports.set(event.sender, port1)
    serve(port1, CONNECTION)
    event.sender.postMessage(PORT, null, [port2])
  })
}

/** Serves the API on one end of a channel, as the connection `key`. */
export function serveApi(
  application: Pick<Application, 'router' | 'openConnection'>,
  log: Log,
): (port: MessagePortMain, key: string) => void {
  const handler = new RPCHandler(application.router, { interceptors: [refuseUnknownProcedure] })
  return (port, key) => {
    handler.upgrade(guard(port, log), { context: application.openConnection(key) })
    port.start()
  }
}

/** Returns whether the sender is the top frame of the application's own page: not an embedded frame, another page or a closed one. */
export function isOwnWindow({ sender, senderFrame }: IpcMainEvent): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && isAppUrl(senderFrame.url)
}

type Listener = (event?: { data: unknown }) => void

/** Returns a port for the RPC handler that accepts only messages of the protocol. */
function guard(port: MessagePortMain, log: Log) {
  return {
    postMessage: (message: unknown) => port.postMessage(message),
    on: (event: string, listener: Listener) => {
      if (event === 'close') port.on('close', () => listener())
      else
        port.on('message', ({ data }) => {
          if (isRpcMessage(data)) return listener({ data })
          log({ level: 'warn', event: 'desktop.malformed-message' })
          port.close()
        })
    },
  }
}
