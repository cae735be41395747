import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatDuration, formatTotalDuration, parseDuration } from './durations.ts'

test('a duration is written as m:ss, from an hour on as h:mm:ss', () => {
  expect(formatDuration(0)).toBe('0:00')
  expect(formatDuration(65)).toBe('1:05')
  expect(formatDuration(3_599)).toBe('59:59')
  expect(formatDuration(3_600)).toBe('1:00:00')
})

test('the sum of many calls is written in hours and minutes', () => {
  expect(formatTotalDuration(245)).toBe('4:05')
  expect(formatTotalDuration(3_600)).toBe('1 h 0 min')
  expect(formatTotalDuration(7_199)).toBe('2 h 0 min')
  expect(formatTotalDuration(6_278_211)).toBe('1,743 h 57 min')
})

test.each([
  ['245', 245],
  ['4:05', 245],
  [' 1:02:03 ', 3_723],
  ['4m 5s', 245],
  ['4m', 240],
  ['1h', 3_600],
  ['90:00', 5_400],
  ['', null],
])('%j is read as %j', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds)
})

test.each(['4:65', '1:60:00', '-5', '4,5', 'five', '4:5:', ':30', '1.5'])('%j is not a duration', (text) => {
  expect(parseDuration(text)).toBeUndefined()
})

test('a written duration is read back as the same number', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 86_400 }), (seconds) => {
      expect(parseDuration(formatDuration(seconds))).toBe(seconds)
    }),
  )
})
