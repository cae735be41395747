import fc from 'fast-check'
import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import { localDays } from './day-number.ts'

const DAY = 86_400_000
const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'Asia/Kathmandu',
  'America/Havana',
  'Africa/Cairo',
  'UTC',
]

test('the day of an instant is the last day that has started, and is the calendar day of the clock or the next one', () => {
  const instants = fc.integer({ min: Date.UTC(1970, 0, 2), max: Date.UTC(2037, 0, 1) })
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), instants, (zone, at) => {
      const { dayAt, startOf } = localDays(zone)
      const day = dayAt(at)
      expect(startOf(day)).toBeLessThanOrEqual(at)
      expect(startOf(day + 1)).toBeGreaterThan(at)
      const shown = Math.floor((at + DateTime.fromMillis(at, { zone }).offset * 60_000) / DAY)
      // In the hour after a clock is set back over midnight, it shows the previous day.
      expect([shown, shown + 1]).toContain(day)
    }),
    { numRuns: 500 },
  )
})

test('a day that a zone skips starts when the next one starts', () => {
  const { dayAt, startOf } = localDays('Pacific/Apia')
  const skipped = Date.UTC(2011, 11, 30) / DAY
  expect(startOf(skipped)).toBe(startOf(skipped + 1))
  expect(dayAt(startOf(skipped))).toBe(skipped + 1)
  expect(dayAt(startOf(skipped) - 1)).toBe(skipped - 1)
})
