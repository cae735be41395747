import { expect, test } from 'vitest'
import { Allowance } from './allowance.ts'

const HOUR = 60 * 60_000

test('a burst is allowed, and the allowance is refilled by the hour', () => {
  const allowance = new Allowance({ burst: 100, perHour: 10 })
  allowance.spend('a', 99, 0)
  expect(allowance.waitMs('a', 0)).toBe(0)
  allowance.spend('a', 1, 0)
  const wait = allowance.waitMs('a', 0)
  expect(wait).toBeGreaterThan(0)
  expect(wait).toBeLessThanOrEqual(HOUR / 10)
  expect(allowance.waitMs('a', wait)).toBe(0)
  expect(allowance.waitMs('b', 0)).toBe(0)
})

test('a key that overdraws its allowance waits until the balance is positive', () => {
  const allowance = new Allowance({ burst: 10, perHour: 10 })
  allowance.spend('a', 50, 0)
  expect(allowance.waitMs('a', 4 * HOUR)).toBeGreaterThan(0)
  expect(allowance.waitMs('a', 5 * HOUR)).toBe(0)
})

test('setting the clock back refills nothing', () => {
  const allowance = new Allowance({ burst: 1, perHour: 1 })
  allowance.spend('a', 1, HOUR)
  expect(allowance.waitMs('a', 0)).toBeGreaterThan(0)
})
