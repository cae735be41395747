import { expect, test } from 'vitest'
import { startOfLocalDay } from './time-range.ts'
import { daysText } from './report-periods.ts'

const at = (day: string) => startOfLocalDay(day, 'Asia/Kathmandu')

test.each([
  ['2026-11-01', '2026-11-27', '2026-11-01-to-2026-11-26'],
  ['2026-11-26', '2026-11-27', '2026-11-26'],
  ['2026-11-26', '2026-11-26', '2026-11-26'],
])('the file of a report from %s until %s has the days %s in its name', (from, to, days) => {
  expect(daysText({ from: at(from), to: at(to) }, 'Asia/Kathmandu')).toBe(days)
})

test('the file of a report without a beginning has its last day in its name', () => {
  expect(daysText({ from: 0, to: at('2026-11-27') }, 'Asia/Kathmandu')).toBe('until-2026-11-26')
})
