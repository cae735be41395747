import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseSearch, stringifySearch } from './search-text.ts'

test('texts are read back from the address unchanged', () => {
  const search = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string({ minLength: 1, maxLength: 30, unit: 'binary' }))
  fc.assert(
    fc.property(search, (texts) => {
      expect(parseSearch(stringifySearch(texts))).toEqual({ ...texts })
    }),
  )
})

test('empty values are left out, and lists stay readable', () => {
  expect(stringifySearch({ text: '', statuses: 'completed,no_show', sort: 'eventAt:asc', other: undefined })).toBe(
    '?statuses=completed,no_show&sort=eventAt:asc',
  )
  expect(stringifySearch({})).toBe('')
})
