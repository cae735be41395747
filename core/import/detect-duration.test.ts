import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DurationDetector, formatInHeader } from './detect-duration.ts'
import { durationReader, type DurationFormat } from './duration.ts'

function guess(header: string, values: readonly string[]) {
  const detector = new DurationDetector(header)
  for (const value of values) detector.add(value)
  return detector.guess()
}

test.each<[string, DurationFormat | undefined]>([
  ['Duration (min)', 'min'],
  ['call_duration_min', 'min'],
  ['Dauer (Min.)', 'min'],
  ['Duration (hh:mm)', 'h:mm'],
  ['Duration [h]:mm', 'h:mm'],
  ['Duration (mm:ss)', 'm:ss'],
  ['Duration (hh:mm:ss)', 'h:mm:ss'],
  ['Duration (ms)', 'ms'],
  ['durationMs', 'ms'],
  ['Duration in milliseconds', 'ms'],
  ['Speed of answer in seconds', 's'],
  ['Secs', 's'],
  ['duration_s', 's'],
  ['Dauer (Sek.)', 's'],
  ['Dauer (Std.)', 'h'],
  ['Talk hours', 'h'],
  ['通話時間(秒)', 's'],
  ['通話時間（分）', 'min'],
  ['Duration', undefined],
  ['Call’s duration', undefined],
  ['AvgTalkDuration', undefined],
])('the header %j has the format %s', (header, format) => expect(formatInHeader(header)).toBe(format))

test.each<[string, string[], DurationFormat, string, number]>([
  ['Duration (min)', ['17', '3', '45'], 'min', '17', 1_020],
  ['Duration (min)', ['17,5', '3,0'], 'min', '17,5', 1_050],
  ['Duration (min)', ['12:30'], 'm:ss', '12:30', 750],
  ['Duration (hh:mm)', ['0:17', '1:05'], 'h:mm', '1:05', 3_900],
  ['Duration (mm:ss)', ['0:17', '1:05'], 'm:ss', '1:05', 65],
  ['Duration (ms)', ['143000', '90500'], 'ms', '143000', 143],
  ['Duration (ms)', ['143,000', '90,500'], 'ms', '143,000', 143],
  ['Duration', ['143000', '90500', '240000'], 'ms', '143000', 143],
  ['Duration', ['211', '780', '466'], 's', '780', 780],
  ['Duration (s)', ['1,234', '2,345'], 's', '1,234', 1_234],
  ['Duration (min)', ['1.234', '2.345'], 'min', '1.234', 74],
  ['Duration', ['0:02:23', '4:10', '1:00:00'], 'h:mm:ss', '4:10', 250],
  ['Duration', ['4:10', '5:59', '12:00'], 'm:ss', '4:10', 250],
  ['Duration', ['25:00', '0:30', '0:40'], 'm:ss', '25:00', 1_500],
  ['Duration (hh:mm:ss)', ['0.001655', '0.0104'], 'd', '0.001655', 143],
  ['Duration', ['4m 5s', '59s'], 'h:mm:ss', '4m 5s', 245],
  ['Duration (mm:ss)', ['03:07:00', '12:40:00', '00:45:00'], 'm:ss:00', '03:07:00', 187],
  ['Duration (h:mm)', ['03:07:00', '12:40:00'], 'h:mm:ss', '03:07:00', 11_220],
  ['Duration', ['03:07:00', '12:40:00', '00:45:10'], 'h:mm:ss', '03:07:00', 11_220],
  ['Duration', ['00:03:00', '00:12:00', '00:45:00'], 'h:mm:ss', '00:03:00', 180],
])('%j with %j is %s: %s is %d seconds', (header, values, format, value, seconds) => {
  const { formats, decimal, isDecimalOpen } = guess(header, values)
  expect({ formats, isDecimalOpen }).toEqual({ formats: [format], isDecimalOpen: false })
  expect(durationReader(format, decimal)(value)).toBe(seconds)
})

test.each<[string, string[], DurationFormat[]]>([
  ['Duration', ['17', '12', '45'], ['s', 'min']],
  ['Duration', ['12.5', '3.25', '8.75'], ['s', 'min']],
  ['Duration', ['0:45', '1:10', '0:12'], ['m:ss', 'h:mm']],
  ['Duration', ['0.5', '0.25', '0.75'], ['min', 'h']],
  ['Duration', ['03:07:00', '12:40:00', '00:45:00'], ['m:ss:00', 'h:mm:ss']],
  ['Duration (min)', ['143000', '90500', '240000'], ['ms']],
])('%j with %j is not certain', (header, values, formats) => {
  const found = guess(header, values)
  expect(found.formats).toEqual(expect.arrayContaining(formats))
  expect(found.formats.length > 1 || formats.length === 1).toBe(true)
})

test('another value of the column decides how an ambiguous number is read; otherwise it is undecided', () => {
  expect(guess('Duration (s)', ['10,250', '1,5', '80'])).toMatchObject({ decimal: ',', isDecimalOpen: false })
  expect(guess('Duration (s)', ['10,250', '1,234.5'])).toMatchObject({ decimal: '.', isDecimalOpen: false })
  expect(guess('Duration (s)', ['10,250', '90,125'])).toMatchObject({ formats: ['s'], decimal: ',', isDecimalOpen: false })
  expect(guess('Duration (s)', ['5,250', '5,300'])).toMatchObject({ decimal: undefined, isDecimalOpen: true })
})

test('zeros, blanks and other texts do not determine a format', () => {
  expect(guess('Duration', ['', ' '])).toMatchObject({ formats: [], values: 0 })
  expect(guess('Duration', ['n/a'])).toMatchObject({ formats: [], hits: 0, values: 1 })
  expect(guess('Duration', ['0', '0']).formats).toEqual(['s', 'min'])
})

test('the unit in which a column is written is always among the detected formats', () => {
  const units = { s: 1, min: 60, ms: 0.001 } as const
  const column = fc.record({
    unit: fc.constantFrom('s' as const, 'min' as const, 'ms' as const),
    // Calls of ten seconds to an hour.
    seconds: fc.array(fc.integer({ min: 10, max: 3_600 }), { minLength: 3, maxLength: 50 }),
  })
  fc.assert(
    fc.property(column, ({ unit, seconds }) => {
      const values = seconds.map((value) => String(Math.ceil(value / units[unit])))
      const { formats } = guess('Duration', values)
      expect(formats, `${unit}: ${values.join(' ')}`).toContain(unit)
    }),
    { numRuns: 1_000 },
  )
})

test.each([
  ['Duration (hhmmss)', ['000320', '000105', '010000'], ['h:mm:ss']],
  ['Duration', ['000320', '000105', '010000'], ['h:mm:ss', 's']],
  ['Duration (s)', ['000320', '000105'], ['s']],
])('hours, minutes and seconds without separators are detected: %s', (header, values, formats) => {
  const detector = new DurationDetector(header)
  for (const value of values) detector.add(value)
  expect(detector.guess().formats).toEqual(formats)
})

test('000320 is 3 minutes and 20 seconds in a column of hours, minutes and seconds', () => {
  expect(durationReader('h:mm:ss', undefined)('000320')).toBe(200)
  expect(durationReader('s', undefined)('000320')).toBe(320)
})
