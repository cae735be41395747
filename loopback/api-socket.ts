import { RPCHandler } from '@orpc/server/ws'
import { WebSocketServer, type WebSocket } from 'ws'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Application } from '../app/application.ts'
import type { Log } from '../platform/log/log.ts'
import { refuseUnknownProcedure } from '../app/shell/procedure-errors.ts'
import { API_SUBPROTOCOL } from '../core/window-key.ts'
import { isRpcMessage, MAX_JSON_BYTES } from '../app/shell/rpc-message.ts'

/** Ends a socket whose other end does not speak the protocol: RFC 6455 §7.4.1, "a message that violates its policy". */
const POLICY_VIOLATION = 1008
/** RFC 6455 §7.4.1, "a message that is too big for it to process". */
const TOO_BIG = 1009
const GOING_AWAY = 1001
/** The time for the other end to answer the closing handshake, ms. */
const CLOSE_WITHIN = 500

export type ApiSocketsOptions = {
  readonly application: Pick<Application, 'router' | 'openConnection'>
  /** Bytes of one message; a longer one ends the socket with 1009. */
  readonly maxPayload: number
  readonly log: Log
}

/** Serves the API over WebSockets whose access was checked before: one peer per socket, one connection for all sockets of a browser. */
export class ApiSockets {
  readonly #server: WebSocketServer
  readonly #handler: RPCHandler<ReturnType<Application['openConnection']>>
  readonly #options: ApiSocketsOptions

  constructor(options: ApiSocketsOptions) {
    this.#options = options
    // No compression, because the bytes never leave the device.
    this.#server = new WebSocketServer({
      noServer: true,
      maxPayload: options.maxPayload,
      perMessageDeflate: false,
      // Never accept the offered name that carries the key.
      handleProtocols: (offered) => offered.has(API_SUBPROTOCOL) && API_SUBPROTOCOL,
    })
    this.#handler = new RPCHandler(options.application.router, { interceptors: [refuseUnknownProcedure] })
  }

  get size(): number {
    return this.#server.clients.size
  }

  accept(request: IncomingMessage, socket: Duplex, head: Buffer, connection: string): void {
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      const context = this.#options.application.openConnection(connection)
      webSocket.on('error', (error: Error & { code?: string }) => {
        this.#options.log({ level: 'warn', event: 'loopback.socket', code: error.code ?? error.name })
      })
      void this.#handler.upgrade(guard(webSocket), { context })
    })
  }

  async close(): Promise<void> {
    const closed = [...this.#server.clients].map(
      (webSocket) =>
        new Promise<void>((resolve) => {
          const late = setTimeout(() => webSocket.terminate(), CLOSE_WITHIN)
          webSocket.once('close', () => {
            clearTimeout(late)
            resolve()
          })
          webSocket.close(GOING_AWAY, 'The application is closing')
        }),
    )
    await Promise.all(closed)
  }
}

/** Returns a socket for the RPC handler. It accepts only messages of the protocol, and drops answers to a closed socket. */
function guard(webSocket: WebSocket): Pick<WebSocket, 'addEventListener' | 'send'> {
  const send = (data: string | Uint8Array<ArrayBuffer>) => {
    if (webSocket.readyState === webSocket.OPEN) webSocket.send(data)
  }
  const addEventListener: WebSocket['addEventListener'] = (type, listener, options) => {
    if (type !== 'message') {
      webSocket.addEventListener(type, listener, options)
      return
    }
    const receive = listener as (event: { data: string | ArrayBuffer | Uint8Array }) => void
    webSocket.on('message', (bytes, isBinary) => {
      // Only a file may be larger, and files are sent as binary messages.
      if (!isBinary && Buffer.isBuffer(bytes) && bytes.length > MAX_JSON_BYTES) {
        webSocket.close(TOO_BIG, 'MESSAGE_TOO_LARGE')
        return
      }
      const data = !isBinary && Buffer.isBuffer(bytes) ? bytes.toString() : bytes
      if (isRpcMessage(data)) receive({ data })
      else webSocket.close(POLICY_VIOLATION, 'MALFORMED_MESSAGE')
    })
  }
  return { send: send as WebSocket['send'], addEventListener }
}
