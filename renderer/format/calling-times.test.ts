import { expect, test } from 'vitest'
import { timeThere } from '../../core/calling-hours/calling-hours.ts'
import { DEFAULT_CALLING_HOURS } from '../../core/model/calling-hours.ts'
import { callingHoursText, timeThereText } from './calling-times.ts'

test.each([
  [[1, 2, 3, 4, 5, 6], '08:00–20:00, Mon–Sat'],
  [[1, 3, 4, 7], '08:00–20:00, Mon, Wed–Thu, Sun'],
  [[7], '08:00–20:00, Sun'],
])('calling hours of the days %j are %j', (days, text) => {
  expect(callingHoursText({ ...DEFAULT_CALLING_HOURS, days })).toBe(text)
})

test.each([
  [['Europe/Lisbon'], '2026-01-05T21:40:00Z', 'It is 21:40 there (Lisbon) – outside calling hours'],
  [['Europe/Lisbon'], '2026-01-05T12:40:00Z', 'It is 12:40 there (Lisbon)'],
  [['America/North_Dakota/New_Salem'], '2026-01-04T18:00:00Z', 'It is Sun 12:00 there (New Salem) – outside calling hours'],
  [['Australia/Perth', 'Australia/Sydney'], '2026-01-05T06:10:00Z', 'It is between 14:10 and 17:10 there'],
  [
    ['Atlantic/Azores', 'Europe/Lisbon'],
    '2026-01-05T08:30:00Z',
    'It is between 07:30 and 08:30 there – may be outside calling hours',
  ],
  [['Europe/London', 'Europe/Jersey'], '2026-01-05T12:00:00Z', 'It is 12:00 there'],
])('the time in %j at %s: %s', (zones, now, text) => {
  const there = timeThere(zones, Date.parse(now), DEFAULT_CALLING_HOURS)
  expect(there && timeThereText(there, DEFAULT_CALLING_HOURS)).toBe(text)
})
