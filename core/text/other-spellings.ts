import { withoutInvisible } from './invisible-characters.ts'
import { PLAIN_LETTERS } from './plain-letters.ts'

const PLAIN: Readonly<Record<string, string>> = { ...PLAIN_LETTERS, þ: 'th', ı: 'i', ŋ: 'n', ĸ: 'k' }
/** Letters that can also be written as two letters. */
const IN_TWO: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa', ø: 'oe', đ: 'dj' }

const letters = (table: Readonly<Record<string, string>>) => new RegExp(`[${Object.keys(table).join('')}]`, 'gu')
const PLAIN_LETTER = letters(PLAIN)
const IN_TWO_LETTER = letters(IN_TWO)

/** A word as a person reads it. Here an apostrophe is part of a word; in the text index it separates words. */
export const SEARCHED_WORD = /[\p{L}\p{M}\p{N}\p{Co}]+(?:['’ʼ`´][\p{L}\p{M}\p{N}\p{Co}]+)*/gu
const APOSTROPHE = /['’ʼ`´]/gu
/** A text in which no word has another spelling. Most texts match. */
const PLAIN_TEXT = /^[^'`\u0080-\u{10FFFF}]*$/u

export const withoutMarks = (word: string) => word.normalize('NFD').replaceAll(/\p{M}/gu, '')
/** Returns a lower-case word with plain letters: "łukasz" is "lukasz", "straße" is "strasse". */
export const plainSpelling = (word: string) => withoutMarks(word.replaceAll(PLAIN_LETTER, (letter) => PLAIN[letter] ?? letter))
/** As `plainSpelling`, with two letters for one where that is usual: "müller" is "mueller". */
export const spellingInTwo = (word: string) => plainSpelling(word.replaceAll(IN_TWO_LETTER, (letter) => IN_TWO[letter] ?? letter))

/**
 * Returns the other spellings by which the words of a text are searched, lower case and without accents: "Müller" is also "mueller",
 * "Straße" is "strasse", "Łukasz" is "lukasz", "O’Brien" is "obrien". The form without accents is left out, because the text index
 * removes accents itself.
 */
export function otherSpellings(text: string): string[] {
  if (PLAIN_TEXT.test(text)) return []
  const found = new Set<string>()
  const composed = text.normalize('NFC')
  for (const [word] of withoutInvisible(composed).matchAll(SEARCHED_WORD)) {
    // If an invisible character splits a word in the index, the word is not in the composed text.
    if (PLAIN_TEXT.test(word) && composed.includes(word)) continue
    const lower = word.replaceAll(APOSTROPHE, '').toLowerCase().normalize('NFC')
    // The text index splits a word at an invisible character.
    const indexed = composed.includes(word) ? withoutMarks(word.toLowerCase()) : null
    for (const spelling of [plainSpelling(lower), spellingInTwo(lower)])
      if (spelling !== indexed && spelling !== '') found.add(spelling)
  }
  return [...found]
}
