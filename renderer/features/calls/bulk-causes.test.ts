import { expect, test } from 'vitest'
import { CAUSES, causeText } from './bulk-causes.ts'

test('the English window shows the text of the report', () => {
  for (const english of Object.keys(CAUSES)) expect(causeText(english)).toBe(english)
})

test('a cause that the window does not know stays as it is', () => {
  expect(causeText('Of another release.')).toBe('Of another release.')
})
