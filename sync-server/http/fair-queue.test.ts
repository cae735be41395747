import fc from 'fast-check'
import { expect, test } from 'vitest'
import { must } from '../../core/assert.ts'
import { FairQueue, type Size } from './fair-queue.ts'

/** A clock that the test advances. */
class Time {
  #now = 0
  #alarms: { readonly at: number; readonly callback: () => void }[] = []

  readonly clock = {
    now: () => this.#now,
    wake: (ms: number, callback: () => void) => void this.#alarms.push({ at: this.#now + ms, callback }),
  }

  get now(): number {
    return this.#now
  }

  async pass(ms: number): Promise<void> {
    const end = this.#now + ms
    for (;;) {
      const due = this.#alarms.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0]
      if (due === undefined) break
      this.#alarms = this.#alarms.filter((each) => each !== due)
      this.#now = due.at
      due.callback()
      await settled()
    }
    this.#now = end
    await settled()
  }
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Requests of requesters on one queue; the test ends each piece of work. */
class Scene {
  readonly time = new Time()
  readonly queue: FairQueue
  readonly started: string[] = []
  readonly #ends = new Map<string, (ms: number) => void>()

  constructor(atOnce: Partial<Record<Size, number>> = { long: 1 }) {
    this.queue = new FairQueue(atOnce, this.time.clock)
  }

  ask(name: string, size: Size = 'long'): void {
    void this.queue.run(name.slice(0, 1), size, async (charge) => {
      this.started.push(name)
      charge(await new Promise<number>((resolve) => this.#ends.set(name, resolve)))
    })
  }

  async end(name: string, ms = 0): Promise<void> {
    await this.time.pass(ms)
    must(this.#ends.get(name), `${name} was started`)(ms)
    await settled()
  }
}

test('requesters take turns, regardless of the number of requests of each', async () => {
  const scene = new Scene()
  for (const name of ['a1', 'a2', 'a3', 'b1', 'b2', 'c1']) scene.ask(name)
  for (const name of ['a1', 'b1', 'c1', 'a2', 'b2']) await scene.end(name, 10)
  expect(scene.started).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3'])
})

test('one requester has one piece of work under way, and others use the free place', async () => {
  const scene = new Scene({ long: 2 })
  for (const name of ['a1', 'a2', 'b1']) scene.ask(name)
  expect(scene.started).toEqual(['a1', 'b1'])
  await scene.end('b1')
  expect(scene.started).toEqual(['a1', 'b1'])
  await scene.end('a1')
  expect(scene.started).toEqual(['a1', 'b1', 'a2'])
})

test('short work does not wait for a place of long work, and its requester still has one piece of work under way', async () => {
  const scene = new Scene({ long: 1, short: 1 })
  for (const name of ['a1', 'b1']) scene.ask(name)
  for (const name of ['a2', 'c1', 'd1']) scene.ask(name, 'short')
  expect(scene.started).toEqual(['a1', 'c1'])
  await scene.end('c1')
  expect(scene.started).toEqual(['a1', 'c1', 'd1'])
  await scene.end('a1')
  expect(scene.started).toEqual(['a1', 'c1', 'd1', 'b1'])
  await scene.end('d1')
  expect(scene.started).toEqual(['a1', 'c1', 'd1', 'b1', 'a2'])
})

test('a requester with much long work waits while others have only short work', async () => {
  const scene = new Scene({ long: 1, short: 1 })
  for (const name of ['h1', 'h2']) scene.ask(name)
  scene.ask('v1', 'short')
  await scene.end('v1')
  await scene.end('h1', 3_000)
  expect(scene.started).toEqual(['h1', 'v1', 'h2'])
  scene.ask('h3')
  await scene.end('h2', 3_000)
  expect(scene.started).toEqual(['h1', 'v1', 'h2', 'h3'])
  scene.ask('h4')
  scene.ask('v2', 'short')
  await scene.end('v2')
  await scene.end('h3', 1_000)
  expect(scene.started, 'v was active a second ago').toEqual(['h1', 'v1', 'h2', 'h3', 'v2'])
})

test('a requester with much long work waits while others are active, but for a bounded time', async () => {
  const scene = new Scene()
  for (const name of ['h1', 'h2', 'v1']) scene.ask(name)
  await scene.end('h1', 3_000)
  expect(scene.started).toEqual(['h1', 'v1'])
  await scene.end('v1', 10)
  // The place is free, but the next long work would delay the others' next request.
  expect(scene.started).toEqual(['h1', 'v1'])
  const seconds: number[] = []
  for (let second = 2; second < 20 && !scene.started.includes('h2'); second++) {
    scene.ask(`v${second}`)
    await scene.end(`v${second}`, 10)
    await scene.time.pass(990)
    seconds.push(second)
  }
  expect(scene.started.at(-1)).toBe('h2')
  expect(seconds.length).toBeGreaterThanOrEqual(7)
  expect(seconds.length).toBeLessThanOrEqual(9)
})

test('a single requester gets the whole resource', async () => {
  const scene = new Scene()
  for (const name of ['h1', 'h2', 'h3']) scene.ask(name)
  await scene.end('h1', 5_000)
  await scene.end('h2', 5_000)
  expect(scene.started).toEqual(['h1', 'h2', 'h3'])
})

test('short work is never counted', async () => {
  const scene = new Scene()
  scene.ask('v0')
  await scene.end('v0')
  for (let n = 0; n < 50; n++) {
    scene.ask(`h${n}`)
    await scene.end(`h${n}`, 90)
  }
  scene.ask('h50')
  expect(scene.started.at(-1)).toBe('h50')
})

test('an error of the work is thrown to its requester, and the queue continues', async () => {
  const { queue } = new Scene()
  await expect(queue.run('a', 'long', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  await expect(queue.run('a', 'long', async () => 5)).resolves.toBe(5)
})

test('every request runs once, in the order of its requester’s requests', async () => {
  const sizes = fc.constantFrom<Size>('short', 'long')
  const request = fc.record({
    size: sizes,
    requester: fc.constantFrom('a', 'b', 'c', 'd'),
    ms: fc.integer({ min: 0, max: 3_000 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(request, { maxLength: 30 }), fc.integer({ min: 1, max: 3 }), async (requests, long) => {
      const time = new Time()
      const queue = new FairQueue({ long, short: 2 }, time.clock)
      const done: number[] = []
      const all = Promise.all(
        requests.map(({ requester, size, ms }, index) =>
          queue.run(requester, size, async (charge) => {
            charge(ms)
            done.push(index)
          }),
        ),
      )
      await settled()
      for (let n = 0; n < 200 && done.length < requests.length; n++) await time.pass(10_000)
      await all
      expect(done.toSorted((a, b) => a - b)).toEqual(requests.map((_, index) => index))
      for (const requester of 'abcd') {
        const own = done.filter((index) => requests[index]?.requester === requester)
        expect(own).toEqual(own.toSorted((a, b) => a - b))
      }
    }),
    { numRuns: 50 },
  )
})
