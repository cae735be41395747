import { expect, test } from 'vitest'
import { formatTarget } from './targets.ts'

test('a target has the format of its figure', () => {
  expect(formatTarget('won', 1_200)).toBe('1,200')
  expect(formatTarget('won', 19.6)).toBe('20')
  expect(formatTarget('win_rate', 0.305)).toBe('30.5%')
  expect(formatTarget('win_rate', null)).toBe('—')
})
