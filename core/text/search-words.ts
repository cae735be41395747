import { withoutInvisible } from './invisible-characters.ts'
import { otherSpellings, SEARCHED_WORD, withoutMarks } from './other-spellings.ts'
import { digitsOf } from './digit-value.ts'
import { phoneSearchPrefixes } from './phone-number.ts'

/**
 * A condition on the words of a call: it must have all words of one of the alternatives in `anyOf`. "o’brien" matches the words "o" and
 * "brien", or the word "obrien". `isWhole`: a word that only begins like this one does not count, because the rest of an e-mail address follows.
 */
export type SearchWord = { readonly anyOf: readonly (readonly string[])[]; readonly isWhole?: true }

/** An e-mail address or its beginning. */
const ADDRESS = /[^\s@]+@[^\s@]*/gu

/** Groups of digits with only separators between them, as people type a phone number. */
const NUMBER = /(?<![\p{L}\p{M}\p{N}])[+\uFF0B]?[(\s]*\p{Nd}(?:[\s()./\u2010-\u2015-]*\p{Nd})*(?![\p{L}\p{M}\p{N}])/gu
/** A word of the text index. Marks other than these accents separate words there. */
const INDEXED_WORD = /[\u0300-\u036f]*[\p{L}\p{N}\p{Co}][\p{L}\p{N}\p{Co}\u0300-\u036f]*/gu

function unique(alternatives: readonly (readonly string[])[]): SearchWord {
  const byText = new Map(alternatives.filter((words) => words.length > 0).map((words) => [words.join(' '), words]))
  return { anyOf: [...byText.values()] }
}

/** Returns the digits as one number in all its forms, or as separate groups. */
function numberWords(typed: string, country: string | null): readonly SearchWord[] {
  const whole = phoneSearchPrefixes(typed, country).map((prefix) => [prefix])
  const groups = typed.match(/\p{Nd}+/gu) ?? []
  if (groups.length < 2) return [unique(whole)]
  return [unique([groups.map(digitsOf), ...whole])]
}

/** All words of an address are complete but the last one. */
function addressWords(typed: string): readonly SearchWord[] {
  const words = Array.from(typed.matchAll(SEARCHED_WORD), ([word]) => letterWords(word)).filter(({ anyOf }) => anyOf.length > 0)
  return words.map((word, place) => (place === words.length - 1 ? word : { ...word, isWhole: true }))
}

function letterWords(typed: string): SearchWord {
  const inner = typed.match(INDEXED_WORD) ?? []
  return unique([inner, ...otherSpellings(typed).map((spelling) => [spelling])])
}

/**
 * Returns the conditions of a typed search. A call must meet all of them. Returns null if the text has no letter or digit, so that it does
 * not restrict the list: a person who has typed "+" will type a number.
 * @param country the client's default country for phone numbers, ISO 3166-1 alpha-2, or null.
 */
export function searchWords(text: string, country: string | null): readonly SearchWord[] | null {
  const visible = withoutInvisible(text).normalize('NFC')
  const words: SearchWord[] = []
  const withoutAddresses = visible.replaceAll(ADDRESS, (typed) => {
    words.push(...addressWords(typed))
    return ' '
  })
  const rest = withoutAddresses.replaceAll(NUMBER, (typed) => {
    words.push(...numberWords(typed, country))
    return ' '
  })
  words.push(...Array.from(rest.matchAll(SEARCHED_WORD), ([typed]) => letterWords(typed)).filter(({ anyOf }) => anyOf.length > 0))
  return words.length === 0 ? null : words
}

const NOT_ASCII = /[\u0080-\u{10FFFF}]/u

/** Returns a text in lower case and without accents, for a comparison with words that may be anywhere in it. */
export function comparedText(text: string): string {
  const lower = text.toLowerCase()
  return NOT_ASCII.test(lower) ? withoutMarks(lower) : lower
}

/** Returns a test whether a text contains all words, anywhere. */
export function textTest(words: readonly SearchWord[]): (text: string) => boolean {
  const compared = words.map(({ anyOf }) => anyOf.map((each) => each.map(comparedText)))
  return (text) => {
    const searched = comparedText(text)
    return compared.every((anyOf) => anyOf.some((each) => each.every((word) => searched.includes(word))))
  }
}

/** Returns a function that tests whether a text has words that begin with all of these, as the index of the beginnings of words does. */
export function beginningTest(words: readonly SearchWord[]): (text: string) => boolean {
  const compared = words.map(({ anyOf, isWhole = false }) => ({ anyOf: anyOf.map((each) => each.map(comparedText)), isWhole }))
  return (text) => {
    const lower = text.toLowerCase()
    const isPlain = !NOT_ASCII.test(lower)
    // Most texts do not contain the words at all, and splitting a text costs more than finding that out.
    if (isPlain && !compared.every(({ anyOf }) => anyOf.some((each) => each.every((word) => lower.includes(word))))) return false
    const found = lower.match(INDEXED_WORD) ?? []
    const indexed = isPlain ? found : found.map(withoutMarks)
    return compared.every(({ anyOf, isWhole }) => {
      const isFound = (word: string) => indexed.some((other) => (isWhole ? other === word : other.startsWith(word)))
      return anyOf.some((each) => each.every(isFound))
    })
  }
}
