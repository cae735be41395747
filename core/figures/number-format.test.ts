import { expect, test } from 'vitest'
import { NONE, numberFormat } from './number-format.ts'

test('the digits have the format of the locale, the words are English', () => {
  const german = numberFormat('de')
  expect(german.count(1_019_876)).toBe('1.019.876')
  expect(german.share(0.268_41)).toBe('26,8\u00a0%')
  expect(german.change({ kind: 'points', value: -0.0312 })).toBe('−3,1 points')
  expect(german.change({ kind: 'relative', value: -0.0882 })).toBe('−8,8\u00a0%')
  expect(numberFormat('en').change({ kind: 'relative', value: 0.119 })).toBe('+11.9%')
  expect(numberFormat('en').change({ kind: 'relative', value: 0 })).toBe('0.0%')
  expect(german.plural(2_000, 'call')).toBe('2.000 calls')
  expect(german.totalDuration(6_278_211)).toBe('1.743 h 57 min')
  expect(german.age(12_000 * 86_400_000)).toBe('12.000 days')
})

test('the words of values can be those of another language', () => {
  const german = numberFormat('de', {
    points: (shown) => `${shown} Punkte`,
    isNew: () => 'neu',
    hoursAndMinutes: (hours, minutes) => `${hours} Std. ${minutes} Min.`,
    age: (unit, n, shown) => `${shown} × ${unit}, ${n}`,
    lessThanAMinute: () => 'unter einer Minute',
  })
  expect(german.change({ kind: 'points', value: -0.0312 })).toBe('−3,1 Punkte')
  expect(german.change({ kind: 'new' })).toBe('neu')
  expect(german.totalDuration(6_278_211)).toBe('1.743 Std. 57 Min.')
  expect(german.age(12_000 * 86_400_000)).toBe('12.000 × day, 12000')
  expect(german.age(59_999)).toBe('unter einer Minute')
})

test('a rate without a denominator is a dash and never 0 %', () => {
  expect(numberFormat('en').share(null)).toBe(NONE)
  expect(numberFormat('en').figure({ key: 'show_rate', value: null })).toBe(NONE)
})

test.each(['ar-EG', 'fa', 'hi-u-nu-deva', 'my'])('%s has the digits 0 to 9', (locale) => {
  expect(numberFormat(locale).count(1_234_567)).toMatch(/^[\d\p{P}\p{Zs}]+$/u)
  expect(numberFormat(locale).count(7)).toBe('7')
})

test.each(['', 'no such locale', 'xx-yy-zz-!!'])('%j counts as English', (locale) => {
  expect(numberFormat(locale).count(1_234)).toBe('1,234')
})
