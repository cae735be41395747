import fc from 'fast-check'
import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import { dateAlone } from '../time/date-alone.ts'
import { agendaDays, agendaGroup, AGENDA_GROUPS } from './agenda-groups.ts'

const ZONE = 'Europe/Berlin'
const at = (text: string, zone = ZONE) => DateTime.fromISO(text, { zone }).toMillis()
/** A Wednesday. */
const NOW = at('2026-11-25T15:00')
const days = agendaDays({ now: NOW, zone: ZONE, weekStart: 1 })

test.each([
  ['2020-01-01T00:00', 'overdue'],
  ['2026-11-25T14:59', 'overdue'],
  ['2026-11-25T15:00', 'today'],
  ['2026-11-25T23:59', 'today'],
  ['2026-11-26T00:00', 'tomorrow'],
  ['2026-11-26T23:59', 'tomorrow'],
  ['2026-11-27T00:00', 'week'],
  ['2026-11-29T23:59', 'week'],
  ['2026-11-30T00:00', 'later'],
])('a call at %s is %s', (when, group) => {
  expect(agendaGroup(at(when), days)).toBe(group)
})

test('a call without a date has its own group', () => {
  expect(agendaGroup(null, days)).toBe('undated')
})

test('a date without a time of day is overdue when the day is over, not in its afternoon', () => {
  const date = (day: string) => dateAlone(Date.parse(`${day}T00:00Z`), ZONE)
  expect(date('2026-11-25')).toBeLessThan(NOW)
  expect(agendaGroup(date('2026-11-25'), days)).toBe('today')
  expect(agendaGroup(date('2026-11-24'), days)).toBe('overdue')
  expect(agendaGroup(date('2026-11-26'), days)).toBe('tomorrow')
})

test('on the last day of the week tomorrow is still shown', () => {
  const sunday = agendaDays({ now: at('2026-11-29T12:00'), zone: ZONE, weekStart: 1 })
  expect(agendaGroup(at('2026-11-30T23:00'), sunday)).toBe('tomorrow')
  expect(agendaGroup(at('2026-12-01T00:00'), sunday)).toBe('later')
  const sundayFirst = agendaDays({ now: at('2026-11-29T12:00'), zone: ZONE, weekStart: 7 })
  expect(agendaGroup(at('2026-12-05T23:00'), sundayFirst)).toBe('week')
})

test('a day of 25 hours has one more hour until tomorrow', () => {
  const { today, tomorrow } = agendaDays({ now: at('2026-10-25T12:00'), zone: ZONE, weekStart: 1 })
  expect(tomorrow - today).toBe(25 * 3_600_000)
})

test('as time passes, a call only moves towards overdue, and stays there', () => {
  const order = ['later', ...AGENDA_GROUPS.toReversed().filter((group) => group !== 'undated')]
  const zones = ['Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Apia', 'Africa/Cairo']
  const instant = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) })
  fc.assert(
    fc.property(
      instant,
      instant,
      fc.nat(40 * 86_400_000),
      fc.constantFrom(...zones),
      fc.integer({ min: 1, max: 7 }),
      (when, now, later, zone, weekStart) => {
        const [before, after] = [now, now + later].map((clock) =>
          order.indexOf(agendaGroup(when, agendaDays({ now: clock, zone, weekStart }))),
        )
        expect(after).toBeGreaterThanOrEqual(before ?? Infinity)
        const ends = agendaDays({ now, zone, weekStart })
        expect([ends.today, ends.now, ends.tomorrow, ends.dayAfter, ends.end]).toEqual(
          [ends.today, ends.now, ends.tomorrow, ends.dayAfter, ends.end].toSorted((a, b) => a - b),
        )
      },
    ),
  )
})
