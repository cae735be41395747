import fc from 'fast-check'
import { DateTime } from 'luxon'
import { describe, expect, test } from 'vitest'
import { TARGET_METRICS, type TargetMetric } from '../model/targets.ts'
import { NO_CALLS, type CallCounts } from './metrics.ts'
import { monthNumber, monthParts, monthText, targetFigures, type TargetsByMonth } from './targets.ts'

const BERLIN = 'Europe/Berlin'
const at = (text: string, zone = BERLIN) => DateTime.fromISO(text, { zone }).toMillis()
const period = (from: string, to: string, zone = BERLIN) => ({ from: at(from, zone), to: at(to, zone) })
const november = period('2026-11-01', '2026-12-01')
const of = (metric: TargetMetric, months: Record<string, number>): TargetsByMonth =>
  new Map(Object.entries(months).map(([month, value]) => [month, { [metric]: value }]))
const counted = (counts: Partial<CallCounts>): CallCounts => ({ ...NO_CALLS, ...counts })

test('a month has its working days, and today counts by the part that has passed', () => {
  // November 2026 begins on a Sunday and has 21 working days; Thursday the 26th is the 19th of them.
  const at18 = monthParts(november, { now: at('2026-11-26T18:00'), zone: BERLIN })
  expect(at18).toEqual([{ month: '2026-11', total: 21, inPeriod: 21, elapsed: 18.75 }])
  const sunday = monthParts(november, { now: at('2026-11-22T12:00'), zone: BERLIN })
  expect(sunday[0]?.elapsed).toBe(15)
  expect(monthParts(november, { now: at('2026-10-01'), zone: BERLIN })[0]?.elapsed).toBe(0)
  expect(monthParts(november, { now: at('2027-10-01'), zone: BERLIN })[0]?.elapsed).toBe(21)
})

test('a count is compared with its target up to now', () => {
  const parts = monthParts(november, { now: at('2026-11-21'), zone: BERLIN })
  const [figure] = targetFigures([{ ...parts[0]!, counts: counted({ completed: 300 }) }], of('completed', { '2026-11': 420 }))
  // 15 of 21 working days have passed: 300 were expected.
  expect(figure).toEqual({
    metric: 'completed',
    actual: 300,
    target: 420,
    expected: 300,
    pace: 1,
    elapsedDays: 15,
    totalDays: 21,
    missing: [],
  })
})

test('a week has its share of the month’s target', () => {
  const parts = monthParts(period('2026-11-16', '2026-11-23'), { now: at('2026-12-01'), zone: BERLIN })
  const [figure] = targetFigures([{ ...parts[0]!, counts: counted({ won: 9 }) }], of('won', { '2026-11': 42 }))
  expect(figure).toMatchObject({ target: 10, expected: 10, pace: 0.9, totalDays: 5 })
})

test('a rate is not prorated', () => {
  const parts = monthParts(november, { now: at('2026-11-05'), zone: BERLIN })
  const counts = counted({ completed: 20, won: 8 })
  const [figure] = targetFigures([{ ...parts[0]!, counts }], of('close_rate', { '2026-11': 0.5 }))
  expect(figure).toMatchObject({ actual: 0.4, target: 0.5, expected: 0.5, pace: 0.8 })
})

test('months add up: counts as sums, rates by numerators and denominators', () => {
  const parts = monthParts(period('2026-10-01', '2026-12-01'), { now: at('2027-01-01'), zone: BERLIN })
  const months = [
    { ...parts[0]!, counts: counted({ completed: 10, won: 5 }) },
    { ...parts[1]!, counts: counted({ completed: 90, won: 9 }) },
  ]
  expect(targetFigures(months, of('won', { '2026-10': 10, '2026-11': 4 }))[0]).toMatchObject({ actual: 14, target: 14, pace: 1 })
  const [rate] = targetFigures(months, of('close_rate', { '2026-10': 0.5, '2026-11': 0.1 }))
  expect(rate).toMatchObject({ actual: 0.14, pace: expect.closeTo(1, 10) as number })
  expect(rate?.target).toBeCloseTo(0.14, 10)
  expect(targetFigures(months, of('close_rate', { '2026-10': 0.7, '2026-11': 0.7 }))[0]?.target).toBe(0.7)
})

test('months without a target are left out with their calls, and are named', () => {
  const parts = monthParts(period('2026-10-01', '2026-12-01'), { now: at('2027-01-01'), zone: BERLIN })
  const months = parts.map((part) => ({ ...part, counts: counted({ won: 7 }) }))
  expect(targetFigures(months, of('won', { '2026-11': 14 }))).toEqual([
    expect.objectContaining({ actual: 7, target: 14, pace: 0.5, totalDays: 21, missing: ['2026-10'] }),
  ])
  expect(targetFigures(months, new Map())).toEqual([])
})

