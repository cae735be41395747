import { expect, test } from 'vitest'
import { BulkRequests } from './bulk-requests.ts'

/** A thread that never answers. */
class BusyThread {
  readonly requests: unknown[] = []

  request<T>(body: unknown): Promise<T> {
    this.requests.push(body)
    return new Promise<T>(() => {})
  }
}

const LIMITS = { waitingBytes: 64_000_000, refusedAtOnce: 10, refusedPerHour: 10, eventsAtOnce: 10, eventsPerHour: 10 }

test('a short body is checked immediately, however many people have long bodies under way', async () => {
  const threads = { short: new BusyThread(), long: [new BusyThread(), new BusyThread()] }
  const bulk = new BulkRequests(threads, new BusyThread(), LIMITS)
  const send = (key: string, bytes: number) =>
    bulk.answer({ key, address: '127.0.0.1' }, { bytes: new Uint8Array(bytes), release: () => {} }, 'identity', {
      do: 'push',
      envelope: { sentAt: 0, cursor: null },
      token: undefined,
      origin: { ipAddress: null, userAgent: null },
      accept: 'identity',
    })
  for (let n = 0; n < 20; n++) void send(`long ${n}`, 100_000)
  await expect.poll(() => threads.long.map(({ requests }) => requests.length)).toEqual([2, 1])
  void send('short', 500)
  await expect.poll(() => threads.short.requests).toHaveLength(1)
})
