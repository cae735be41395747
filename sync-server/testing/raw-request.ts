import { request as httpRequest } from 'node:http'
import { connect, type Socket } from 'node:net'

export type RawAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

export type RawRequest = {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: Uint8Array | undefined
  /** The loopback address from which the request is sent. */
  readonly from?: string | undefined
}

/** Sends one request exactly as given, without adding or unpacking anything. Rejects if the connection ends without an answer. */
export function rawRequest(url: string, { method, path, headers = {}, body, from }: RawRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const options = { method, headers, agent: false, ...(from === undefined ? {} : { localAddress: from }) } as const
    const sent = httpRequest(`${url}${path}`, options, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** A connection on which a test writes a request, possibly an incomplete one. */
export class RawSocket {
  readonly socket: Socket
  readonly answered: Promise<string>
  #received = ''

  constructor(url: string, text: string | Uint8Array, from?: string) {
    const { hostname, port } = new URL(url)
    this.socket = connect({ host: hostname, port: Number(port), ...(from === undefined ? {} : { localAddress: from }) })
    this.socket.on('error', () => {})
    this.answered = new Promise((resolve) => {
      this.socket.on('data', (part: Buffer) => {
        this.#received += part.toString('latin1')
        resolve(this.#received)
      })
      this.socket.once('close', () => resolve(this.#received))
    })
    this.socket.write(text)
  }

  write(part: Uint8Array | string): Promise<void> {
    return new Promise((resolve) => this.socket.write(part, () => resolve()))
  }

  end(): void {
    this.socket.destroy()
  }
}

/** Returns the first line and the headers of a request. */
export function requestHead(method: string, path: string, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries({ host: '127.0.0.1', ...headers }).map(([name, value]) => `${name}: ${value}`)
  return [`${method} ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n')
}
