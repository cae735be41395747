import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readTarget, targetText } from './target-text.ts'

test.each([
  ['won', '40', 40],
  ['won', ' 1,200 ', 1_200],
  ['won', '0', 0],
  ['won', '', null],
  ['close_rate', '35', 0.35],
  ['close_rate', '35.5 %', 0.355],
  ['close_rate', '35,5', 0.355],
  ['close_rate', '0.1', 0.001],
  ['close_rate', '100', 1],
] as const)('%s: “%s” is %s', (metric, text, value) => {
  expect(readTarget(metric, text)).toEqual({ value })
})

test.each([
  ['won', '-1'],
  ['won', '1.5'],
  ['won', '1,2'],
  ['won', 'many'],
  ['won', '1000001'],
  ['won', '1e3'],
  ['win_rate', '101'],
  ['win_rate', '-3'],
  ['win_rate', 'half'],
] as const)('%s: “%s” is refused', (metric, text) => {
  expect(readTarget(metric, text)).toHaveProperty('problem')
})

test('a saved target is shown in the form in which it can be typed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000 }), (value) => {
      expect(readTarget('won', targetText('won', value))).toEqual({ value })
      expect(readTarget('win_rate', targetText('win_rate', value / 1_000_000))).toEqual({ value: value / 1_000_000 })
    }),
  )
})
