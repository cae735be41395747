import { expect, test } from 'vitest'
import { searchWords } from './search-words.ts'
import { textMarks, type SearchedTexts } from './text-marks.ts'

const NO_TEXTS = { name: '', email: null, phone: null, notes: null }

/** The texts with brackets around what is marked. */
function marked(search: string, given: Partial<SearchedTexts>, country: string | null = 'DE'): string {
  const texts = { ...NO_TEXTS, ...given }
  const marks = textMarks(texts, searchWords(search, country) ?? [], country)
  return (['name', 'email', 'phone', 'notes'] as const)
    .map((field) =>
      marks[field]
        .toReversed()
        .reduce((text, { from, to }) => `${text.slice(0, from)}[${text.slice(from, to)}]${text.slice(to)}`, texts[field] ?? ''),
    )
    .filter((text) => text !== '')
    .join(' | ')
}

test.each([
  ['jose', 'José Meyer', '[José] Meyer'],
  ['jose', 'Jose\u0301 Meyer', '[Jose\u0301] Meyer'],
  ['muller', 'Jürgen Müller', 'Jürgen [Müller]'],
  ['mueller', 'Jürgen Müller', 'Jürgen [Müller]'],
  ['mue', 'Müller', '[Mü]ller'],
  ['müller', 'Jo Mueller', 'Jo [Mueller]'],
  ['strasse', 'Anna Straße', 'Anna [Straße]'],
  ['lukasz', 'Łukasz', '[Łukasz]'],
  ['obrien', 'Pat O’Brien', 'Pat [O’Brien]'],
  ["o'brien", 'Pat O’Brien', 'Pat [O’Brien]'],
  ['ann mey', 'Anna Meyer', '[Ann]a [Mey]er'],
  ['anna', 'Hanna Anna', 'Hanna [Anna]'],
  ['nna', 'Hanna', 'Ha[nna]'],
  ['scmidt', 'Anna Schmidt', 'Anna [Schmidt]'],
  ['😀', 'Anna', 'Anna'],
])('%j marks %j', (search, name, expected) => {
  expect(marked(search, { name })).toBe(expected)
})

test.each([
  ['030 5551', '030 5551234', '[030 5551]234'],
  ['0305551', '+49 30 5551234', '+[49 30 5551]234'],
  ['+49305551', '030/5551234', '[030/5551]234'],
  ['0049305551234', '(030) 555-1234', '([030) 555-1234]'],
  ['5551234', '030 5551234', '030 [5551234]'],
  ['555', '030 5551234', '030 [555]1234'],
])('the number %j marks %j', (search, phone, expected) => {
  expect(marked(search, { phone })).toBe(expected)
})

test('each word is marked where it begins a word; elsewhere only if no word begins like it', () => {
  const texts = { name: 'Anna Bauer', email: 'anna@auer.test', notes: 'wants a bauer quote' }
  expect(marked('auer', texts)).toBe('Anna Bauer | anna@[auer].test | wants a bauer quote')
  expect(marked('anna quote', texts)).toBe('[Anna] Bauer | [anna]@auer.test | wants a bauer [quote]')
  expect(marked('anna@auer.te', texts)).toBe('[Anna] Bauer | [anna]@[auer].[te]st | wants a bauer quote')
  expect(marked('xyz', texts)).toBe('Anna Bauer | anna@auer.test | wants a bauer quote')
})
