import { expect, test } from 'vitest'
import { readEventStream } from './event-stream.ts'

/** Returns the numbers of chunks and of pokes that were read, and the error at the end. */
async function read(...chunks: readonly string[]): Promise<{ chunks: number; pokes: number; error: string | null }> {
  const seen = { chunks: 0, pokes: 0, error: null as string | null }
  const encoded = chunks.map((chunk) => new TextEncoder().encode(chunk))
  try {
    await readEventStream(
      ReadableStream.from(encoded),
      () => seen.chunks++,
      () => seen.pokes++,
    )
  } catch (error) {
    seen.error = error instanceof Error ? error.name : String(error)
  }
  return seen
}

test('every event `head` is a poke, in any chunks of the stream', async () => {
  const text = 'event: head\ndata: {"head":1}\n\nevent: head\ndata: {"head":2}\n\n'
  expect((await read(text)).pokes).toBe(2)
  expect(await read(...text.split(''))).toEqual({ chunks: text.length, pokes: 2, error: null })
})

test('every line end of the standard is accepted', async () => {
  expect((await read('event: head\r\ndata: {"head":1}\r\n\r\nevent:head\rdata:{}\r\r')).pokes).toBe(2)
})

test('comments and other events are not pokes', async () => {
  expect(await read(':\n\n', 'event: later\ndata: 1\n\n')).toEqual({ chunks: 2, pokes: 0, error: null })
})

test('an event that is incomplete at the end of the stream is not a poke', async () => {
  expect((await read('event: head\ndata: {"hea')).pokes).toBe(0)
})

test('an event that never ends does not fill the memory', async () => {
  const endless = ['data: ', ...Array.from({ length: 100 }, () => 'x'.repeat(4_096))]
  expect((await read(...endless)).error).toBe('Error')
})
