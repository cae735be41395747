import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { IncomingBodies, type BodyLimits } from './incoming-bodies.ts'

const LIMITS: BodyLimits = {
  bodyBytes: 1_000_000,
  bytes: 3_000_000,
  bytesOfRequester: 1_500_000,
  bytesOfAddress: 2_000_000,
  count: 100,
  countOfAddress: 50,
  idleMs: 15_000,
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

type Sent = PassThrough & { headers: Record<string, string> }

function sending(headers: Record<string, string> = {}): Sent {
  return Object.assign(new PassThrough({ highWaterMark: 10_000_000 }), { headers })
}

function open(bodies: IncomingBodies, requester: string, address = 'here', headers: Record<string, string> = {}) {
  const stream = sending(headers)
  const body = bodies.receive(stream as unknown as IncomingMessage, requester, address)
  body.catch(() => {})
  return { stream, body }
}

const flowed = () => new Promise<void>((resolve) => setImmediate(resolve))
const refused = (code: string) => expect.objectContaining({ code })

test('a body arrives unchanged in pieces of any size', async () => {
  const bodies = new IncomingBodies(LIMITS)
  const { stream, body } = open(bodies, 'a')
  const sent = Uint8Array.from({ length: 300_000 }, (_, n) => n % 251)
  for (let at = 0; at < sent.length; at += 777) stream.write(sent.subarray(at, at + 777))
  stream.end()
  const { bytes, release } = await body
  expect(Buffer.compare(bytes, sent)).toBe(0)
  expect(bodies.bytes).toBe(300_000)
  release()
  release()
  expect(bodies.bytes).toBe(0)
})

test('a body that declares too large a size, or grows too large, is refused immediately', async () => {
  const bodies = new IncomingBodies(LIMITS)
  await expect(open(bodies, 'a', 'here', { 'content-length': '1000001' }).body).rejects.toThrow(refused('TOO_LARGE'))
  const { stream, body } = open(bodies, 'a')
  stream.write(Buffer.alloc(1_000_001))
  await expect(body).rejects.toThrow(refused('TOO_LARGE'))
  expect(bodies.bytes).toBe(0)
})

test('slow bodies of one requester use no more memory than its bound, and other requesters have room', async () => {
  const bodies = new IncomingBodies(LIMITS)
  const slow = Array.from({ length: 40 }, () => open(bodies, 'hostile', 'there'))
  const outcomes = slow.map(({ body }) => body.then(String, (error: { code: string }) => error.code))
  for (const { stream } of slow) {
    stream.write(Buffer.alloc(400_000))
    await flowed()
    expect(bodies.bytes).toBeLessThanOrEqual(LIMITS.bytesOfRequester)
  }
  const { stream, body } = open(bodies, 'bystander')
  stream.end(Buffer.alloc(900_000))
  ;(await body).release()
  // A body that stops arriving is dropped and its memory is freed.
  vi.advanceTimersByTime(LIMITS.idleMs)
  expect(new Set(await Promise.all(outcomes))).toEqual(new Set(['UNAVAILABLE', 'MALFORMED']))
  expect(bodies.bytes).toBe(0)
})

test('the memory of all requesters of one address, and of all addresses, is bounded', async () => {
  const bodies = new IncomingBodies(LIMITS)
  for (let n = 0; n < 20; n++) open(bodies, `requester ${n}`, 'one').stream.write(Buffer.alloc(400_000))
  await flowed()
  expect(bodies.bytes).toBeLessThanOrEqual(LIMITS.bytesOfAddress)
  for (let n = 0; n < 20; n++) open(bodies, `other ${n}`, `address ${n}`).stream.write(Buffer.alloc(400_000))
  await flowed()
  expect(bodies.bytes).toBeLessThanOrEqual(LIMITS.bytes)
})

test('requests of which no byte has arrived are counted too', async () => {
  const bodies = new IncomingBodies(LIMITS)
  for (let n = 0; n < LIMITS.countOfAddress; n++) open(bodies, `requester ${n}`, 'one')
  await expect(open(bodies, 'next', 'one').body).rejects.toThrow(refused('UNAVAILABLE'))
  const elsewhere = open(bodies, 'next', 'two')
  elsewhere.stream.end('x')
  ;(await elsewhere.body).release()
})

test('a connection that is lost ends its request', async () => {
  const bodies = new IncomingBodies(LIMITS)
  const { stream, body } = open(bodies, 'a')
  stream.write('half')
  await flowed()
  stream.destroy()
  await expect(body).rejects.toThrow(refused('MALFORMED'))
  expect(bodies.bytes).toBe(0)
})

test('a body in pieces of one byte is refused', async () => {
  const bodies = new IncomingBodies(LIMITS)
  const { stream, body } = open(bodies, 'a')
  for (let n = 0; n < 1_100; n++) {
    stream.write('x')
    await flowed()
  }
  await expect(body).rejects.toThrow(refused('MALFORMED'))
})
