import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PERIODS } from '../../core/time/time-range.ts'
import {
  ANY_TIME,
  END_OF_TIME,
  periodFromText,
  periodLabel,
  periodToText,
  rangeOf,
  UNTIL_TODAY,
  UPCOMING,
} from './period-choice.ts'
import type { PeriodChoice } from './period-choice.ts'
import { rangeText } from '../../core/reports/report-facts.ts'

const zone = 'Europe/Berlin'
const context = { now: Date.UTC(2026, 10, 22, 17), zone, weekStart: 1 }

const day = fc.integer({ min: 0, max: 30_000 }).map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10))
const choice: fc.Arbitrary<PeriodChoice> = fc.oneof(
  fc.constantFrom(ANY_TIME, UPCOMING),
  fc.constantFrom(...PERIODS).map((period) => ({ kind: 'named' as const, period })),
  fc.tuple(day, day).map(([a, b]) => ({ kind: 'days' as const, from: a < b ? a : b, to: a < b ? b : a })),
  fc.tuple(fc.nat(2e12), fc.nat(1e12)).map(([from, length]) => ({ kind: 'exact' as const, from, to: from + length })),
)

test('a choice is read back from the address', () => {
  fc.assert(
    fc.property(choice, (chosen) => {
      expect(periodFromText(periodToText(chosen))).toEqual(chosen)
    }),
  )
})

test('an invalid period in the address becomes the default', () => {
  const otherwise: PeriodChoice = { kind: 'named', period: 'today' }
  for (const text of [
    '',
    'never',
    '2026-11-02',
    '2026-11-02..',
    '2026-13-01..2026-13-02',
    '2026-02-02..2026-01-01',
    'x..y',
    'at:5..4',
    'at:..4',
    'at:-1..4',
  ])
    expect(periodFromText(text, otherwise)).toEqual(otherwise)
  expect(periodFromText(undefined)).toEqual(ANY_TIME)
})

test('a choice includes both of its days in the zone of the client, also a day of 25 hours', () => {
  const range = rangeOf({ kind: 'days', from: '2026-10-24', to: '2026-10-25' }, context)
  expect(range).toEqual({ from: Date.parse('2026-10-23T22:00:00Z'), to: Date.parse('2026-10-25T23:00:00Z') })
})

test('any time restricts nothing', () => {
  expect(rangeOf(ANY_TIME, context)).toBeNull()
})

test('up to today and upcoming do not overlap and leave no gap', () => {
  expect(rangeOf(UPCOMING, context)?.from).toBe(rangeOf(UNTIL_TODAY, context)?.to)
  expect(rangeOf(UPCOMING, context)?.from).toBe(Date.parse('2026-11-22T23:00:00Z'))
  expect([periodLabel(UNTIL_TODAY, zone), periodLabel(UNTIL_TODAY, zone, true)]).toEqual(['All time', 'Up to today'])
})

test('a single day is named once', () => {
  expect(periodLabel({ kind: 'days', from: '2026-11-02', to: '2026-11-02' }, zone)).toBe('2026-11-02')
  expect(periodLabel({ kind: 'days', from: '2026-11-02', to: '2026-11-03' }, zone)).toBe('2026-11-02 – 2026-11-03')
})

test('the label of an exact period has its days, or its times if it ends within a day', () => {
  const at = (text: string) => Date.parse(text)
  const [midnight, evening, nextMidnight] = [
    at('2026-11-01T00:00+01:00'),
    at('2026-11-02T18:30+01:00'),
    at('2026-11-03T00:00+01:00'),
  ]
  const label = (from: number, to: number) => periodLabel({ kind: 'exact', from, to }, zone)
  expect(label(midnight, evening)).toBe('2026-11-01 – 11-02 18:30')
  expect(label(midnight, nextMidnight)).toBe('2026-11-01 – 2026-11-02')
  expect(label(0, evening)).toBe('Until 2026-11-02 18:30')
})

test('a period without an end has a label and a range with days in every zone', () => {
  for (const east of ['Pacific/Kiritimati', zone, 'UTC', 'America/Los_Angeles'])
    for (const text of ['upcoming', `at:0..${END_OF_TIME}`, `at:1700000000000..${END_OF_TIME}`]) {
      const endless = periodFromText(text)
      expect(periodToText(endless)).toBe(text)
      expect(periodLabel(endless, east)).not.toBe('')
      const range = rangeOf(endless, { ...context, zone: east })
      expect(rangeText(range ?? { from: 0, to: 0 }, east)).toMatch(/9999-12-(?:29|30)/)
    }
  expect(periodFromText('at:0..253402300799999', UPCOMING), 'a day of the year 10000 in the east').toEqual(UPCOMING)
})
