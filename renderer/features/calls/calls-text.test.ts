import { expect, test } from 'vitest'
import { callsText, showUpcomingText } from './calls-text.ts'

test('a count that was not finished has a plus sign', () => {
  expect(callsText({ total: 0, exact: true })).toBe('0 calls')
  expect(callsText({ total: 1, exact: true })).toBe('1 call')
  expect(callsText({ total: 2_000, exact: true })).toBe('2,000 calls')
  expect(callsText({ total: 1_000, exact: false })).toBe('1,000+ calls')
  expect(showUpcomingText({ total: 1, exact: true })).toBe('Show 1 upcoming call')
  expect(showUpcomingText({ total: 1_000, exact: false })).toBe('Show 1,000+ upcoming calls')
})
