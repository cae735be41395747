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
  ['IŞIK', 'Işık'],
  ['IŞIK', 'işik'],
  ['İbrahim', 'ibrahim'],
  ['İBRAHİM', 'IBRAHIM'],
  ['ΓΙΩΡΓΟΣ', 'Γιώργος'],
  ['ΜΑΪΟΣ', 'Μάιος'],
  ['\u0132sbrand', 'IJSBRAND'],
  ['Ben\u200b', 'Ben'],
  ['\ufeffBen Adams', 'Ben Adams'],
  ['Ben\u00ad Ad\u200dams', 'ben adams'],
  ['\u202aBen\u202c', 'Ben'],
  ['Be\u0007n', 'Ben'],
  ['ben@acme.test\u200e', 'ben@acme.test'],
  ['\uff22\uff45\uff4e', 'Ben'],
])('%j and %j have the same key', (one, other) => {
  expect(uniqueKey(one)).toBe(uniqueKey(other))
})

test.each([
  ['Price', 'Prize'],
  ['José', 'Jose'],
  ['Jürgen', 'Jurgen'],
  ['山田', '山口'],
  ['a b', 'ab'],
])('%j and %j have different keys', (one, other) => {
  expect(uniqueKey(one)).not.toBe(uniqueKey(other))
})

test('the key of a key is the key; Unicode form and surrounding spaces do not change a key', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const key = uniqueKey(text)
      expect(uniqueKey(key)).toBe(key)
      expect(uniqueKey(text.normalize('NFD'))).toBe(key)
      expect(uniqueKey(` ${text}\n`)).toBe(key)
    }),
    { numRuns: 2_000 },
  )
})

test('invisible characters anywhere in a name do not change its key', () => {
  const invisible = fc.constantFrom(
    '\u00ad',
    '\u200b',
    '\u200c',
    '\u200d',
    '\u200e',
    '\u2060',
    '\ufe0f',
    '\ufeff',
    '\u061c',
    '\u0000',
  )
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...'a Ä ß ı İ Σ ς é 漢'.split(' ')), fc.option(invisible, { nil: '' }))),
      (parts) => {
        const plain = parts.map(([letter]) => letter).join('')
        expect(uniqueKey(parts.map(([letter, mark]) => letter + mark).join(''))).toBe(uniqueKey(plain))
      },
    ),
  )
})

test('upper and lower case by the rules of any language do not change a key', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('tr', 'az', 'el', 'lt', 'de', 'nl', 'ga'),
      fc.string({ unit: fc.constantFrom(...'a b c i ı İ I j ß ë é ş ğ ü ó ώ ΐ ς σ μ ij'.split(' '), ' ') }),
      (language, name) => {
        expect(uniqueKey(name.toLocaleUpperCase(language))).toBe(uniqueKey(name))
        expect(uniqueKey(name.toLocaleLowerCase(language))).toBe(uniqueKey(name))
      },
    ),
    { numRuns: 1_000 },
  )
})

test('values that are equal in SQLite (NOCASE) have the same key', () => {
  const flipped = (text: string) =>
    text.replaceAll(/[A-Za-z]/g, (letter) => (letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase()))
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(uniqueKey(flipped(text))).toBe(uniqueKey(text))
    }),
  )
})
