import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatHybridTime, parseHybridTime } from '../hybrid-clock.ts'
import { clockOffset, effectiveClock } from './effective-clock.ts'

const NOW = 1_800_000_000_000
const HOUR = 3_600_000
const time = fc.integer({ min: 0, max: 2 ** 47 })

test('[S8] no clock, however wrong, counts as later than its arrival', () => {
  fc.assert(
    fc.property(time, fc.integer({ min: -(2 ** 46), max: 2 ** 46 }), fc.nat(0xffff), (millis, offset, counter) => {
      const clock = effectiveClock(formatHybridTime(millis, counter), offset, NOW, null)
      expect(parseHybridTime(clock).millis).toBeLessThanOrEqual(NOW)
    }),
  )
})

test('[S8] a clock that is an hour fast counts as the right one does', () => {
  const edited = NOW - 10_000
  const offset = clockOffset(NOW + HOUR, NOW)
  expect(parseHybridTime(effectiveClock(formatHybridTime(edited + HOUR, 0), offset, NOW, null)).millis).toBe(edited)
  const slow = clockOffset(NOW - HOUR, NOW)
  expect(parseHybridTime(effectiveClock(formatHybridTime(edited - HOUR, 0), slow, NOW, null)).millis).toBe(edited)
})

test('the way’s delay is not taken for a wrong clock', () => {
  expect(clockOffset(NOW - 800, NOW)).toBe(0)
  expect(clockOffset(NOW + 800, NOW)).toBe(0)
  expect(clockOffset(NOW - 5_000, NOW)).toBe(5_000)
})

test('[S8] one device’s edits keep their order, whatever its offset does in between', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ millis: time, offset: fc.integer({ min: -HOUR, max: HOUR }) }), { minLength: 2 }),
      (edits) => {
        let previous: string | null = null
        for (const { millis, offset } of edits) {
          const clock = effectiveClock(formatHybridTime(millis, 0), offset, NOW, previous)
          if (previous !== null) expect(clock >= previous).toBe(true)
          previous = clock
        }
      },
    ),
  )
})
