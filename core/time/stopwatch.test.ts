import fc from 'fast-check'
import { expect, test } from 'vitest'
import { elapsed, readStopwatch, realigned, started, STOPPED, stopped, stopwatchText, ticking } from './stopwatch.ts'
import type { Stopwatch } from './stopwatch.ts'

test('a stopwatch continues after a stop and after a restart of the window', () => {
  const first = started(STOPPED, 1_000)
  const shown = elapsed(ticking(first, 1_000, 50), 3_050)
  expect(shown).toBe(3_000)
  const again = started(stopped(shown), 60_000)
  expect(elapsed(ticking(again, 60_000, 0), 2_000)).toBe(5_000)
  // The window restarts: its monotonic clock begins again.
  expect(elapsed(ticking(again, 70_000, 7), 8)).toBe(13_001)
})

test.each(['', 'x', '-1', '1.5', '5 since', '5 since x', '1e9'])('“%s” is not a stopwatch', (text) => {
  expect(readStopwatch(text)).toBeNull()
})

const watches: fc.Arbitrary<Stopwatch> = fc.record({
  counted: fc.nat({ max: 10 ** 9 }),
  since: fc.option(fc.integer({ min: 0, max: 2 * 10 ** 12 })),
})
const walls = fc.integer({ min: -(10 ** 12), max: 3 * 10 ** 12 })

test('a stored stopwatch is read back unchanged', () => {
  fc.assert(
    fc.property(watches, (watch) => {
      expect(readStopwatch(stopwatchText(watch))).toEqual(watch)
    }),
    { seed: 23 },
  )
})

test('whatever the clock of the computer does, a stopwatch never shows less than before or more than the real time adds', () => {
  const steps = fc.array(fc.record({ real: fc.nat({ max: 60_000 }), jump: fc.integer({ min: -(10 ** 10), max: 10 ** 10 }) }))
  fc.assert(
    fc.property(walls, steps, (begin, moves) => {
      let [wall, monotonic, real] = [begin, 5, 0]
      let stored = started(STOPPED, wall)
      const running = ticking(stored, wall, monotonic)
      let last = 0
      for (const { real: passed, jump } of moves) {
        monotonic += passed
        real += passed
        wall += passed + jump
        const shown = elapsed(running, monotonic)
        expect(shown).toBeGreaterThanOrEqual(last)
        expect(shown).toBe(real)
        last = shown
        stored = realigned(stored, shown, wall) ?? stored
        // A restart at this moment shows the same time, to the tolerance of a jump.
        if (wall >= 0) expect(Math.abs(elapsed(ticking(stored, wall, 0), 0) - shown)).toBeLessThanOrEqual(2_000)
      }
    }),
    { seed: 24 },
  )
})

test('a restored stopwatch never shows less than it had counted', () => {
  fc.assert(
    fc.property(watches, walls, fc.nat(), (watch, wall, monotonic) => {
      expect(elapsed(ticking(watch, wall, monotonic), monotonic - 1)).toBeGreaterThanOrEqual(watch.counted)
    }),
    { seed: 25 },
  )
})
