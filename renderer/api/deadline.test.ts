import { afterEach, expect, test, vi } from 'vitest'
import { deadlineIn, msLeft } from './deadline.ts'

afterEach(() => void vi.useRealTimers())

test('setting the computer’s clock back a month during a countdown does not prolong it', () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] })
  vi.setSystemTime(Date.UTC(2026, 10, 25))
  const deadline = deadlineIn(4_000)
  vi.setSystemTime(Date.UTC(2026, 9, 25))
  vi.advanceTimersByTime(3_999)
  expect(msLeft(deadline)).toBeCloseTo(1)
  vi.advanceTimersByTime(1)
  expect(msLeft(deadline)).toBeLessThanOrEqual(0)
})

test('setting back a clock that was ahead at the start of a countdown does not prolong it', () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] })
  vi.setSystemTime(Date.UTC(2026, 10, 25))
  msLeft(deadlineIn(1))
  vi.setSystemTime(Date.UTC(2026, 11, 25))
  const deadline = deadlineIn(4_000)
  vi.setSystemTime(Date.UTC(2026, 10, 25))
  vi.advanceTimersByTime(4_000)
  expect(msLeft(deadline)).toBeLessThanOrEqual(0)
})
