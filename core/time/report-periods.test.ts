import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BUCKET_SIZES, bucketsOf, comparedRange, fittingSize, type ReportClock } from './report-periods.ts'
import { periodRange, startOfLocalDay, type Period } from './time-range.ts'

const BERLIN = 'Europe/Berlin'
const at = (text: string) => Date.parse(text)
const clock = (now: string, zone = BERLIN): ReportClock => ({ now: at(now), zone, weekStart: 1 })
const iso = (millis: number) => new Date(millis).toISOString()

function compared(period: Period, now: string, comparison: 'previous' | 'year' = 'previous') {
  const range = comparedRange(periodRange(period, at(now), BERLIN, 1), comparison, clock(now))
  return range && [iso(range.from), iso(range.to)]
}

test.each([
  [
    'this_month',
    '2026-11-26T10:00:00Z',
    '2026-09-30T22:00:00.000Z',
    '2026-10-26T10:00:00.000Z',
    'the same days and time of the month before',
  ],
  ['last_month', '2026-11-26T10:00:00Z', '2026-08-31T22:00:00.000Z', '2026-09-30T22:00:00.000Z', 'the whole month before it'],
  [
    'this_month',
    '2026-03-31T10:00:00Z',
    '2026-01-31T23:00:00.000Z',
    '2026-02-28T23:00:00.000Z',
    'at most the whole shorter month',
  ],
  ['last_week', '2026-11-26T10:00:00Z', '2026-11-08T23:00:00.000Z', '2026-11-15T23:00:00.000Z', 'the week before it'],
  ['today', '2026-11-26T10:00:00Z', '2026-11-24T23:00:00.000Z', '2026-11-25T10:00:00.000Z', 'yesterday until the same time'],
  [
    'this_quarter',
    '2026-11-26T10:00:00Z',
    '2026-06-30T22:00:00.000Z',
    '2026-08-26T09:00:00.000Z',
    'the quarter before, by the clock',
  ],
  ['this_year', '2026-11-26T10:00:00Z', '2024-12-31T23:00:00.000Z', '2025-11-26T10:00:00.000Z', 'the same part of last year'],
] as const)('%s at %s is compared with %s – %s: %s', (period, now, from, to, _why) => {
  expect(compared(period, now)).toEqual([from, to])
})

test('a year earlier: whole months by the calendar, other periods by 52 weeks, so that weekdays match', () => {
  expect(compared('last_month', '2026-11-26T10:00:00Z', 'year')).toEqual(['2025-09-30T22:00:00.000Z', '2025-10-31T23:00:00.000Z'])
  expect(compared('last_week', '2026-11-26T10:00:00Z', 'year')).toEqual(['2025-11-16T23:00:00.000Z', '2025-11-23T23:00:00.000Z'])
})

test('a period that starts at the epoch or in the future is compared with nothing', () => {
  expect(comparedRange({ from: 0, to: at('2026-11-26T00:00:00Z') }, 'previous', clock('2026-11-26T10:00:00Z'))).toBeNull()
  const next = { from: at('2027-01-01T00:00:00Z'), to: at('2027-02-01T00:00:00Z') }
  expect(comparedRange(next, 'previous', clock('2026-11-26T10:00:00Z'))).toBeNull()
})

test('the buckets of a period cover it without gaps, and only unfinished or cut ones are partial', () => {
  const zones = ['Europe/Berlin', 'Asia/Kathmandu', 'America/Havana', 'Pacific/Apia']
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.constantFrom('day', 'week', 'month'),
      fc.integer({ min: at('2009-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') }),
      fc.integer({ min: 1, max: 400 * 86_400_000 }),
      fc.integer({ min: 1, max: 7 }),
      (zone, size, from, length, weekStart) => {
        const buckets = bucketsOf({ from, to: from + length }, size, { now: from + length, zone, weekStart })
        expect(buckets[0]?.from).toBe(from)
        expect(buckets.at(-1)?.to).toBe(from + length)
        for (const [index, bucket] of buckets.entries()) {
          expect(bucket.from).toBeLessThan(bucket.to)
          if (index > 0) expect(bucket.from).toBe(buckets[index - 1]?.to)
          if (index > 0 && index < buckets.length - 1) expect(bucket.isPartial).toBe(false)
        }
      },
    ),
    { numRuns: 200 },
  )
})

test('the days of a change of the clock are whole buckets of 23 and 25 hours', () => {
  const range = { from: startOfLocalDay('2026-03-28', BERLIN), to: startOfLocalDay('2026-03-31', BERLIN) }
  const hours = bucketsOf(range, 'day', clock('2027-01-01T00:00:00Z')).map(({ from, to, isPartial }) => [
    (to - from) / 3_600_000,
    isPartial,
  ])
  expect(hours).toEqual([
    [24, false],
    [23, false],
    [24, false],
  ])
})

test('the running bucket is partial', () => {
  const range = periodRange('this_month', at('2026-11-26T10:00:00Z'), BERLIN, 1)
  const buckets = bucketsOf(range, 'week', clock('2026-11-26T10:00:00Z'))
  expect(buckets.map(({ isPartial }) => isPartial)).toEqual([true, false, false, false, true])
})

test('the days of a long period are shown as weeks or months, so that the newest are not cut off', () => {
  const years = (count: number) => ({ from: at('2000-01-01T00:00:00Z'), to: at(`${2000 + count}-01-01T00:00:00Z`) })
  expect(fittingSize('day', years(2))).toBe('day')
  expect(fittingSize('day', years(3))).toBe('week')
  expect(fittingSize('week', years(15))).toBe('week')
  expect(fittingSize('day', years(16))).toBe('month')
  expect(fittingSize('week', years(60))).toBe('month')
  for (const size of BUCKET_SIZES)
    for (const count of [1, 2, 3, 15, 16, 60]) {
      const range = years(count)
      const buckets = bucketsOf(range, fittingSize(size, range), { now: range.to, zone: BERLIN, weekStart: 1 })
      expect(buckets.at(-1)?.to).toBe(range.to)
    }
})
