import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Which connections have a request under way. A stop has to know: Node closes those that are idle after a request, but
 * waits for those that were opened and never used, and clients open some ahead.
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

  /** Ends every connection as soon as it has nothing under way. */
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
