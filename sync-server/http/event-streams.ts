import type { ServerResponse } from 'node:http'
import { HEARTBEAT_MS, PROTOCOL_HEADER, PROTOCOL_VERSION, type Poke } from '../../core/sync/protocol.ts'
import type { Change } from '../service/push.ts'
import type { WhoAmI } from '../threads/store-thread.ts'

/** More streams per device than this are left over from half-open connections; the oldest is ended. */
const MOST_PER_DEVICE = 3
/** A stream with a longer backlog is closed: its reader no longer reads. */
const MOST_BACKLOG_BYTES = 65_536

type Stream = { readonly who: WhoAmI; readonly response: ServerResponse }

/**
 * The open event streams. A poke carries no data, only the head (S5). It is sent to the people in whose scope something changed, but not to
 * the device that made the change.
 */
export class EventStreams {
  readonly #streams = new Set<Stream>()
  /** The last head that was sent, by client. A change may be sent between a stream's authentication and its first line. */
  readonly #heads = new Map<string, number>()
  readonly #heartbeat: NodeJS.Timeout

  constructor(heartbeatMs: number = HEARTBEAT_MS) {
    this.#heartbeat = setInterval(() => this.#sendHeartbeats(), heartbeatMs)
    this.#heartbeat.unref()
  }

  get size(): number {
    return this.#streams.size
  }

  open(who: WhoAmI, response: ServerResponse): void {
    const stream = { who, response }
    const ofDevice = [...this.#streams].filter((each) => each.who.deviceId === who.deviceId && each.who.clientId === who.clientId)
    for (const old of ofDevice.slice(0, Math.max(0, ofDevice.length - MOST_PER_DEVICE + 1))) this.#end(old)
    // Each stream removes only itself, so an old stream that closes late does not remove its successor.
    response.once('close', () => this.#streams.delete(stream))
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      [PROTOCOL_HEADER]: String(PROTOCOL_VERSION),
      'cache-control': 'no-store, no-transform',
      // The connection ends with the stream: an idle connection would delay the server's stop.
      connection: 'close',
      // Proxies must not buffer the lines.
      'x-accel-buffering': 'no',
    })
    this.#streams.add(stream)
    this.#poke(stream, Math.max(who.head, this.#heads.get(who.clientId) ?? 0))
  }

  notify({ clientId, head, everyone, owners, deviceId, renewed }: Change): void {
    this.#heads.set(clientId, head)
    for (const stream of [...this.#streams]) {
      const { who } = stream
      if (who.clientId !== clientId) continue
      // The reader's scope changed. The device reconnects and is accepted with the new role, or refused.
      if (renewed.includes(who.userId)) this.#end(stream)
      else if (
        who.deviceId !== deviceId &&
        (everyone || owners.includes(who.userId) || (who.everyonesCalls && owners.length > 0))
      )
        this.#poke(stream, head)
    }
  }

  close(): void {
    clearInterval(this.#heartbeat)
    for (const stream of [...this.#streams]) this.#end(stream)
  }

  #poke(stream: Stream, head: number): void {
    this.#write(stream, `event: head\ndata: ${JSON.stringify({ head } satisfies Poke)}\n\n`)
  }

  #sendHeartbeats(): void {
    for (const stream of [...this.#streams]) this.#write(stream, ':\n\n')
  }

  #write(stream: Stream, text: string): void {
    if (stream.response.writableLength > MOST_BACKLOG_BYTES) {
      this.#streams.delete(stream)
      stream.response.destroy()
    } else stream.response.write(text)
  }

  #end(stream: Stream): void {
    this.#streams.delete(stream)
    stream.response.end()
  }
}
