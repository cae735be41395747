import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SteadyClock } from './steady-clock.ts'

const DAY = 24 * 3_600_000

function clock() {
  const time = { wall: 1_000_000_000_000, uptime: 5_000 }
  const steady = new SteadyClock(
    () => time.wall,
    () => time.uptime,
  )
  const pass = (ms: number) => {
    time.wall += ms
    time.uptime += ms
  }
  return { time, steady, pass }
}

test('setting the wall clock back does not reduce the time that has passed', () => {
  const { time, steady, pass } = clock()
  const begin = steady.instant()
  time.wall -= DAY
  pass(16 * 60_000)
  expect(steady.msSince(begin)).toBe(16 * 60_000)
})

test('time in suspend counts also if the uptime stops during it', () => {
  const { time, steady } = clock()
  const begin = steady.instant()
  time.wall += 3 * 3_600_000
  expect(steady.msSince(begin)).toBe(3 * 3_600_000)
})

test('if the uptime does not advance, time continues from the moment at which the clock was set back', () => {
  const { time, steady } = clock()
  const begin = steady.instant()
  time.wall -= DAY
  expect(steady.msSince(begin)).toBe(0)
  time.wall += 1_000
  expect(steady.msSince(begin)).toBe(1_000)
})

test('measured time is never less than real time, never decreases, and is exact if the clock is not set', () => {
  const steps = fc.array(
    fc.record({
      pass: fc.integer({ min: 0, max: DAY }),
      set: fc.integer({ min: -400 * DAY, max: 400 * DAY }),
      reads: fc.boolean(),
    }),
    { maxLength: 30 },
  )
  fc.assert(
    fc.property(steps, fc.boolean(), (all, isSet) => {
      const { time, steady, pass } = clock()
      const begin = steady.instant()
      let [real, last] = [0, 0]
      for (const step of all) {
        pass(step.pass)
        real += step.pass
        if (isSet) time.wall += step.set
        if (!step.reads) continue
        const passed = steady.msSince(begin)
        expect(passed).toBeGreaterThanOrEqual(Math.max(real, last))
        if (!isSet) expect(passed).toBe(real)
        last = passed
      }
    }),
  )
})
