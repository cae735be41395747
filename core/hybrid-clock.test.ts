import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatHybridTime, nextHybridTime, parseHybridTime, type HybridTime } from './hybrid-clock.ts'

const millis = fc.integer({ min: 0, max: 2 ** 47 })
const counter = fc.integer({ min: 0, max: 0xffff })

test('a formatted reading is parsed back, and readings compare as text', () => {
  fc.assert(
    fc.property(millis, counter, millis, counter, (m1, c1, m2, c2) => {
      const [a, b] = [formatHybridTime(m1, c1), formatHybridTime(m2, c2)]
      expect(parseHybridTime(a)).toEqual({ millis: m1, counter: c1 })
      expect(Math.sign(Number(a > b) - Number(a < b))).toBe(Math.sign(m1 - m2) || Math.sign(c1 - c2))
    }),
  )
})

test('[S8] each reading is later than the last, even if the wall clock stops or is set back', () => {
  fc.assert(
    fc.property(fc.array(millis, { minLength: 2, maxLength: 40 }), (walls) => {
      let last: HybridTime | null = null
      for (const wall of walls) {
        const next = nextHybridTime(last, () => wall)
        if (last !== null) expect(next > last).toBe(true)
        expect(parseHybridTime(next).millis).toBeGreaterThanOrEqual(wall)
        last = next
      }
    }),
  )
})

test('a full counter increases the milliseconds by one', () => {
  expect(nextHybridTime(formatHybridTime(5, 0xffff), () => 5)).toBe(formatHybridTime(6, 0))
  expect(nextHybridTime(formatHybridTime(5, 3), () => 5)).toBe(formatHybridTime(5, 4))
  expect(nextHybridTime(formatHybridTime(5, 3), () => 9)).toBe(formatHybridTime(9, 0))
  expect(nextHybridTime(null, () => 9)).toBe(formatHybridTime(9, 0))
})

test.each(['', '0', 'g000000000000000', '00000000000000000', '000000000000000A'])('%j is not a reading', (text) => {
  expect(() => parseHybridTime(text)).toThrow(RangeError)
})
