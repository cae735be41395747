import { RPCLink as MessagePortLink } from '@orpc/client/message-port'
import { RPCLink as WebSocketLink } from '@orpc/client/websocket'
import { KEY_HEADER, KEY_STORAGE, offeredSubprotocols } from '../../core/window-key.ts'
import { WindowNotAuthorizedError } from './connection.ts'
import type { Channel, OpenChannel } from './connection.ts'

const OPEN_WITHIN = 10_000

/** Reads the key at every attempt, because another tab may have opened a new launch address. A browser may refuse access to storage. */
function windowKey(): string | null {
  try {
    return window.localStorage.getItem(KEY_STORAGE)
  } catch {
    return null
  }
}

/**
 * Why no WebSocket came: a browser does not say how the application answered one. The same address asked for as a page is refused with
 * 401 where this window was not let in, and otherwise with the advice to come with a WebSocket.
 */
async function whyRefused(address: string): Promise<Error> {
  try {
    const headers = { [KEY_HEADER]: windowKey() ?? '' }
    const answer = await fetch(address, { cache: 'no-store', headers, signal: AbortSignal.timeout(OPEN_WITHIN) })
    if (answer.status === 401) return new WindowNotAuthorizedError('The application does not accept this window')
  } catch {
    // Nobody is there.
  }
  return new Error('The application did not take the connection')
}

/** The loopback shell: one WebSocket to the server that this page came from. */
export function webSocketChannel(location: Location): OpenChannel {
  const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api`
  return () =>
    new Promise<Channel>((resolve, reject) => {
      const socket = new WebSocket(url, offeredSubprotocols(windowKey()))
      // An array buffer is read at once; a Blob is read later, and messages could overtake each other.
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

/** Electron: the preload script hands over one end of a MessageChannel, because ports do not cross the context bridge. */
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
          // Closing one's own end fires no event here.
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
