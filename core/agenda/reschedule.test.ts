import fc from 'fast-check'
import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import { dateAlone, dateAloneOf } from '../time/date-alone.ts'
import { movedBy, RESCHEDULE_DAYS } from './reschedule.ts'

const ZONE = 'Europe/Berlin'
const at = (text: string) => DateTime.fromISO(text, { zone: ZONE }).toMillis()
const shown = (millis: number) => DateTime.fromMillis(millis, { zone: ZONE }).toFormat("yyyy-MM-dd'T'HH:mm")

test.each([
  ['2026-11-25T10:30', 1, '2026-11-26T10:30'],
  ['2026-11-25T23:30', 7, '2026-12-02T23:30'],
  ['2026-11-27T10:30', 3, '2026-11-30T10:30'],
  // Overdue: the days count from today.
  ['2026-11-02T16:00', 1, '2026-11-26T16:00'],
])('%s moved by %s days is %s', (from, days, to) => {
  expect(shown(movedBy(days, at(from), { now: at('2026-11-25T15:00'), zone: ZONE }))).toBe(to)
})

test('the time of day stays the same over a change of the clock', () => {
  expect(shown(movedBy(1, at('2026-10-24T09:00'), { now: at('2026-10-24T08:00'), zone: ZONE }))).toBe('2026-10-25T09:00')
  expect(shown(movedBy(1, at('2026-03-28T09:00'), { now: at('2026-03-28T08:00'), zone: ZONE }))).toBe('2026-03-29T09:00')
  // 02:30 does not exist on 29 March.
  expect(shown(movedBy(1, at('2026-03-28T02:30'), { now: at('2026-03-28T01:00'), zone: ZONE }))).toBe('2026-03-29T03:30')
})

test('a date without a time stays one; a call without a date gets one', () => {
  const clock = { now: at('2026-11-25T15:00'), zone: ZONE }
  const date = (day: string) => dateAlone(Date.parse(`${day}T00:00Z`), ZONE)
  expect(dateAloneOf(movedBy(3, date('2026-11-26'), clock))).toBe('2026-11-29')
  expect(dateAloneOf(movedBy(1, date('2026-11-01'), clock))).toBe('2026-11-26')
  expect(dateAloneOf(movedBy(7, null, clock))).toBe('2026-12-02')
})

test('a moved call is never overdue', () => {
  const instant = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2028, 0, 1) })
  const zones = ['Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Apia', 'Pacific/Pago_Pago', 'UTC']
  fc.assert(
    fc.property(
      fc.option(instant),
      instant,
      fc.constantFrom(...RESCHEDULE_DAYS),
      fc.constantFrom(...zones),
      (when, now, days, zone) => {
        const today = DateTime.fromMillis(now, { zone }).startOf('day')
        const moved = DateTime.fromMillis(movedBy(days, when, { now, zone }), { zone })
        expect(moved.toMillis()).toBeGreaterThanOrEqual(today.plus({ days: 1 }).toMillis())
      },
    ),
  )
})
