import fc from 'fast-check'
import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import { localClock } from './local-time.ts'

function reading(text: string): number {
  return Date.parse(`${text}Z`)
}
function instant(zone: string, text: string): string {
  return new Date(localClock(zone)(reading(text))).toISOString()
}

test('an ordinary day has one offset', () => {
  expect(instant('Europe/Berlin', '2021-01-01T09:12:00')).toBe('2021-01-01T08:12:00.000Z')
  expect(instant('America/New_York', '2021-07-01T09:12:00')).toBe('2021-07-01T13:12:00.000Z')
  expect(instant('Asia/Kathmandu', '2021-07-01T00:00:00')).toBe('2021-06-30T18:15:00.000Z')
})

test('a reading that a clock skipped is moved forward by the missing hour', () => {
  expect(instant('Europe/Berlin', '2021-03-28T01:59:00')).toBe('2021-03-28T00:59:00.000Z')
  expect(instant('Europe/Berlin', '2021-03-28T02:30:00')).toBe('2021-03-28T01:30:00.000Z')
  expect(instant('Europe/Berlin', '2021-03-28T03:30:00')).toBe('2021-03-28T01:30:00.000Z')
})

test('a reading that a clock showed twice is the first of the two instants', () => {
  expect(instant('Europe/Berlin', '2021-10-31T01:59:00')).toBe('2021-10-30T23:59:00.000Z')
  expect(instant('Europe/Berlin', '2021-10-31T02:30:00')).toBe('2021-10-31T00:30:00.000Z')
  expect(instant('Europe/Berlin', '2021-10-31T03:00:00')).toBe('2021-10-31T02:00:00.000Z')
})

test('a day that a zone skipped is moved to the next day', () => {
  expect(instant('Pacific/Apia', '2011-12-30T12:00:00')).toBe('2011-12-30T22:00:00.000Z')
})

test('an unknown zone is refused', () => {
  expect(() => localClock('Europe/Atlantis')).toThrow(RangeError)
})

test('the reading of every instant gives the instant, or the earlier of two instants with that reading', () => {
  const zones = [
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kolkata',
    'Pacific/Chatham',
    'Africa/Casablanca',
    'UTC',
  ]
  const instants = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2037, 0, 1) })
  fc.assert(
    fc.property(fc.constantFrom(...zones), instants, (zone, at) => {
      const shown = at + DateTime.fromMillis(at, { zone }).offset * 60_000
      const found = localClock(zone)(shown)
      expect(found).toBeLessThanOrEqual(at)
      expect(found + DateTime.fromMillis(found, { zone }).offset * 60_000).toBe(shown)
    }),
    { numRuns: 500 },
  )
})
