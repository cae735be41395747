import fc from 'fast-check'
import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import { must } from '../assert.ts'
import { dateReader } from './date-format.ts'
import { FormatDetector, formatsOf, writesMonthFirst, type TimeKind } from './detect-format.ts'

/** Writes `at` in a format of the detector, with Luxon if it is a Luxon format. */
function write(format: string, at: number): string {
  const time = DateTime.fromMillis(at, { zone: 'utc', locale: 'en' })
  if (format === 'ISO') return must(time.toISO(), 'A time of these years')
  if (format === 'Excel') return (at / 86_400_000 + 25_569).toFixed(6)
  return time.toFormat(format)
}

function guess(kind: TimeKind, values: readonly string[], monthFirst = false) {
  const detector = new FormatDetector(kind, monthFirst)
  for (const value of values) detector.add(value)
  return detector.guess()
}
function days(count: number, spell: (date: Date) => string): string[] {
  return Array.from({ length: count }, (_, day) => spell(new Date(Date.UTC(2026, 0, 1 + day))))
}
const slashed = (first: 'day' | 'month') => (date: Date) => {
  const [d, m] = [date.getUTCDate(), date.getUTCMonth() + 1]
  return first === 'day' ? `${d}/${m}/2026` : `${m}/${d}/2026`
}

test.each<[TimeKind, string, string]>([
  ['date', '1-Jan-21', 'd-MMM-yy'],
  ['date', '2021-01-31', 'yyyy-MM-dd'],
  ['date', '31.01.2021', 'd.M.yyyy'],
  ['date', 'Jan 31, 2021', 'MMM d, yyyy'],
  ['time', '9:47', 'H:mm'],
  ['time', '09:47:01', 'H:mm:ss'],
  ['time', '9:47 PM', 'h:mm a'],
  ['time', '10h30', "H'h'mm"],
  ['date', '13 Ekim 2026', 'd MMM yyyy'],
  ['dateTime', '2026-11-02T10:00:00Z', 'ISO'],
  ['dateTime', '13/10/2026 10h30', "d/M/yyyy H'h'mm"],
  ['dateTime', 'Mo., 2. Nov. 2026, 10:30 Uhr', 'd. MMM yyyy, H:mm'],
  ['dateTime', '13 октября 2026 10:30', 'd MMM yyyy H:mm'],
  ['dateTime', '20261102T103011Z', "yyyyMMdd'T'HHmmss"],
  ['dateTime', '20261102103011', 'yyyyMMddHHmmss'],
  ['dateTime', '31.01.2021 09:47', 'd.M.yyyy H:mm'],
  ['dateTime', '1/31/2021 9:47 PM', 'M/d/yyyy h:mm a'],
  ['dateTime', '31/1/2021 9:47 p. m.', 'd/M/yyyy h:mm a'],
  ['dateTime', 'Mon, 02 Nov 2026 10:30:00 +0100', 'd MMM yyyy H:mm:ss'],
  ['dateTime', 'Mon Nov  2 10:30:00 2026', 'MMM d H:mm:ss yyyy'],
  ['dateTime', 'November 14, 2026 at 10:30 AM', "MMM d, yyyy 'at' h:mm a"],
  ['dateTime', '2026-11-02 10:30:00 UTC', 'ISO'],
  ['dateTime', '1767225600', 'X'],
  ['dateTime', '1767225600123', 'x'],
  ['dateTime', '46328.4375', 'Excel'],
  ['date', '46328', 'Excel'],
  ['date', '31.01.2021 00:00:00', "d.M.yyyy '00:00:00'"],
  ['date', '2021-01-31T00:00:00.000Z', "yyyy-MM-dd'T00:00:00.000Z'"],
  ['time', '0.4375', 'Excel'],
])('a %s like %s is read as %s', (kind, value, format) => {
  expect(guess(kind, [value])).toMatchObject({ format, ambiguousWith: [] })
})

