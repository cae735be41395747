import fc from 'fast-check'
import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import { localClock } from './local-time.ts'
import { daysRange, localDay, nextDay, PERIODS, periodRange, startOfLocalDay, timeRangeSchema } from './time-range.ts'

/** Zones in which a midnight is skipped or occurs twice in the years below, and some others. */
const ZONES = [
  'America/Havana',
  'America/Sao_Paulo',
  'America/Asuncion',
  'America/Santiago',
  'Asia/Beirut',
  'Asia/Amman',
  'Africa/Cairo',
  'Atlantic/Azores',
  'Pacific/Apia',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
]
const DAYS = fc
  .integer({ min: Date.UTC(2009, 0, 1) / 86_400_000, max: Date.UTC(2032, 0, 1) / 86_400_000 })
  .map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10))
const iso = (millis: number) => new Date(millis).toISOString()

test.each([
  ['America/Havana', '2026-11-01', '2026-11-01T04:00:00.000Z', 'midnight is shown twice: the first'],
  ['America/Havana', '2026-03-08', '2026-03-08T05:00:00.000Z', 'midnight is skipped: 01:00'],
  ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z', 'midnight is skipped'],
  ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00.000Z', 'midnight is skipped'],
  ['Asia/Beirut', '2026-03-29', '2026-03-28T22:00:00.000Z', 'midnight is skipped'],
  ['Atlantic/Azores', '2026-10-25', '2026-10-25T00:00:00.000Z', 'midnight is shown twice'],
  ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00.000Z', 'the whole day is skipped: an empty day'],
  ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00.000Z', 'an ordinary midnight'],
])('in %s the day %s begins at %s (%s)', (zone, day, start) => {
  expect(iso(startOfLocalDay(day, zone))).toBe(start)
})

test('the start of a day is the same alone, in a period, in the local clock of imports, and as the end of the previous day', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), DAYS, (zone, day) => {
      const start = startOfLocalDay(day, zone)
      const end = startOfLocalDay(nextDay(day), zone)
      fc.pre(end > start)
      expect(localDay(start, zone), 'the first instant belongs to the day').toBe(day)
      expect(localDay(start - 1, zone) < day, 'the instant before does not').toBe(true)
      expect(localClock(zone)(Date.parse(`${day}T00:00:00Z`))).toBe(start)
      for (const now of [start, Math.floor((start + end) / 2), end - 1])
        expect(periodRange('today', now, zone, 1)).toEqual({ from: start, to: end })
      expect(periodRange('yesterday', end, zone, 1)).toEqual({ from: start, to: end })
    }),
    { numRuns: 500 },
  )
})

test('every boundary of every period is the start of a local day', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ZONES),
      fc.integer({ min: Date.UTC(2009, 0, 1), max: Date.UTC(2032, 0, 1) }),
      fc.integer({ min: 1, max: 7 }),
      fc.constantFrom(...PERIODS),
      (zone, now, weekStart, period) => {
        const { from, to } = periodRange(period, now, zone, weekStart)
        expect(from).toBeLessThanOrEqual(to)
        for (const boundary of period === 'all' ? [to] : [from, to])
          expect(boundary).toBe(startOfLocalDay(localDay(boundary, zone), zone))
        if (period.endsWith('week')) {
          const first = DateTime.fromISO(localDay(from, zone), { zone: 'utc' })
          const last = DateTime.fromISO(localDay(to, zone), { zone: 'utc' })
          // If a zone skips a whole day, the week begins with the next day.
          if (zone !== 'Pacific/Apia') expect([first.weekday, last.diff(first, 'days').days]).toEqual([weekStart, 7])
        }
      },
    ),
    { numRuns: 500 },
  )
})

test.each(['2026-02-30', '2026-13-01', 'tomorrow', '', '2026-1-1'])('%j is not a day', (text) => {
  expect(() => startOfLocalDay(text, 'Europe/Berlin')).toThrow(RangeError)
})

test('days are a range in every zone; a day before or after all instants counts as the first or the last one', () => {
  for (const zone of [...ZONES, 'Pacific/Kiritimati', 'America/Los_Angeles']) {
    expect(daysRange('2026-11-02', '2026-11-03', zone)).toEqual({
      from: startOfLocalDay('2026-11-02', zone),
      to: startOfLocalDay('2026-11-04', zone),
    })
    for (const [from, to] of [
      ['0000-01-01', '9999-12-31'],
      ['0000-01-01', '1969-12-31'],
      ['9999-12-31', '9999-12-31'],
    ] as const)
      expect(timeRangeSchema.safeParse(daysRange(from, to, zone)).error).toBeUndefined()
  }
  expect(() => daysRange('2026-02-30', '2026-03-01', 'UTC')).toThrow(RangeError)
})
