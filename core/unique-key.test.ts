import fc from 'fast-check'
import { expect, test } from 'vitest'
import { uniqueKey } from './unique-key.ts'

test.each([
  ['Ada@ACME.test', ' ada@acme.test '],
  ['ÄÖÜ', 'äöü'],
  ['Caf\u00e9', 'CAFE\u0301'],
  ['Straße', 'STRASSE'],
  ['ΟΔΟΣ', 'οδος'],
  ['Too  far\u00a0away', 'too far away'],
  ['БОЛЬШАЯ', 'большая'],
  ['\ufb01nance', 'FINANCE'],
])('%j and %j are one name', (one, other) => {
  expect(uniqueKey(one)).toBe(uniqueKey(other))
})

test.each([
  ['Price', 'Prize'],
  ['José', 'Jose'],
  ['Sıla', 'Sila'],
  ['山田', '山口'],
  ['a b', 'ab'],
])('%j and %j are two', (one, other) => {
  expect(uniqueKey(one)).not.toBe(uniqueKey(other))
})

test('the key of a key is the key itself; normal form and surrounding spaces do not change a key', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const key = uniqueKey(text)
      expect(uniqueKey(key)).toBe(key)
      expect(uniqueKey(text.normalize('NFD'))).toBe(key)
      expect(uniqueKey(` ${text}\n`)).toBe(key)
    }),
    { numRuns: 300 },
  )
})

test('values that SQLite compares as equal (NOCASE) have one key', () => {
  const flipped = (text: string) =>
    text.replaceAll(/[A-Za-z]/g, (letter) => (letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase()))
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(uniqueKey(flipped(text))).toBe(uniqueKey(text))
    }),
  )
})