test('one day above 12 anywhere in the column decides the order', () => {
  const early = Array.from({ length: 200 }, (_, n) => `${(n % 12) + 1}/${((n * 5) % 12) + 1}/2026`)
  expect(guess('date', [...early, '13/1/2026'])).toMatchObject({ format: 'd/M/yyyy', ambiguousWith: [] })
  expect(guess('date', [...early, '1/13/2026'])).toMatchObject({ format: 'M/d/yyyy', ambiguousWith: [] })
})

test('if no day is above 12, rows that are sorted in only one order decide it', () => {
  const first12 = ['2026-01', '2026-02'].flatMap((month) =>
    Array.from({ length: 12 }, (_, n) => new Date(`${month}-${String(n + 1).padStart(2, '0')}`)),
  )
  expect(guess('date', first12.map(slashed('day')))).toMatchObject({ format: 'd/M/yyyy', ambiguousWith: [] })
  expect(guess('date', first12.map(slashed('month')))).toMatchObject({ format: 'M/d/yyyy', ambiguousWith: [] })
  expect(guess('date', first12.toReversed().map(slashed('month')))).toMatchObject({ format: 'M/d/yyyy', ambiguousWith: [] })
})

test('if nothing decides, the country does, and the guess is marked as ambiguous', () => {
  const undecided = ['3/4/2026', '1/2/2026', '7/6/2026']
  expect(guess('date', undecided)).toMatchObject({ format: 'd/M/yyyy', ambiguousWith: ['M/d/yyyy'] })
  expect(guess('date', undecided, true)).toMatchObject({ format: 'M/d/yyyy', ambiguousWith: ['d/M/yyyy'] })
  expect(writesMonthFirst('US')).toBe(true)
  expect(writesMonthFirst('DE')).toBe(false)
  expect(writesMonthFirst(null)).toBe(false)
})

test('a format is detected with a few bad values, but not with many', () => {
  expect(guess('date', [...days(50, slashed('day')), 'n/a', '??'])).toMatchObject({ format: 'd/M/yyyy', hits: 50, values: 52 })
  expect(guess('date', ['1/1/2026', 'Diane', 'Becky', 'Jim'])).toBeUndefined()
  expect(guess('date', [])).toBeUndefined()
})

test.each([
  ['17', 'date'],
  ['211', 'dateTime'],
  ['99999', 'date'],
  ['4930123456', 'dateTime'],
  ['2.5', 'time'],
  ['46328.4375', 'date'],
] as const)('the number %s is not a %s', (value, kind) => expect(guess(kind, [value])).toBeUndefined())

test('a format of plain numbers is marked as numeric, because the numbers may have another meaning', () => {
  expect(guess('date', ['46328', '46329'])).toMatchObject({ format: 'Excel', isNumeric: true })
  expect(guess('date', ['2026-11-02'])).toMatchObject({ isNumeric: false })
})

test('the detector stops after many values of other text', () => {
  const detector = new FormatDetector('dateTime', false)
  for (let n = 0; n < 100; n++) detector.add(`text ${n}`)
  expect(detector.alive).toBe(false)
  expect(detector.guess()).toBeUndefined()
})

test('every format of the detector is detected and read back', () => {
  const zoneless = fc.integer({ min: Date.UTC(1991, 0, 1), max: Date.UTC(2059, 0, 1) })
  fc.assert(
    fc.property(
      fc.constantFrom(...formatsOf('dateTime')),
      fc.uniqueArray(zoneless, { minLength: 30, maxLength: 40 }),
      fc.boolean(),
      (format, instants, monthFirst) => {
        const values = instants.map((at) => write(format, at))
        const found = guess('dateTime', values, monthFirst)
        expect(found, `${format}: ${values[0]}`).toMatchObject({ hits: new Set(values).size })
        const [own, read] = [dateReader(format), dateReader(found?.format ?? '')]
        const readings = (reader: typeof own) => values.map((value) => reader(value)?.reading)
        // Two formats may read the same texts differently only if the guess is ambiguous.
        if (found?.ambiguousWith.length === 0) expect(readings(read)).toEqual(readings(own))
      },
    ),
    { numRuns: 40 },
  )
})
