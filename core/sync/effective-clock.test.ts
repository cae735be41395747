import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatHybridTime, parseHybridTime } from '../hybrid-clock.ts'
import { clockOffset, effectiveClock } from './effective-clock.ts'

const NOW = 1_800_000_000_000
const HOUR = 3_600_000
const at = (wallTime: number) => ({ hlc: formatHybridTime(wallTime, 0), wallTime })
const time = fc.integer({ min: 0, max: 2 ** 47 })

test('[S8] no clock counts as later than the arrival of its edit', () => {
  fc.assert(
    fc.property(time, fc.integer({ min: -(2 ** 46), max: 2 ** 46 }), fc.nat(0xffff), (millis, offset, counter) => {
      const clock = effectiveClock({ hlc: formatHybridTime(0, counter), wallTime: millis }, offset, NOW, null)
      expect(parseHybridTime(clock).millis).toBeLessThanOrEqual(NOW)
    }),
  )
})

test('[S8] a clock that is an hour fast counts like a correct one', () => {
  const edited = NOW - 10_000
  const offset = clockOffset(NOW + HOUR, NOW)
  expect(parseHybridTime(effectiveClock(at(edited + HOUR), offset, NOW, null)).millis).toBe(edited)
  const slow = clockOffset(NOW - HOUR, NOW)
  expect(parseHybridTime(effectiveClock(at(edited - HOUR), slow, NOW, null)).millis).toBe(edited)
})

test('[S8] a clock that was set back a day between two edits counts by its corrected reading', () => {
  const edited = NOW - 10_000
  // The hybrid clock cannot go back and stays at the time of the previous edit.
  const edit = { hlc: formatHybridTime(edited - 5_000, 1), wallTime: edited - 24 * HOUR }
  const clock = effectiveClock(edit, clockOffset(NOW - 24 * HOUR, NOW), NOW, null)
  expect(parseHybridTime(clock)).toEqual({ millis: edited, counter: 1 })
})

test('the network’s delay does not count as a wrong clock', () => {
  expect(clockOffset(NOW - 800, NOW)).toBe(0)
  expect(clockOffset(NOW + 800, NOW)).toBe(0)
  expect(clockOffset(NOW - 5_000, NOW)).toBe(5_000)
})

test('[S8] one device’s edits keep their order, even if its offset changes between them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ millis: time, offset: fc.integer({ min: -HOUR, max: HOUR }) }), { minLength: 2 }),
      (edits) => {
        let previous: string | null = null
        for (const { millis, offset } of edits) {
          const clock = effectiveClock(at(millis), offset, NOW, previous)
          expect(previous === null || clock >= previous).toBe(true)
          previous = clock
        }
      },
    ),
  )
})
