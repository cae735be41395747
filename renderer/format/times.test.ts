import { i18n } from '@lingui/core'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { timestampSchema } from '../../core/model/common.ts'
import { formatDateTime, formatNearDay, formatInstant, parseDateTime, parseDay } from './times.ts'

const BERLIN = 'Europe/Berlin'

afterEach(() => i18n.activate('en'))
const NOW = Date.UTC(2026, 10, 22, 17, 11, 42)
const at = (iso: string) => Date.parse(iso)

test('times are those of the client, not of the device', () => {
  expect(formatDateTime(NOW, BERLIN)).toBe('2026-11-22 18:11')
  expect(formatDateTime(NOW, 'America/New_York')).toBe('2026-11-22 12:11')
  expect(formatInstant(NOW, BERLIN)).toBe('2026-11-22 18:11:42')
})

test('an event of the current day in the zone is written as today, one of the day before is not', () => {
  expect(formatNearDay(at('2026-11-21T23:30:00Z'), NOW, BERLIN)).toBe('Today 00:30')
  expect(formatNearDay(at('2026-11-21T23:30:00Z'), NOW, 'UTC')).toBe('Yesterday 23:30')
  expect(formatNearDay(at('2026-11-23T08:00:00Z'), NOW, BERLIN)).toBe('Tomorrow 09:00')
  expect(formatNearDay(at('2026-11-16T08:00:00Z'), NOW, BERLIN)).toBe('Mon 16 Nov')
  expect(formatNearDay(at('2027-01-04T08:00:00Z'), NOW, BERLIN)).toBe('Mon 4 Jan')
  expect(formatNearDay(at('2025-11-22T08:00:00Z'), NOW, BERLIN)).toBe('22 Nov 2025')
})

test('the names of days and months have the language of the window', () => {
  i18n.loadAndActivate({ locale: 'de', messages: {} })
  expect(formatNearDay(at('2026-11-16T08:00:00Z'), NOW, BERLIN)).toBe('Mo 16. Nov')
  expect(formatNearDay(at('2025-03-22T08:00:00Z'), NOW, BERLIN)).toBe('22. Mär 2025')
})

test.each([
  ['2026-11-02 10:30', '2026-11-02T09:30:00Z'],
  ['2026-7-2 10:30', '2026-07-02T08:30:00Z'],
  ['2026-11-02T10:30', '2026-11-02T09:30:00Z'],
  ['10:30', '2026-11-22T09:30:00Z'],
  ['yesterday 9:00', '2026-11-21T08:00:00Z'],
  ['tomorrow', '2026-11-23T17:11:00Z'],
  ['+3d 9:05', '2026-11-25T08:05:00Z'],
  ['-1d', '2026-11-21T17:11:00Z'],
  ['now', '2026-11-22T17:11:00Z'],
  ['gestern 9:00', '2026-11-21T08:00:00Z'],
  ['Heute 10:30', '2026-11-22T09:30:00Z'],
  ['morgen', '2026-11-23T17:11:00Z'],
  ['jetzt', '2026-11-22T17:11:00Z'],
])('%j is read as %s', (text, iso) => {
  expect(parseDateTime(text, NOW, BERLIN)).toBe(at(iso))
})

test('a date alone is written as a date in every zone, and read back as the same instant', () => {
  const alone = parseDateTime('2026-11-28', NOW, BERLIN) ?? NaN
  for (const zone of [BERLIN, 'America/Los_Angeles', 'Pacific/Auckland', 'Pacific/Kiritimati', 'Pacific/Niue']) {
    expect(formatDateTime(alone, zone)).toBe('2026-11-28')
    expect(formatInstant(alone, zone)).toBe('2026-11-28')
    expect(formatNearDay(alone, NOW, zone)).toBe('Sat 28 Nov')
    expect(formatNearDay(alone, at('2026-11-28T12:00:00Z'), BERLIN)).toBe('Today')
  }
  expect(parseDateTime(formatDateTime(alone, 'America/New_York'), NOW, 'America/New_York')).toBe(alone)
})

