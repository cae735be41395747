import { expect, test } from 'vitest'
import { digitsOf } from './digit-value.ts'

test('digits of other scripts are converted', () => {
  expect(digitsOf('٠٣٠-٥٥٥ ۱۲ ３ 𝟏𝟐')).toBe('03055512312')
})
