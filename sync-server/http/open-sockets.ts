import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Counts the requests under way on each connection, for a prompt stop. Node closes connections that are idle after a request, but waits
 * for connections that were opened and never used. Browsers and proxies open such connections in advance.
 */
export class OpenSockets {
  readonly #requests = new Map<Socket, number>()
  #stopping = false

  constructor(server: Server) {
    server.on('connection', (socket: Socket): void => {
      if (this.#stopping) return void socket.destroy()
      this.#requests.set(socket, 0)
      socket.once('close', () => this.#requests.delete(socket))
    })
    server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
      this.#add(socket, 1)
      response.once('close', () => this.#add(socket, -1))
    })
  }

  /** Ends every connection as soon as it has no request under way. */
  stop(): void {
    this.#stopping = true
    for (const [socket, requests] of this.#requests) if (requests === 0) socket.destroy()
  }

  #add(socket: Socket, change: number): void {
    const requests = (this.#requests.get(socket) ?? 0) + change
    if (!this.#requests.has(socket)) return
    this.#requests.set(socket, requests)
    if (this.#stopping && requests === 0) socket.end()
  }
}
