import { expect, test } from 'vitest'
import { formatBytes, formatFigure, formatShare, NONE, plural } from './numbers.ts'

test('a rate without a denominator is a dash and never 0 %', () => {
  expect(formatShare(null)).toBe(NONE)
  expect(formatShare(0)).toBe('0.0%')
  expect(formatFigure({ key: 'show_rate', value: null })).toBe(NONE)
})

test('a figure is written in its unit', () => {
  expect(formatFigure({ key: 'close_rate', value: 0.26841 })).toBe('26.8%')
  expect(formatFigure({ key: 'calls', value: 1_019_876 })).toBe('1,019,876')
  expect(formatFigure({ key: 'average_duration', value: 244.6 })).toBe('4:05')
})

test('plural uses the singular for one only', () => {
  expect(plural(1, 'call')).toBe('1 call')
  expect(plural(0, 'call')).toBe('0 calls')
  expect(plural(2_000, 'entry', 'entries')).toBe('2,000 entries')
})

test('sizes are written in the largest unit that fits', () => {
  expect(formatBytes(512)).toBe('512 B')
  expect(formatBytes(1_536)).toBe('1.5 kB')
  expect(formatBytes(58_695_680)).toBe('56 MB')
})
