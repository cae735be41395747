import fc from 'fast-check'
import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import { readTypedTime, spokenTime, typedTimeText } from './typed-time.ts'

const BERLIN = 'Europe/Berlin'
/** Thursday 26 November 2026, 19:00:42 in Berlin. */
const NOW = Date.UTC(2026, 10, 26, 18, 0, 42, 137)

function read(text: string, now = NOW, zone = BERLIN): string {
  const found = readTypedTime(text, now, zone)
  return found.kind === 'understood' ? `${spokenTime(found.at, now, zone)}${found.isMoved ? ' (moved)' : ''}` : found.kind
}

test.each([
  ['tue 3pm', 'Tue 1 Dec, 15:00'],
  ['Tuesday 15:00', 'Tue 1 Dec, 15:00'],
  ['in 2h', 'Thu 26 Nov, 21:00'],
  ['in 90 minutes', 'Thu 26 Nov, 20:30'],
  ['3pm', 'Fri 27 Nov, 15:00'],
  ['tomorrow', 'Fri 27 Nov, 19:00'],
  ['tomorrow morning', 'Fri 27 Nov, 09:00'],
  ['tomorrow 10:30', 'Fri 27 Nov, 10:30'],
  ['noon', 'Fri 27 Nov, 12:00'],
  ['next week', 'Thu 3 Dec, 19:00'],
  ['1 Dec', 'Tue 1 Dec, 19:00'],
  ['2026-12-01 15:00', 'Tue 1 Dec, 15:00'],
  ['2027-12-01 15:00', 'Wed 1 Dec 2027, 15:00'],
  ['31/12 10:00', 'Thu 31 Dec, 10:00'],
  ['tonight', 'Thu 26 Nov, 22:00'],
  ['Tue 1.12. 9:30', 'Tue 1 Dec, 09:30'],
])('English: %s is %s', (text, meaning) => {
  expect(read(text)).toBe(meaning)
})

test.each([
  ['morgen 15 Uhr', 'Fri 27 Nov, 15:00'],
  ['di 15 uhr', 'Tue 1 Dec, 15:00'],
  ['nächsten Montag 9:30', 'Mon 30 Nov, 09:30'],
  ['na\u0308chsten Montag 9:30', 'Mon 30 Nov, 09:30'],
  ['übermorgen', 'Sat 28 Nov, 19:00'],
  ['in einer Stunde', 'Thu 26 Nov, 20:00'],
  ['in 3 Tagen', 'Sun 29 Nov, 19:00'],
  ['Freitag um 10', 'Fri 27 Nov, 10:00'],
  ['morgen 15 Uhr 30', 'Fri 27 Nov, 15:30'],
  ['morgen 9.30 Uhr', 'Fri 27 Nov, 09:30'],
  ['1.12. 15:00', 'Tue 1 Dec, 15:00'],
  ['1.12.2026', 'Tue 1 Dec, 19:00'],
  ['3.4.', 'Sat 3 Apr 2027, 19:00'],
  ['3.4.27', 'Sat 3 Apr 2027, 19:00'],
  ['1.12.26 15:00', 'Tue 1 Dec, 15:00'],
  ['Di 1.12. 9:30', 'Tue 1 Dec, 09:30'],
  ['Di., 1.12.2026, 9:30', 'Tue 1 Dec, 09:30'],
  ['di 9.12', 'Tue 1 Dec, 09:12'],
  ['morgen 9.12', 'Fri 27 Nov, 09:12'],
  ['morgen früh', 'Fri 27 Nov, 09:00'],
  ['Samstag frueh um 8', 'Sat 28 Nov, 08:00'],
])('German: %s is %s', (text, meaning) => {
  expect(read(text)).toBe(meaning)
})

test.each([
  ['1', 'Fri 27 Nov, 19:00'],
  ['3', 'Sun 29 Nov, 19:00'],
  ['7', 'Thu 3 Dec, 19:00'],
  ['+3d', 'Sun 29 Nov, 19:00'],
  ['+3d 9:00', 'Sun 29 Nov, 09:00'],
  ['0', 'unclear'],
  ['999', 'unclear'],
])('a number alone is a number of days: %s is %s', (text, meaning) => {
  expect(read(text)).toBe(meaning)
})

test.each([
  ['yesterday', 'past'],
  ['today 9:00', 'past'],
  ['2026-11-26 19:00', 'past'],
  ['', 'empty'],
  ['  ', 'empty'],
  ['foo', 'unclear'],
  ['foo tue', 'unclear'],
  ['tue 15:00 or wed', 'unclear'],
  ['25:00', 'unclear'],
  ['30.2.', 'unclear'],
  ['31.2.27 15:00', 'unclear'],
  ['Di 31.2.', 'unclear'],
  ['last monday', 'past'],
  ['last fri 3pm', 'past'],
  ['letzten Montag', 'past'],
  ['1e9', 'unclear'],
  ['tue '.repeat(40), 'unclear'],
  ['3/4', 'ambiguous'],
  ['3/4 15:00', 'ambiguous'],
  ['Mon 1 Dec', 'ambiguous'],
  ['Mo 1.12. 9:30', 'ambiguous'],
])('a text that is no future time says why: “%s” is %s', (text, kind) => {
  expect(read(text)).toBe(kind)
})