test('without a value to compare there is no pace', () => {
  const parts = monthParts(november, { now: at('2026-12-01'), zone: BERLIN })
  const month = { ...parts[0]!, counts: counted({ won: 3 }) }
  expect(targetFigures([month], of('won', { '2026-11': 0 }))[0]).toMatchObject({ actual: 3, target: 0, pace: null })
  expect(targetFigures([month], of('show_rate', { '2026-11': 0.5 }))[0]).toMatchObject({ actual: null, pace: null })
  const begun = monthParts(november, { now: november.from, zone: BERLIN })
  expect(targetFigures([{ ...begun[0]!, counts: NO_CALLS }], of('won', { '2026-11': 9 }))[0]?.pace).toBeNull()
})

test('an empty period has no months, and one from the epoch a bounded number', () => {
  expect(monthParts({ from: 5, to: 5 }, { now: 9, zone: BERLIN })).toEqual([])
  expect(monthParts({ from: 0, to: at('2026-12-01') }, { now: 9, zone: BERLIN })).toHaveLength(240)
})

test('a month’s number and its text are the same month', () => {
  fc.assert(
    fc.property(fc.integer({ min: 12, max: 12 * 9_999 }), (month) => {
      expect(monthNumber(monthText(month))).toBe(month)
    }),
  )
})

describe('against a slow count', () => {
  const ZONES = [BERLIN, 'UTC', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'America/St_Johns', 'Pacific/Apia', 'America/Sao_Paulo']
  const day = fc.integer({ min: 0, max: 900 })
  const cases = fc.record({
    zone: fc.constantFrom(...ZONES),
    first: day,
    days: fc.integer({ min: 1, max: 130 }),
    now: fc.integer({ min: 0, max: 900 * 24 * 60 }),
    targets: fc.array(fc.option(fc.integer({ min: 0, max: 500 })), { minLength: 40, maxLength: 40 }),
    seed: fc.integer({ min: 0, max: 50 }),
  })

  test('working days, targets and pace equal those of a calendar read day by day', () => {
    fc.assert(
      fc.property(cases, ({ zone, first, days, now: minutes, targets: values, seed }) => {
        const start = DateTime.fromISO('2025-01-01', { zone }).plus({ days: first }).startOf('day')
        const end = start.plus({ days }).startOf('day')
        const now = DateTime.fromISO('2025-01-01', { zone }).toMillis() + minutes * 60_000
        const monthsOf = new Map<string, { total: number; inPeriod: number; elapsed: number }>()
        for (let date = start.startOf('month'); date < end.plus({ months: 1 }).startOf('month'); date = date.plus({ days: 1 })) {
          const month = date.toFormat('yyyy-MM')
          if (month > end.minus({ days: 1 }).toFormat('yyyy-MM')) break
          const found = monthsOf.get(month) ?? { total: 0, inPeriod: 0, elapsed: 0 }
          monthsOf.set(month, found)
          if (date.weekday > 5) continue
          found.total++
          if (date < start || date >= end) continue
          found.inPeriod++
          const [from, to] = [date.startOf('day').toMillis(), date.plus({ days: 1 }).startOf('day').toMillis()]
          found.elapsed += now >= to ? 1 : now <= from ? 0 : (now - from) / (to - from)
        }
        const parts = monthParts({ from: start.toMillis(), to: end.toMillis() }, { now, zone })
        expect(parts.map(({ month }) => month)).toEqual([...monthsOf.keys()])
        for (const part of parts) {
          expect([part.total, part.inPeriod]).toEqual([monthsOf.get(part.month)?.total, monthsOf.get(part.month)?.inPeriod])
          expect(part.elapsed).toBeCloseTo(monthsOf.get(part.month)?.elapsed ?? -1, 6)
        }
        const targets = new Map<string, Partial<Record<TargetMetric, number>>>()
        for (const [index, { month }] of parts.entries()) {
          const value = values[index]
          if (value !== null && value !== undefined) targets.set(month, { won: value, win_rate: value / 500 })
        }
        const months = parts.map((part, index) => ({
          ...part,
          counts: counted({ won: (seed * (index + 3)) % 37, lost: index * 2 }),
        }))
        let [won, lost, expected, target] = [0, 0, 0, 0]
        for (const { month, counts } of months) {
          const value = targets.get(month)?.won
          const found = monthsOf.get(month)
          if (value === undefined || found === undefined) continue
          won += counts.won
          lost += counts.lost
          target += (value / found.total) * found.inPeriod
          expected += (value / found.total) * found.elapsed
        }
        const figures = targetFigures(months, targets)
        expect(figures.map(({ metric }) => metric)).toEqual(
          targets.size === 0 ? [] : TARGET_METRICS.filter((m) => m === 'won' || m === 'win_rate'),
        )
        const [count, rate] = figures
        if (count === undefined || rate === undefined) return
        expect(count.actual).toBe(won)
        expect(count.target).toBeCloseTo(target, 6)
        expect(count.expected).toBeCloseTo(expected, 6)
        if (count.pace === null) expect(count.expected).toBe(0)
        else expect(count.pace * count.expected).toBeCloseTo(won, 6)
        expect(rate.actual).toBe(won + lost === 0 ? null : won / (won + lost))
        expect(rate.expected).toBe(rate.target)
      }),
    )
  })
})
