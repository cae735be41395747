import fc from 'fast-check'
import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import { dateReader } from './date-format.ts'

function iso(format: string, text: string): string | undefined {
  const time = dateReader(format)(text)
  return time === undefined ? undefined : new Date(time.reading).toISOString()
}

test.each([
  ['d-MMM-yy', '1-Jan-21', '2021-01-01T00:00:00.000Z'],
  ['d-MMM-yy', '31-Mar-21', '2021-03-31T00:00:00.000Z'],
  ['d-MMM-yy', '5-Sept-99', '1999-09-05T00:00:00.000Z'],
  ['d. MMMM yyyy', '3. März 2024', '2024-03-03T00:00:00.000Z'],
  ['d MMM yyyy', '14 juil. 2024', '2024-07-14T00:00:00.000Z'],
  ['d MMM yyyy', '7 października 2024', '2024-10-07T00:00:00.000Z'],
  ['M/d/yyyy h:mm a', '2/29/2024 12:05 AM', '2024-02-29T00:05:00.000Z'],
  ['M/d/yyyy h:mm a', '2/29/2024 12:05\u202fp.m.', '2024-02-29T12:05:00.000Z'],
  ['H:mm', '9:12', '1970-01-01T09:12:00.000Z'],
  ["d.M.yyyy 'um' H:mm", '1.2.2026 um 17:45', '2026-02-01T17:45:00.000Z'],
  ['yyyyMMdd', '20260201', '2026-02-01T00:00:00.000Z'],
  ['EEE, d MMM yyyy HH:mm:ss', 'Mon, 02 Nov 2026 10:00:00', '2026-11-02T10:00:00.000Z'],
  ['d MMM yyyy H:mm:ss', 'Mon, 02 Nov 2026 10:30:00 +0100', '2026-11-02T10:30:00.000Z'],
  ['d MMM yyyy H:mm:ss', '2 Nov 2026 10:30:00 EST', '2026-11-02T10:30:00.000Z'],
  ['MMM d yyyy H:mm:ss', 'Mon Nov 02 2026 10:30:00 GMT+0100 (Central European Standard Time)', '2026-11-02T10:30:00.000Z'],
  ['d.M.yyyy H:mm', 'Mo., 02.11.2026 10:30', '2026-11-02T10:30:00.000Z'],
  ['d/M/yyyy h:mm a', '2/11/2026 3:05 p. m.', '2026-11-02T15:05:00.000Z'],
  ['d/M/yyyy h:mm a', '2/11/2026 3:05\u00a0p.\u00a0m.', '2026-11-02T15:05:00.000Z'],
  ['d/M/yyyy h:mm a', '2/11/2026 3:05PM', '2026-11-02T15:05:00.000Z'],
  ['M/d/yyyy', '\u200e11\u200e/\u200e2\u200e/\u200e2026', '2026-11-02T00:00:00.000Z'],
  ['Excel', '46328', '2026-11-02T00:00:00.000Z'],
  ['Excel', '46328.4375', '2026-11-02T10:30:00.000Z'],
  ['Excel', '46328,437512', '2026-11-02T10:30:01.000Z'],
  ['Excel', '0.4375', '1970-01-01T10:30:00.000Z'],
  ['X', '1767225600.25', '2026-01-01T00:00:00.250Z'],
  ['x', '1767225600250', '2026-01-01T00:00:00.250Z'],
  ['X', '1767225600', '2026-01-01T00:00:00.000Z'],
  ['ISO', '2026-11-02', '2026-11-02T00:00:00.000Z'],
  ['ISO', '2026-11-02T10:00:00.123456Z', '2026-11-02T10:00:00.123Z'],
  ['ISO', '2026-11-02 10:00', '2026-11-02T10:00:00.000Z'],
])('%s reads %s', (format, text, expected) => expect(iso(format, text)).toBe(expected))