test('an empty text is not a time and not an error', () => {
  expect(parseDateTime('  ', NOW, BERLIN)).toBeNull()
})

test.each(['25:00', '10:60', '2026-13-01 10:00', '2026-02-30 10:00', 'soon', 'yesterday soon', '10.30', '1969-12-31 10:00'])(
  '%j is no time',
  (text) => {
    expect(parseDateTime(text, NOW, BERLIN)).toBeUndefined()
  },
)

test('a time that the zone skips is refused instead of moved', () => {
  expect(parseDateTime('2026-03-29 02:30', NOW, BERLIN)).toBeUndefined()
  expect(parseDateTime('2026-03-29 03:30', NOW, BERLIN)).toBe(at('2026-03-29T01:30:00Z'))
})

test('a time that clocks show twice is read as the first one, as in imports; a midnight that is skipped is refused', () => {
  expect(parseDateTime('2026-11-01 00:00', NOW, 'America/Havana')).toBe(at('2026-11-01T04:00:00Z'))
  expect(parseDateTime('2026-10-25 02:30', NOW, BERLIN)).toBe(at('2026-10-25T00:30:00Z'))
  expect(parseDateTime('2026-03-08 00:00', NOW, 'America/Havana')).toBeUndefined()
  expect(parseDateTime('2011-12-30 10:00', NOW, 'Pacific/Apia')).toBeUndefined()
})

test('a written time is read back, except the second of two equal times in autumn', () => {
  const minutes = fc.integer({ min: at('2000-01-01T00:00:00Z') / 60_000, max: at('2040-01-01T00:00:00Z') / 60_000 })
  fc.assert(
    fc.property(minutes, fc.constantFrom(BERLIN, 'UTC', 'America/New_York', 'Asia/Kolkata'), (minute, zone) => {
      const text = formatDateTime(minute * 60_000, zone)
      const read = parseDateTime(text, NOW, zone)
      expect(formatDateTime(read ?? Number.NaN, zone)).toBe(text)
    }),
  )
})

test.each([
  ['2026-11-02', '2026-11-02'],
  [' 2026-1-2 ', '2026-01-02'],
  ['Yesterday', '2026-11-21'],
  ['today', '2026-11-22'],
  ['morgen', '2026-11-23'],
  ['jetzt', undefined],
  ['+3d', '2026-11-25'],
  ['', null],
  ['2026-02-30', undefined],
  ['2026-13-01', undefined],
  ['2.11.', undefined],
  ['10:30', undefined],
  ['2026-11-02 10:30', undefined],
  ['now', undefined],
  ['soon', undefined],
])('the day %s', (text, day) => {
  expect(parseDay(text, Date.UTC(2026, 10, 22, 17, 11), 'Europe/Berlin')).toBe(day)
})

test('the name of a property that every object has is not a day', () => {
  for (const word of ['constructor', '__proto__', 'constructor 10:30']) {
    expect(parseDateTime(word, NOW, BERLIN)).toBeUndefined()
    expect(parseDay(word, NOW, BERLIN)).toBeUndefined()
  }
})

test('a typed time is understood as a whole or not at all, and is an instant that a call can have', () => {
  for (const text of ['tomorrow 3:30 pm', 'morgen 10:30 oder 11:00', '+3d 9:00 x', '2026-11-02 10:30 pm'])
    expect(parseDateTime(text, NOW, BERLIN), text).toBeUndefined()
  for (const text of ['1960-01-01 10:00', '0001-01-01 10:00', '9999-12-31 23:30', '9999-12-31', '1960-01-01'])
    for (const zone of [BERLIN, 'America/Los_Angeles', 'Pacific/Kiritimati']) {
      const found = parseDateTime(text, NOW, zone)
      expect(found === undefined || timestampSchema.safeParse(found).success, `${text} in ${zone}`).toBe(true)
    }
})
