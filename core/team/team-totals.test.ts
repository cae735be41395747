import { describe, expect, test } from 'vitest'
import { dailyFigures } from '../metrics/daily-figures.ts'
import { METRICS, NO_CALLS } from '../metrics/metrics.ts'
import type { CellType, TeamCell } from './team-cells.ts'
import { TeamTotals } from './team-totals.ts'

const cell = (day: number, callType: CellType, people: number, completed: number, dayPeople = people): TeamCell => ({
  day,
  callType,
  people,
  dayPeople,
  counts: { ...NO_CALLS, completed },
})
/** The first day is split, with two people who made calls of both types; the second one is not. */
const CELLS = [cell(1, 'inbound', 3, 5, 4), cell(1, 'outbound', 3, 7, 4), cell(2, '', 3, 10)]
const own = (day: number, callType: 'inbound' | 'outbound', completed: number) => ({
  day,
  callType,
  counts: { ...NO_CALLS, completed },
})
const OWN = [own(1, 'inbound', 1), own(1, 'outbound', 2), own(2, 'inbound', 4), own(3, 'inbound', 8)]

describe('the totals of a team', () => {
  test('of all types count each person once a day', () => {
    const totals = new TeamTotals(CELLS, null)
    expect(totals.team).toEqual({ counts: { ...NO_CALLS, completed: 22 }, peopleDays: 7, days: 2 })
    expect(totals.own(OWN)).toEqual({ counts: { ...NO_CALLS, completed: 7 }, peopleDays: 2, days: 2 })
    expect(new TeamTotals(CELLS, ['outbound', 'inbound']).team).toEqual(totals.team)
  })

  test('of one type contain only days that are split', () => {
    const totals = new TeamTotals(CELLS, ['outbound'])
    expect(totals.team).toEqual({ counts: { ...NO_CALLS, completed: 7 }, peopleDays: 3, days: 1 })
    expect(totals.own(OWN)).toEqual({ counts: { ...NO_CALLS, completed: 2 }, peopleDays: 1, days: 1 })
  })

  test('leave out the person’s calls of a type that is not published on that day', () => {
    expect(new TeamTotals([cell(1, 'inbound', 3, 5)], null).own(OWN).counts.completed).toBe(1)
  })

  test('without cells are empty', () => {
    const totals = new TeamTotals([], null)
    expect(totals.team).toEqual({ counts: NO_CALLS, peopleDays: 0, days: 0 })
    expect(totals.own(OWN)).toEqual({ counts: NO_CALLS, peopleDays: 0, days: 0 })
  })
})

describe('figures per day', () => {
  const counts = { ...NO_CALLS, completed: 8, won: 2, scheduled: 2, talkSeconds: 600, talkCalls: 3 }
  const figureOf = (key: string, days: number) => dailyFigures(counts, days).find((each) => each.key === key)

  test('divide numbers and times by the days worked', () => {
    expect(figureOf('calls', 4)).toEqual({ key: 'calls', numerator: 10, denominator: 4, value: 2.5 })
    expect(figureOf('talk_time', 4)).toEqual({ key: 'talk_time', numerator: 600, denominator: 4, value: 150 })
  })

  test('leave rates and means as they are', () => {
    expect(figureOf('close_rate', 4)).toEqual({ key: 'close_rate', numerator: 2, denominator: 8, value: 0.25 })
    expect(figureOf('average_duration', 4)).toMatchObject({ value: 200 })
  })

  test('have no value without days', () => {
    for (const { key, value } of dailyFigures(NO_CALLS, 0)) expect([key, value]).toEqual([key, null])
    expect(dailyFigures(NO_CALLS, 0)).toHaveLength(Object.keys(METRICS).length)
  })
})
