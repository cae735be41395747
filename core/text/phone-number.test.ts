import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isContactLink } from './contact-link.ts'
import { dialAddress, phoneSearchPrefixes, phoneSearchTerms, phoneToE164 } from './phone-number.ts'

test.each([
  ['+49 30 5551234', null, '+49305551234'],
  ['+49 30 5551234', 'US', '+49305551234'],
  ['030 5551234', 'DE', '+49305551234'],
  ['0305551234', 'DE', '+49305551234'],
  ['(030) 555-1234', 'DE', '+49305551234'],
  ['030/5551234', 'DE', '+49305551234'],
  ['+49 (0)30 5551234', 'DE', '+49305551234'],
  ['0049 30 5551234', 'DE', '+49305551234'],
  ['tel:+49-30-5551234', null, '+49305551234'],
  ['\u202a+49 30 5551234\u202c', null, '+49305551234'],
  ['＋４９ ３０ ５５５１２３４', null, '+49305551234'],
  ['030 5551234 ext. 12', 'DE', '+49305551234'],
  ['(212) 555-0100', 'US', '+12125550100'],
  ['06 1234 5678', 'IT', '+390612345678'],
])('%j in %s is %s', (typed, country, e164) => {
  expect(phoneToE164(typed, country)).toBe(e164)
})

test.each([
  ['030 5551234', null],
  ['ask Ben', 'DE'],
  ['call 030 5551234', 'DE'],
  ['1', 'DE'],
  ['+999 123', 'DE'],
  ['030 5551234 / 0171 5551234', 'DE'],
  ['', 'DE'],
  ['030 5551234', 'ZZ'],
])('%j in %s is not a certain number', (typed, country) => {
  expect(phoneToE164(typed, country)).toBeNull()
})

const DIGITS = fc.stringMatching(/^[2-9]\d{6,7}$/)
const AREA = fc.constantFrom('30', '40', '89', '221')
const SEPARATOR = fc.constantFrom('', ' ', '-', '/', ' / ')
/** Returns the common ways to write a German number. */
const written = (area: string, number: string, separator: string) => [
  `+49${separator === '/' || separator === ' / ' ? ' ' : separator}${area}${separator}${number}`,
  `0${area}${separator}${number}`,
  `(0${area}) ${number}`,
  `0049 ${area}${separator}${number}`,
]

test('a number is found by the beginning of any way to write it', () => {
  fc.assert(
    fc.property(AREA, DIGITS, SEPARATOR, SEPARATOR, fc.nat(), (area, number, one, other, cut) => {
      for (const stored of written(area, number, one)) {
        const terms = phoneSearchTerms(stored, phoneToE164(stored, 'DE'))
        for (const typed of written(area, number, other)) {
          // The beginning has the area code and a part of the number.
          const least = typed.length - number.length + 3
          const beginning = typed.slice(0, least + (cut % (typed.length - least + 1)))
          const prefixes = phoneSearchPrefixes(beginning, 'DE')
          expect(
            prefixes.some((prefix) => terms.some((term) => term.startsWith(prefix))),
            `${beginning} finds ${stored}`,
          ).toBe(true)
        }
      }
    }),
    { numRuns: 100 },
  )
})

test('a number does not find another number', () => {
  fc.assert(
    fc.property(AREA, DIGITS, DIGITS, SEPARATOR, (area, number, another, separator) => {
      fc.pre(!another.startsWith(number))
      for (const stored of written(area, another, separator)) {
        const terms = phoneSearchTerms(stored, phoneToE164(stored, 'DE'))
        for (const typed of written(area, number, separator))
          expect(phoneSearchPrefixes(typed, 'DE').some((prefix) => terms.some((term) => term.startsWith(prefix)))).toBe(false)
      }
    }),
    { numRuns: 100 },
  )
})

test.each([
  ['+49 30 5551234', null, 'tel:+49305551234'],
  ['030 5551234', 'DE', 'tel:+49305551234'],
  ['030 5551234', null, 'tel:0305551234'],
  ['(030) 555-1234', null, 'tel:0305551234'],
  ['112', null, 'tel:112'],
  ['٠٣٠ ٥٥٥١٢٣٤', null, 'tel:0305551234'],
  ['ask for Jo', null, null],
  ['12', null, null],
  ['030 5551234 or mail', null, null],
  ['javascript:1', null, null],
])('dials %j (%s) with %s', (typed, country, address) => {
  expect(dialAddress(typed, country)).toBe(address)
})

test('every dialled address may be opened, and nothing else', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[+(]?[0-9 ()./-]{1,25}$/)), (typed) => {
      const address = dialAddress(typed, 'DE')
      if (address !== null) expect(isContactLink(address)).toBe(true)
    }),
  )
  for (const other of [
    'tel:',
    'tel:12',
    'tel:+49;phone-context=x',
    'tel:123\n',
    'sip:1234',
    'TEL:1234',
    'tel://1234',
    'https://tel:1234',
  ])
    expect(isContactLink(other)).toBe(false)
})
