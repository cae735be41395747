import { expect, test } from 'vitest'
import { Throttle } from './throttle.ts'

test('the first attempts need no wait, then the wait doubles, and from the tenth it is 15 minutes', () => {
  const throttle = new Throttle()
  const waits: (number | null)[] = []
  let now = 1_000_000
  for (let n = 0; n < 12; n++) {
    throttle.count('k', now)
    const until = throttle.retryAt('k', now)
    waits.push(until === null ? null : until - now)
    now = until ?? now
  }
  const seconds = [1, 2, 4, 8, 16, 32, 64].map((wait) => wait * 1_000)
  expect(waits).toEqual([null, null, ...seconds, 900_000, 900_000, 900_000])
  expect(throttle.retryAt('k', now)).toBeNull()
})

test('keys are independent, and a correct attempt or a day without attempts resets the count', () => {
  const throttle = new Throttle()
  for (let n = 0; n < 20; n++) throttle.count('k', 0)
  expect(throttle.retryAt('other', 1)).toBeNull()
  expect(throttle.retryAt('k', 1)).not.toBeNull()
  expect(throttle.retryAt('k', 25 * 3_600_000)).toBeNull()
  throttle.clear('k')
  expect(throttle.retryAt('k', 1)).toBeNull()
})

test('the number of keys is bounded', () => {
  const throttle = new Throttle()
  for (let n = 0; n < 5; n++) throttle.count('first', 0)
  for (let n = 0; n < 50_000; n++) throttle.count(`key ${n}`, 0)
  expect(throttle.retryAt('first', 1)).toBeNull()
})

test('removing a correct attempt keeps the earlier wrong ones', () => {
  const throttle = new Throttle()
  for (let n = 0; n < 2; n++) throttle.count('a', 0)
  throttle.count('a', 0)
  throttle.uncount('a')
  expect(throttle.retryAt('a', 0)).toBeNull()
  throttle.count('a', 0)
  expect(throttle.retryAt('a', 0)).not.toBeNull()
  throttle.uncount('unknown')
  expect(throttle.retryAt('unknown', 0)).toBeNull()
})

test('attempts made while the clock was a year ahead cause no longer wait once the clock is correct', () => {
  const throttle = new Throttle()
  for (let n = 0; n < 10; n++) throttle.count('a', 365 * 24 * 3_600_000)
  expect(throttle.retryAt('a', 5)).toBe(5 + 15 * 60_000)
  expect(throttle.retryAt('a', 6)).toBe(5 + 15 * 60_000)
  expect(throttle.retryAt('a', 5 + 15 * 60_000)).toBeNull()
})
