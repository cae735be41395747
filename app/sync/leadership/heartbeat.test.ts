import { expect, test } from 'vitest'
import { Heartbeat } from './heartbeat.ts'

/** Timers that the test fires. */
class ManualTimers {
  readonly armed = new Set<() => void>()
  readonly set = (_ms: number, run: () => void): (() => void) => {
    this.armed.add(run)
    return run
  }
  readonly clear = (timer: unknown): void => void this.armed.delete(timer as () => void)

  async fire(): Promise<void> {
    for (const run of [...this.armed]) {
      this.armed.delete(run)
      run()
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
}

test('the next run is scheduled after the previous one has ended', async () => {
  const timers = new ManualTimers()
  const ends: (() => void)[] = []
  const heartbeat = new Heartbeat(timers, () => new Promise<void>((resolve) => void ends.push(resolve)))
  heartbeat.start()
  heartbeat.start()
  expect(timers.armed.size).toBe(1)
  await timers.fire()
  expect(timers.armed.size).toBe(0)
  ends[0]?.()
  await new Promise((resolve) => setImmediate(resolve))
  expect([ends.length, timers.armed.size]).toEqual([1, 1])
})

test('no run follows a stop, also if one is under way', async () => {
  const timers = new ManualTimers()
  let beats = 0
  const heartbeat = new Heartbeat(timers, async () => void beats++)
  heartbeat.start()
  const fired = timers.fire()
  heartbeat.stop()
  await fired
  heartbeat.start()
  expect([beats, timers.armed.size]).toEqual([1, 0])
})
