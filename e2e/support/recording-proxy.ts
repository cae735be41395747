import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib'

/** One direction of one exchange. */
type Message = { readonly line: string; readonly headers: IncomingHttpHeaders; readonly chunks: Buffer[]; isWhole: boolean }

const UNPACK: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  zstd: zstdDecompressSync,
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
}

/**
 * A proxy between one device and the sync server. It records all data in both directions, including incomplete exchanges, and can end all
 * connections.
 */
export class RecordingProxy {
  readonly #target: string
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #messages: Message[] = []
  readonly #pokes: number[] = []
  #isCut = false

  private constructor(target: string) {
    this.#target = target
    this.#server = createServer((incoming, answer) => this.#pass(incoming, answer))
    this.#server.on('connection', (socket) => {
      if (this.#isCut) return void socket.destroy()
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
  }

  static async start(target: string): Promise<RecordingProxy> {
    const proxy = new RecordingProxy(target)
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  /** The server's address for the device. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** The times at which pokes were passed to the device, ms. */
  get pokes(): readonly number[] {
    return this.#pokes
  }

  /** Returns the request lines, headers and unpacked bodies of all exchanges so far. */
  traffic(): string {
    return this.#messages
      .map(({ line, headers, chunks, isWhole }) => {
        const body = Buffer.concat(chunks)
        const unpack = isWhole && body.length > 0 ? UNPACK[headers['content-encoding'] ?? ''] : undefined
        return `${line}\n${JSON.stringify(headers)}\n${(unpack === undefined ? body : unpack(body)).toString()}`
      })
      .join('\n\n')
  }

  /** Ends every connection, and refuses new ones until `mend`. */
  cut(): void {
    this.#isCut = true
    for (const socket of this.#sockets) socket.destroy()
  }

  mend(): void {
    this.#isCut = false
  }

  async close(): Promise<void> {
    this.cut()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #pass(incoming: IncomingMessage, answer: ServerResponse): void {
    const line = `${incoming.method} ${incoming.url}`
    const asked = this.#keep(line, incoming)
    const onward = request(`${this.#target}${incoming.url}`, { method: incoming.method ?? 'GET', headers: incoming.headers })
    const breakOff = () => {
      onward.destroy()
      answer.destroy()
    }
    // The server is stopped, or one side closed the connection.
    onward.once('error', breakOff)
    answer.once('close', () => onward.destroy())
    onward.once('response', (response) => {
      const answered = this.#keep(`${response.statusCode} ${line}`, response)
      const isStream = response.headers['content-type']?.startsWith('text/event-stream') === true
      answer.writeHead(response.statusCode ?? 502, response.headers)
      answer.flushHeaders()
      response.on('data', (chunk: Buffer) => {
        answered.chunks.push(chunk)
        if (isStream && chunk.includes('event: head')) this.#pokes.push(Date.now())
        answer.write(chunk)
      })
      response.once('end', () => {
        answered.isWhole = true
        answer.end()
      })
      response.once('error', breakOff)
    })
    incoming.on('data', (chunk: Buffer) => {
      asked.chunks.push(chunk)
      onward.write(chunk)
    })
    incoming.once('end', () => {
      asked.isWhole = true
      onward.end()
    })
    incoming.once('error', breakOff)
  }

  #keep(line: string, { headers }: IncomingMessage): Message {
    const message: Message = { line, headers, chunks: [], isWhole: false }
    this.#messages.push(message)
    return message
  }
}
