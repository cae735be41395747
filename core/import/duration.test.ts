import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DURATION_FORMATS, durationReader, parseDuration, type DurationFormat } from './duration.ts'
import { DECIMAL_SIGNS, type DecimalSign } from './number-text.ts'

test.each([
  ['143', 143],
  ['0', 0],
  ['90.0', 90],
  ['89,6', 90],
  ['2:23', 143],
  ['02:23', 143],
  ['90:00', 5_400],
  ['0:02:23', 143],
  ['1:00:00', 3_600],
  ['0:00:59.7', 59],
  ['2m 23s', 143],
  ['1h', 3_600],
  ['1 h 5 min', 3_900],
  ['5 minutes', 300],
  [' 45 sec ', 45],
  ['1 234', 1_234],
  ["1'234", 1_234],
  ['1,234,567', 1_234_567],
  ['1.234,5', 1_235],
  ['1,234.4', 1_234],
  ['1,5 min', 90],
  ['2500 ms', 3],
  ['PT4M5S', 245],
  ['1h05', 3_900],
  ['3 min 20', 200],
  ['3m20', 200],
  [`3'20"`, 200],
  ['0 days 00:03:20', 200],
  ['1 day, 0:00:10', 86_410],
  ['\u200e2:23\u200e', 143],
])('%s is %d seconds', (text, seconds) => expect(parseDuration(text)).toBe(seconds))

test.each([
  '',
  ' ',
  '1,234',
  '1.234',
  '1,23,4',
  '12,34,56',
  '1 23',
  '-5',
  '2:60',
  '1:60:00',
  '1:2:3:4',
  'five',
  '5 calls',
  '1e3',
  '0x10',
  '½',
])('%j is not a duration', (text) => expect(parseDuration(text)).toBeUndefined())

test('every duration in the common forms is read back', () => {
  fc.assert(
    fc.property(fc.nat({ max: 86_400 }), (seconds) => {
      const pad = (value: number) => String(value).padStart(2, '0')
      const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60), seconds % 60]
      expect(parseDuration(`${h}:${pad(m)}:${pad(s)}`)).toBe(seconds)
      expect(parseDuration(`${Math.floor(seconds / 60)}:${pad(s)}`)).toBe(seconds)
      expect(parseDuration(`${h}h ${m}m ${s}s`)).toBe(seconds)
      expect(parseDuration(String(seconds))).toBe(seconds)
    }),
  )
})

const pad = (value: number) => String(value).padStart(2, '0')
/** Writers of whole seconds. `step`: the durations that a format can express are multiples of it. */
const WRITERS: Record<DurationFormat, { step: number; write: (seconds: number, decimal: DecimalSign) => string }> = {
  s: { step: 1, write: (seconds, decimal) => grouped(seconds, decimal) },
  ms: { step: 1, write: (seconds, decimal) => grouped(seconds * 1_000, decimal) },
  min: {
    step: 30,
    write: (seconds, decimal) => `${grouped(Math.floor(seconds / 60), decimal)}${decimal}${seconds % 60 ? 5 : 0}`,
  },
  h: { step: 360, write: (seconds, decimal) => (seconds / 3_600).toFixed(1).replace('.', decimal) },
  d: { step: 1, write: (seconds, decimal) => (seconds / 86_400).toFixed(8).replace('.', decimal) },
  'm:ss': { step: 1, write: (seconds) => `${Math.floor(seconds / 60)}:${pad(seconds % 60)}` },
  'h:mm': { step: 60, write: (seconds) => `${Math.floor(seconds / 3_600)}:${pad((seconds / 60) % 60)}` },
  'm:ss:00': { step: 1, write: (seconds) => `${Math.floor(seconds / 60)}:${pad(seconds % 60)}:00` },
  'h:mm:ss': {
    step: 1,
    write: (seconds) => `${Math.floor(seconds / 3_600)}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`,
  },
}
function grouped(value: number, decimal: DecimalSign): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, decimal === '.' ? ',' : '.')
}

test('every format is read back, with both kinds of thousands and decimal separators', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...DURATION_FORMATS),
      fc.nat({ max: 86_399 }),
      fc.constantFrom(...DECIMAL_SIGNS),
      (format, some, sign) => {
        const { step, write } = WRITERS[format]
        const seconds = some - (some % step)
        const text = write(seconds, sign)
        expect(durationReader(format, sign)(text), text).toBe(seconds)
      },
    ),
    { numRuns: 1_000 },
  )
})

test('an invisible character between digits does not hide hours, minutes and seconds', () => {
  expect(durationReader('h:mm:ss', undefined)('00\u200b0320')).toBe(200)
})
