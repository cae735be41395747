import fc from 'fast-check'
import { expect, test } from 'vitest'
import { attemptsOf, waitMs } from './sign-in-throttle.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const NOW = Date.UTC(2026, 10, 25)

test('a wait ends, and is never longer than its full length', () => {
  fc.assert(
    fc.property(fc.nat(50), fc.integer({ min: -10 * DAY, max: 10 * DAY }), (failures, elapsedMs) => {
      const wait = waitMs({ failures, elapsedMs })
      expect(wait).toBeGreaterThanOrEqual(0)
      expect(wait).toBeLessThanOrEqual(15 * MINUTE)
      expect(waitMs({ failures, elapsedMs: elapsedMs + wait })).toBe(0)
    }),
  )
})

test('a process without its own measure uses the wall clock; a stored time in the future ends the wait and keeps the failures', () => {
  expect(attemptsOf(undefined, null, NOW)).toEqual({ failures: 0, elapsedMs: 0 })
  expect(attemptsOf({ failures: 10, lastAt: NOW - MINUTE }, null, NOW)).toEqual({ failures: 10, elapsedMs: MINUTE })
  expect(attemptsOf({ failures: 10, lastAt: NOW - DAY }, null, NOW)).toEqual({ failures: 0, elapsedMs: 0 })
  const ahead = attemptsOf({ failures: 10, lastAt: NOW + 30 * DAY }, null, NOW)
  expect([ahead.failures, waitMs(ahead)]).toEqual([10, 0])
})

test('a process uses its own measure for its last attempt, and the wall clock for a later attempt of another process', () => {
  const own = { failures: 10, elapsedMs: 2_000, storedAt: NOW + 30 * DAY, isSaved: true }
  expect(attemptsOf({ failures: 10, lastAt: NOW + 30 * DAY }, own, NOW)).toEqual({ failures: 10, elapsedMs: 2_000 })
  expect(attemptsOf({ failures: 11, lastAt: NOW - 5_000 }, own, NOW)).toEqual({ failures: 11, elapsedMs: 5_000 })
  expect(attemptsOf(undefined, own, NOW), 'a sign-in in another process removed it').toEqual({ failures: 0, elapsedMs: 0 })
})

test('attempts that could not be saved are added to the stored ones', () => {
  const own = { failures: 7, elapsedMs: 2_000, storedAt: NOW - DAY / 2, isSaved: false }
  expect(attemptsOf({ failures: 4, lastAt: NOW - DAY / 2 }, own, NOW)).toEqual({ failures: 7, elapsedMs: 2_000 })
  expect(attemptsOf(undefined, { ...own, storedAt: null }, NOW)).toEqual({ failures: 7, elapsedMs: 2_000 })
  expect(attemptsOf({ failures: 1, lastAt: NOW - 1_000 }, own, NOW)).toEqual({ failures: 7, elapsedMs: 1_000 })
  expect(attemptsOf({ failures: 4, lastAt: NOW - DAY / 2 }, { ...own, elapsedMs: DAY }, NOW)).toEqual({
    failures: 0,
    elapsedMs: 0,
  })
})
