import { expect, test } from 'vitest'
import { formatMonth, paceInWords } from '../../core/metrics/target-words.ts'
import type { TargetFigure } from '../../core/metrics/targets.ts'
import { formatTarget, missingMonthsText, monthName, paceText } from './targets.ts'

const figure = (part: Partial<TargetFigure>): TargetFigure => ({
  metric: 'won',
  actual: 10,
  target: 20,
  expected: 10,
  pace: 1,
  elapsedDays: 10,
  totalDays: 20,
  missing: [],
  ...part,
})

test('a target has the format of its figure', () => {
  expect(formatTarget('won', 1_200)).toBe('1,200')
  expect(formatTarget('won', 19.6)).toBe('20')
  expect(formatTarget('win_rate', 0.305)).toBe('30.5%')
  expect(formatTarget('win_rate', null)).toBe('—')
})

test.each([
  [{}, 'on pace', 0],
  [{ pace: 1.125 }, '13% ahead of pace', 1],
  [{ pace: 0.75 }, '25% behind pace', -1],
  [{ pace: 0.5, elapsedDays: 20 }, '50% below target', -1],
  [{ pace: 15, elapsedDays: 20 }, '1400% above target', 1],
  [{ pace: null }, '—', null],
  [{ metric: 'close_rate', actual: 0.335, target: 0.3, pace: 1.1 }, '3.5 points above target', 1],
  [{ metric: 'close_rate', actual: 0.3, target: 0.3, pace: 1 }, 'on target', 0],
] as const)('the pace of %j is “%s”, as in files', (part, text, direction) => {
  expect(paceText(figure(part))).toEqual({ text, direction })
  expect(paceInWords(figure(part))).toBe(text)
})

test('months have the names of files', () => {
  for (let month = 1; month <= 12; month++) {
    const name = `2026-${String(month).padStart(2, '0')}`
    expect(monthName(name)).toBe(formatMonth(name))
  }
})

test('months without a target are named, many of them counted', () => {
  expect(missingMonthsText(figure({}))).toBeUndefined()
  expect(missingMonthsText(figure({ missing: ['2026-10'] }))).toBe('No target for Oct 2026: left out')
  expect(missingMonthsText(figure({ missing: ['2026-01', '2026-02', '2026-03', '2026-04'] }))).toBe(
    'No target for 4 months: left out',
  )
})
