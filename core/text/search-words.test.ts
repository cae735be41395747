import { expect, test } from 'vitest'
import { otherSpellings } from './other-spellings.ts'
import { beginningTest, searchWords, textTest } from './search-words.ts'

test.each([
  ['Müller', ['mueller']],
  ['Straße', ['strasse']],
  ['Łukasz', ['lukasz']],
  ['Søren Ærø', ['soren', 'soeren', 'aero', 'aeroe']],
  ['Ångström', ['aangstroem']],
  ['O’Brien', ['obrien']],
  ["d'Arc", ['darc']],
  ['Işık', ['isik']],
  ['Mül\u00adler', ['muller', 'mueller']],
  ['Mu\u0308ller', ['mueller']],
  ['José', []],
  ['Anna Meyer 12', []],
  ['山田', []],
])('%j is also spelled %j', (text, spellings) => {
  expect(otherSpellings(text)).toEqual(spellings)
})

const words = (text: string, country: string | null = null) =>
  searchWords(text, country)?.map(({ anyOf }) => anyOf.map((each) => each.join(' ')))

test('a search has words with their other spellings, and numbers in all their forms', () => {
  expect(words('anna müller')).toEqual([['anna'], ['müller', 'mueller']])
  expect(words('O’Brien')).toEqual([['O Brien', 'obrien']])
  expect(words('030 5551234', 'DE')).toEqual([['030 5551234', '0305551234', '49305551234']])
  expect(words('0305551234', 'DE')).toEqual([['0305551234', '49305551234']])
  expect(words('+49305551234')).toEqual([['49305551234']])
  expect(words('0049 30 5551234')?.[0]).toContain('49305551234')
  expect(words('anna73')).toEqual([['anna73']])
  expect(words('anna 73')).toEqual([['73'], ['anna']])
  expect(searchWords('+', null)).toBeNull()
  expect(searchWords(' \u200b- ', null)).toBeNull()
})

test('the words of an address are complete, but the last one', () => {
  const whole = (text: string) => searchWords(text, null)?.map(({ anyOf, isWhole }) => [anyOf[0]?.[0], isWhole === true])
  expect(whole('anna.meyer7@example.com')).toEqual([
    ['anna', true],
    ['meyer7', true],
    ['example', true],
    ['com', false],
  ])
  expect(whole('meyer@')).toEqual([['meyer', false]])
  expect(whole('anna@exa meyer')).toEqual([
    ['anna', true],
    ['exa', false],
    ['meyer', false],
  ])
})

test.each([
  ['auer', 'Bauer', true],
  ['AUER', 'bäuer', true],
  ['auer', 'Bau er', false],
  ['nna auer', 'Anna Neubauer', true],
  ['nna auer', 'Anna Meyer', false],
  ['strasse', 'Hauptstraße hauptstrasse', true],
])('a search for %j in %j gives %s', (text, held, found) => {
  expect(textTest(searchWords(text, null) ?? [])(held)).toBe(found)
})

test.each([
  ['auer', 'Bauer', false],
  ['ba', 'Anna Bauer', true],
  ['bauer ann', 'Anna Bauer', true],
  ['muller', 'Jürgen Müller', true],
  ["o'br", 'Pat O’Brien', true],
  ['o’b', 'obrecht', true],
  ['555', '+49 30 5551234', true],
  ['anna.b', 'anna.berg@acme.test', true],
  ['erg', 'anna.berg@acme.test', false],
  ['anna@acme', 'anna@acmelabs.test', true],
  ['anna@acme', 'annabel@acme.test', false],
])('whether words begin with %j in %j: %s', (text, searched, isFound) => {
  expect(beginningTest(searchWords(text, null) ?? [])(searched)).toBe(isFound)
})
