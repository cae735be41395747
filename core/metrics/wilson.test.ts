import fc from 'fast-check'
import { expect, test } from 'vitest'
import { differenceInterval, isBeyondChance, MIN_RANKED, ranksOf, wilsonInterval } from './wilson.ts'

test.each([
  // R. G. Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I, method 3.
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])('%i of %i lie between %d and %d', (numerator, denominator, low, high) => {
  const interval = wilsonInterval(numerator, denominator)
  expect(interval?.low).toBeCloseTo(low, 4)
  expect(interval?.high).toBeCloseTo(high, 4)
})

test('the interval contains the rate and becomes narrower with more calls', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0, max: 1, noNaN: true }), (d, share) => {
      const n = Math.round(share * d)
      const one = wilsonInterval(n, d)
      const ten = wilsonInterval(10 * n, 10 * d)
      expect(one && ten).toBeTruthy()
      if (one === null || ten === null) return
      expect(one.low).toBeLessThanOrEqual(n / d + 1e-12)
      expect(one.high).toBeGreaterThanOrEqual(n / d - 1e-12)
      expect(ten.high - ten.low).toBeLessThanOrEqual(one.high - one.low + 1e-12)
    }),
  )
})

test('nothing counted has no interval', () => {
  expect(wilsonInterval(0, 0)).toBeNull()
})

test('many good calls rank before a few perfect ones, few calls have no rank, and equal ones share a rank', () => {
  const of = (numerator: number, denominator: number) => ({ numerator, denominator })
  expect(ranksOf([of(20, 20), of(270, 300), of(MIN_RANKED - 1, MIN_RANKED - 1), of(270, 300), of(1, 30)])).toEqual([
    3,
    1,
    null,
    1,
    4,
  ])
})

test.each([
  // R. G. Newcombe, "Interval estimation for the difference between independent proportions", 1998, table II, method 10.
  [56, 70, 48, 80, 0.0524, 0.3339],
  [9, 10, 3, 10, 0.1705, 0.809],
  [6, 7, 2, 7, 0.0582, 0.8062],
  [5, 56, 0, 29, -0.0381, 0.1926],
  [0, 10, 0, 20, -0.1611, 0.2775],
  [0, 10, 0, 10, -0.2775, 0.2775],
  [10, 10, 0, 20, 0.6791, 1],
  [10, 10, 0, 10, 0.6075, 1],
])('%i of %i minus %i of %i lies between %d and %d', (n, d, formerN, formerD, low, high) => {
  const interval = differenceInterval({ numerator: n, denominator: d }, { numerator: formerN, denominator: formerD })
  expect(interval?.low).toBeCloseTo(low, 4)
  expect(interval?.high).toBeCloseTo(high, 4)
})

test('a change is beyond chance only if there are enough calls', () => {
  const of = (numerator: number, denominator: number) => ({ numerator, denominator })
  expect(isBeyondChance(of(300, 1_000), of(400, 1_000))).toBe(true)
  expect(isBeyondChance(of(3, 10), of(4, 10))).toBe(false)
  expect(isBeyondChance(of(0, 0), of(4, 10))).toBe(false)
})