test.each([
  ['d-MMM-yy', '31-Feb-21'],
  ['d-MMM-yy', '1-Foo-21'],
  ['d-MMM-yy', '1-Jan-2021'],
  ['d/M/yyyy', '13/13/2021'],
  ['d/M/yyyy', '1/2/2021 9:00'],
  ['H:mm', '24:00'],
  ['H:mm', '9:60'],
  ['h:mm a', '13:00 PM'],
  ['ISO', '2026-02-30'],
  ['ISO', 'yesterday'],
  ['d MMM yyyy H:mm:ss', 'Foo, 02 Nov 2026 10:30:00'],
  ['d MMM yyyy H:mm:ss', '02 Nov 2026 10:30:00 CST'],
  ['d MMM yyyy', '02 Nov 2026 UTC'],
  ['Excel', '12'],
  ['Excel', '-46328'],
])('%s does not read %s', (format, text) => expect(iso(format, text)).toBeUndefined())

test('an offset in the text is read, and a text without an offset has null', () => {
  expect(dateReader('ISO')('2026-11-02T10:00:00+01:00')).toMatchObject({ reading: Date.UTC(2026, 10, 2, 10), offsetMinutes: 60 })
  expect(dateReader('ISO')('2026-11-02 10:00:00 UTC')?.offsetMinutes).toBe(0)
  expect(dateReader('d.M.yyyy H:mm')('2.11.2026 10:00 UTC')?.offsetMinutes).toBe(0)
  expect(dateReader('d.M.yyyy H:mm')('2.11.2026 10:00 CET')?.offsetMinutes).toBe(60)
  expect(dateReader('d.M.yyyy H:mm:ss')('2.11.2026 10:00:00 +0200 EET')?.offsetMinutes).toBe(120)
  expect(dateReader('MMM d yyyy H:mm:ss')('Mon Nov 02 2026 10:30:00 GMT-0330 (Newfoundland)')?.offsetMinutes).toBe(-210)
  expect(dateReader('ISO')('2026-11-02T10:00:00Z')?.offsetMinutes).toBe(0)
  expect(dateReader('ISO')('2026-11-02T10:00:00-0330')?.offsetMinutes).toBe(-210)
  expect(dateReader('ISO')('2026-11-02T10:00:00')?.offsetMinutes).toBeNull()
})

test.each([
  ['ISO', '2026-11-02', false],
  ['ISO', '2026-11-02T00:00', true],
  ['d.M.yyyy', '2.11.2026', false],
  ['d.M.yyyy H:mm', '2.11.2026 0:00', true],
  ['Excel', '46328', false],
  ['Excel', '46328.0', false],
  ['Excel', '46328.5', true],
  ['X', '1767225600', true],
])('%s detects whether %s has a time of day', (format, text, hasTime) => {
  expect(dateReader(format)(text)?.hasTime).toBe(hasTime)
})

test.each(['', 'hello', 'd-MMMMM-yy', 'QQ yyyy', '--'])('the format %j is refused', (format) => {
  expect(() => dateReader(format)).toThrow(RangeError)
})

test('a reader reads the output of Luxon in every format', () => {
  const formats = [
    'yyyy-MM-dd HH:mm:ss',
    'd/M/yyyy H:mm',
    'M/d/yyyy h:mm a',
    'd-MMM-yyyy HH:mm',
    "dd.MM.yyyy 'at' HH:mm:ss.SSS",
    'MMMM d, yyyy hh:mm:ss a',
    "yyyy-MM-dd'T'HH:mm:ssZZ",
  ]
  const instants = fc.integer({ min: 0, max: Date.UTC(2099, 11, 31) })
  fc.assert(
    fc.property(fc.constantFrom(...formats), instants, (format, at) => {
      const time = DateTime.fromMillis(at, { zone: 'utc', locale: 'en' })
      const written = time.toFormat(format)
      const back = DateTime.fromFormat(written, format, { zone: 'utc', locale: 'en' })
      expect(dateReader(format)(written)?.reading).toBe(back.toMillis())
    }),
  )
})

test('the name of a property that every object has is not a format', () => {
  for (const format of ['constructor', '__proto__', 'toString']) expect(() => dateReader(format)).toThrow(RangeError)
})
