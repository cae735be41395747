import { RPCLink as MessagePortLink } from '@orpc/client/message-port'
import { RPCLink as WebSocketLink } from '@orpc/client/websocket'
import { KEY_HEADER, KEY_STORAGE, offeredSubprotocols } from '../../core/window-key.ts'
import { WindowNotAuthorizedError } from './connection.ts'
import type { Channel, OpenChannel } from './connection.ts'

const OPEN_WITHIN = 10_000

/** Returns the stored key. Called at every attempt, because another tab may have stored a new one. A browser may refuse access to storage. */
function windowKey(): string | null {
  try {
    return window.localStorage.getItem(KEY_STORAGE)
  } catch {
    return null
  }
}

/**
 * Returns why a WebSocket was refused, which a browser does not report. A plain request to the same address gets 401 if this window is not
 * authorized, and another status otherwise.
 */
async function whyRefused(address: string): Promise<Error> {
  try {
    const headers = { [KEY_HEADER]: windowKey() ?? '' }
    const answer = await fetch(address, { cache: 'no-store', headers, signal: AbortSignal.timeout(OPEN_WITHIN) })
    if (answer.status === 401) return new WindowNotAuthorizedError('The application does not accept this window')
  } catch {
    // The application is not reachable.
  }
  return new Error('The application did not take the connection')
}

/** Opens a channel in the loopback shell: one WebSocket to the server that served this page. */
export function webSocketChannel(location: Location): OpenChannel {
  const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api`
  return () =>
    new Promise<Channel>((resolve, reject) => {
      const socket = new WebSocket(url, offeredSubprotocols(windowKey()))
      // An array buffer is read synchronously. A Blob is read asynchronously, so messages could change their order.
      socket.binaryType = 'arraybuffer'
      const tooLate = setTimeout(() => socket.close(), OPEN_WITHIN)
      const closed = new Promise<void>((settle) => socket.addEventListener('close', () => settle()))
      const link = new WebSocketLink({ websocket: socket })
      const refused = () => void whyRefused(`${location.origin}/api`).then(reject)
      socket.addEventListener('open', () => {
        clearTimeout(tooLate)
        socket.removeEventListener('close', refused)
        resolve({ link, closed, isOpen: () => socket.readyState === WebSocket.OPEN, close: () => socket.close() })
      })
      socket.addEventListener('close', () => clearTimeout(tooLate))
      socket.addEventListener('close', refused)
    })
}

/** Opens a channel in Electron: the preload script posts one end of a MessageChannel, because ports cannot cross the context bridge. */
export function messagePortChannel(host: Window): OpenChannel {
  return () =>
    new Promise<Channel>((resolve, reject) => {
      const stop = () => {
        clearTimeout(tooLate)
        host.removeEventListener('message', take)
      }
      const tooLate = setTimeout(() => {
        stop()
        reject(new Error('The application did not hand over a port'))
      }, OPEN_WITHIN)
      function take(event: MessageEvent<unknown>) {
        const port = event.ports[0]
        if (event.source !== host || port === undefined || !isPortMessage(event.data)) return
        stop()
        let open = true
        const closed = new Promise<void>((settle) =>
          port.addEventListener('close', () => {
            open = false
            settle()
          }),
        )
        const link = new MessagePortLink({ port })
        port.start()
        resolve({
          link,
          closed,
          isOpen: () => open,
          // Closing a port fires no event on the same port.
          close: () => port.dispatchEvent(new Event('close')) && port.close(),
        })
      }
      host.addEventListener('message', take)
      host.postMessage({ type: 'propaganda:connect' }, '*')
    })
}

function isPortMessage(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'propaganda:port'
}

export function channelFor(host: Window): OpenChannel {
  return host.location.protocol === 'app:' ? messagePortChannel(host) : webSocketChannel(host.location)
}
