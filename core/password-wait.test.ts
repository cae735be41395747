import { expect, test } from 'vitest'
import { waitAfterFailures } from './password-wait.ts'

test('the wait doubles from the third failure on, and is a quarter of an hour from the tenth on', () => {
  const seconds = Array.from({ length: 12 }, (_, n) => waitAfterFailures(n + 1) / 1_000)
  expect(seconds).toEqual([0, 0, 1, 2, 4, 8, 16, 32, 64, 900, 900, 900])
})
