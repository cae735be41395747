import fc from 'fast-check'
import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import { callingHoursSchema, DEFAULT_CALLING_HOURS, type CallingHours } from '../model/calling-hours.ts'
import { timeThere } from './calling-hours.ts'
import { zonesOfPhone } from './phone-zones.ts'

const at = (text: string) => DateTime.fromISO(text, { zone: 'utc' }).toMillis()
const there = (phone: string, now: string, hours: CallingHours = DEFAULT_CALLING_HOURS) =>
  timeThere(zonesOfPhone(phone), at(now), hours)

test.each([
  ['+351212345678', ['Europe/Lisbon']],
  ['+4930123456', ['Europe/Berlin']],
  ['+97714123456', ['Asia/Kathmandu']],
  ['+12125550100', ['America/New_York']],
  ['+12192265555', ['America/Chicago']],
  ['+351912345678', ['Atlantic/Azores', 'Europe/Lisbon']],
  ['+999123', []],
])('%s may be in %j', (phone, zones) => {
  expect(zonesOfPhone(phone)).toEqual(zones)
})

test('a number without a known zone has no local time', () => {
  expect(zonesOfPhone(null)).toEqual([])
  expect(timeThere([], 0, DEFAULT_CALLING_HOURS)).toBeNull()
  expect(timeThere(['Not/AZone'], 0, DEFAULT_CALLING_HOURS)).toBeNull()
})

test.each([
  ['2026-03-27T20:40', '20:40', 5, 'outside'],
  // The clocks go forward in the night to Sunday 29 March 2026.
  ['2026-03-30T07:40', '08:40', 1, 'inside'],
  ['2026-03-29T12:00', '13:00', 7, 'outside'],
  ['2026-03-28T19:59', '19:59', 6, 'inside'],
  ['2026-03-28T20:00', '20:00', 6, 'outside'],
  ['2026-03-27T07:59', '07:59', 5, 'outside'],
  ['2026-03-27T08:00', '08:00', 5, 'inside'],
  ['2026-10-26T08:00', '08:00', 1, 'inside'],
  ['2026-10-23T19:00', '20:00', 5, 'outside'],
])('in Lisbon at %s UTC it is %s on day %i, %s the calling hours', (now, time, day, calling) => {
  expect(there('+351212345678', now)).toEqual({ earliest: { time, day }, latest: { time, day }, place: 'Lisbon', calling })
})

test('zones with half and quarter hours are exact', () => {
  expect(there('+919812345678', '2026-01-05T02:29')).toMatchObject({ earliest: { time: '07:59' }, calling: 'outside' })
  expect(there('+919812345678', '2026-01-05T02:30')).toMatchObject({ earliest: { time: '08:00' }, calling: 'inside' })
  expect(there('+97714123456', '2026-01-05T02:15')).toMatchObject({ earliest: { time: '08:00' }, place: 'Kathmandu' })
})

test('a number that may be in several zones has the earliest and the latest time', () => {
  const mobile = '+61412345678'
  expect(timeThere(['Australia/Perth', 'Australia/Sydney'], at('2026-01-05T06:10'), DEFAULT_CALLING_HOURS)).toEqual({
    earliest: { time: '14:10', day: 1 },
    latest: { time: '17:10', day: 1 },
    place: null,
    calling: 'inside',
  })
  expect(there('+351912345678', '2026-01-05T08:30')).toMatchObject({
    earliest: { time: '07:30' },
    latest: { time: '08:30' },
    calling: 'partly',
  })
  expect(there('+351912345678', '2026-01-05T03:30')).toMatchObject({ calling: 'outside' })
  expect(there(mobile, '2026-01-05T03:30')?.latest.time).toBe('14:30')
})

test('zones with the same time now are one time, without a place', () => {
  expect(there('+447912345678', '2026-01-05T12:00')).toMatchObject({
    earliest: { time: '12:00' },
    latest: { time: '12:00' },
    place: null,
  })
})

test('the day there may be another one', () => {
  expect(there('+6421234567', '2026-01-03T12:00')).toMatchObject({ earliest: { time: '01:00', day: 7 }, calling: 'outside' })
})

test.each([
  [{ from: '20:00', to: '08:00', days: [1] }, false],
  [{ from: '08:00', to: '08:00', days: [1] }, false],
  [{ from: '00:00', to: '24:00', days: [1, 2, 3, 4, 5, 6, 7] }, true],
  [{ from: '24:00', to: '24:00', days: [1] }, false],
  [{ from: '8:00', to: '20:00', days: [1] }, false],
  [{ from: '08:00', to: '20:00', days: [] }, false],
  [{ from: '08:00', to: '20:00', days: [2, 1] }, false],
  [{ from: '08:00', to: '20:00', days: [1, 1] }, false],
])('whether %j are calling hours: %s', (hours, isValid) => {
  expect(callingHoursSchema.safeParse(hours).success).toBe(isValid)
})

test('the local time is that of luxon, and all hours of all days are never outside', () => {
  const always = callingHoursSchema.parse({ from: '00:00', to: '24:00', days: [1, 2, 3, 4, 5, 6, 7] })
  fc.assert(
    fc.property(
      fc.constantFrom('Europe/Lisbon', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'America/St_Johns', 'Pacific/Apia'),
      fc.integer({ min: 0, max: at('2040-01-01') }),
      (zone, now) => {
        const local = DateTime.fromMillis(now, { zone })
        const clock = { time: local.toFormat('HH:mm'), day: local.weekday }
        expect(timeThere([zone], now, always)).toMatchObject({ earliest: clock, latest: clock, calling: 'inside' })
      },
    ),
    { seed: 18 },
  )
})