test.each([
  ['3pm UTC', 'Fri 27 Nov, 16:00'],
  ['tue 3pm PST', 'Wed 2 Dec, 00:00'],
  ['2026-12-01T15:00Z', 'Tue 1 Dec, 16:00'],
  ['1.12. 15:00 MEZ', 'Tue 1 Dec, 15:00'],
])('a time of a named zone is shown in the zone of the client: %s is %s', (text, meaning) => {
  expect(read(text)).toBe(meaning)
})

test('a time that the clocks skip is moved by the length of the gap, and reported', () => {
  const before = Date.UTC(2026, 2, 28, 12)
  expect(read('tomorrow 2:30', before)).toBe('Sun 29 Mar, 03:30 (moved)')
  expect(read('tomorrow 3:30', before)).toBe('Sun 29 Mar, 03:30')
  expect(read('1', Date.UTC(2026, 2, 28, 1, 30)), 'a number of days keeps the time of day').toBe('Sun 29 Mar, 03:30 (moved)')
  // Lord Howe Island moves its clocks by half an hour.
  expect(read('tomorrow 2:15', Date.UTC(2026, 9, 3, 2), 'Australia/Lord_Howe')).toBe('Sun 4 Oct, 02:45 (moved)')
})

test('a time that occurs twice is the first of both; hours from now are counted in real hours', () => {
  const saturday = Date.UTC(2026, 9, 24, 12)
  const twice = readTypedTime('tomorrow 2:30', saturday, BERLIN)
  expect(twice).toEqual({ kind: 'understood', at: Date.UTC(2026, 9, 25, 0, 30), isMoved: false })
  // At 01:30 summer time, three hours before 03:30 standard time.
  const atNight = Date.UTC(2026, 9, 24, 23, 30)
  expect(readTypedTime('in 3h', atNight, BERLIN)).toMatchObject({ at: atNight + 3 * 3_600_000 })
})

const zones = fc.constantFrom(BERLIN, 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia', 'UTC')
const instants = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2032, 0, 1) })

test('any text has a meaning or a reason; an understood time is a whole minute in the future', () => {
  const words = fc.constantFrom(
    'tue',
    'morgen',
    'in',
    '2h',
    '3pm',
    'um',
    '15 Uhr',
    '1.12.',
    '3/4',
    'next',
    '-',
    '99',
    'week',
    '2:30',
  )
  const texts = fc.oneof(
    fc.string({ maxLength: 70 }),
    fc.array(words, { maxLength: 5 }).map((parts) => parts.join(' ')),
  )
  fc.assert(
    fc.property(texts, instants, zones, (text, now, zone) => {
      const found = readTypedTime(text, now, zone)
      const isFuture = found.kind === 'understood' && found.at > now && found.at % 60_000 === 0
      const isPast = found.kind === 'past' && found.at <= now
      expect(isFuture || isPast || ['empty', 'ambiguous', 'unclear'].includes(found.kind)).toBe(true)
    }),
    { seed: 21 },
  )
})

test('a written date and time of any zone is the one that the zone’s clock then shows', () => {
  fc.assert(
    fc.property(instants, fc.integer({ min: 1, max: 500_000 }), zones, (now, minutes, zone) => {
      const at = Math.floor(now / 60_000) * 60_000 + minutes * 60_000
      const written = DateTime.fromMillis(at, { zone }).toFormat('yyyy-MM-dd HH:mm')
      const found = readTypedTime(written, now, zone)
      // The first of two equal times of a night may be past.
      expect(['understood', 'past']).toContain(found.kind)
      expect('at' in found && DateTime.fromMillis(found.at, { zone }).toFormat('yyyy-MM-dd HH:mm')).toBe(written)
    }),
    { seed: 22 },
  )
})

test('an understood time is written as a text that is read as the same instant, also in the night in which a time occurs twice', () => {
  const atNight = Date.UTC(2026, 9, 24, 23, 30)
  expect(typedTimeText(atNight + 3_600_000, atNight, BERLIN)).toBe('2026-10-25 02:30')
  expect(typedTimeText(atNight + 2 * 3_600_000, atNight, BERLIN)).toBe('2026-10-25 02:30 +01:00')
  const nights = fc.constantFrom(atNight, Date.UTC(2026, 10, 1, 4), Date.UTC(2026, 3, 4, 13), Date.UTC(2026, 9, 3, 14))
  fc.assert(
    fc.property(fc.oneof(nights, instants), fc.integer({ min: 1, max: 600 }), zones, (now, minutes, zone) => {
      const at = Math.floor(now / 60_000) * 60_000 + minutes * 60_000
      expect(readTypedTime(typedTimeText(at, now, zone), now, zone)).toMatchObject({ kind: 'understood', at })
    }),
    { seed: 23 },
  )
})
