import { createParser } from 'eventsource-parser'

/** The longest event that a stream may hold back, in characters. The server's events have a few dozen. */
const MOST_BUFFERED = 65_536

/**
 * Reads the server's event stream to its end.
 * @param onBytes called for all bytes, also for comments, which are the server's heartbeat.
 * @param onPoke called for each event `head`.
 * @throws Error if the stream is interrupted, or an event is too long.
 */
export async function readEventStream(body: ReadableStream<Uint8Array>, onBytes: () => void, onPoke: () => void): Promise<void> {
  const parser = createParser({
    maxBufferSize: MOST_BUFFERED,
    onEvent: ({ event }) => {
      if (event === 'head') onPoke()
    },
  })
  const decoder = new TextDecoder()
  for await (const bytes of body) {
    onBytes()
    parser.feed(decoder.decode(bytes, { stream: true }))
  }
}
