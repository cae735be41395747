import { comparedText, type SearchWord } from '../../core/text/search-words.ts'
import { acceptedErrors, typingErrors } from '../../core/text/typing-errors.ts'
import { NAMES } from '../derived.ts'
import type { ReadableDb } from '../open.ts'
import { isBeginning, wordsAmong, wordsBeginning } from './word-list.ts'

/** Words of names with the same first letters that are compared with a typed word. */
const MOST_COMPARED = 5_000
/** Words of names that replace a typed word, the nearest first. */
const MOST_NEAR = 20
/** Letters at the beginning of a word. */
const HEAD = 2

const ALPHABETS = ['abcdefghijklmnopqrstuvwxyz', 'αβγδεζηθικλμνξοπρστυφχψω', 'абвгдежзийклмнопрстуфхцчшщъыьэюя']

/**
 * Returns, for each word of a search, the words of names that differ from it by typing errors; null if there are none. If some words of the
 * search are in no call, only these are taken for errors.
 */
export function nearWords(db: ReadableDb, words: readonly SearchWord[]): readonly (readonly string[])[] | null {
  const typed = words.map(typedForms)
  const isUnknown = words.map((word, place) => typed[place]?.length !== 0 && !isInSomeCall(db, word))
  const hasUnknown = isUnknown.includes(true)
  const near = typed.map((forms, place) => (hasUnknown && isUnknown[place] !== true ? [] : nearForms(db, forms)))
  return near.some(({ length }) => length > 0) ? near : null
}

/** The spellings of a word in which errors are accepted, as the index has them. */
function typedForms({ anyOf }: SearchWord): readonly string[] {
  const forms = anyOf.flatMap((each) => (each.length === 1 ? each.map(comparedText) : []))
  return [...new Set(forms)].filter((form) => acceptedErrors(form) > 0)
}

/** Whether some call has a word that begins like this one. */
function isInSomeCall(db: ReadableDb, { anyOf }: SearchWord): boolean {
  return anyOf.some((words) => words.every((word) => isBeginning(db, word)))
}

function nearForms(db: ReadableDb, forms: readonly string[]): readonly string[] {
  const errors = new Map<string, number>()
  for (const form of forms)
    for (const word of [...sameHead(db, form), ...wordsAmong(db, NAMES, headErrors(form))]) {
      const found = typingErrors(form, word, acceptedErrors(form))
      if (found <= acceptedErrors(form)) errors.set(word, Math.min(found, errors.get(word) ?? Infinity))
    }
  return (
    [...errors]
      // A search for the beginning of a word has found these already.
      .filter(([word]) => !forms.some((form) => word.startsWith(form)))
      .toSorted(([one, few], [other, more]) => few - more || (one < other ? -1 : 1))
      .slice(0, MOST_NEAR)
      .map(([word]) => word)
  )
}

/** Words with the same two letters at their beginning: a short range of the index. */
function sameHead(db: ReadableDb, form: string): string[] {
  const letters = Array.from(form)
  const most = acceptedErrors(form)
  const length = [letters.length - most, letters.length + most] as const
  return wordsBeginning(db, NAMES, letters.slice(0, HEAD).join(''), MOST_COMPARED, length)
}

/** Words that differ by one error in their first two letters. */
function headErrors(form: string): string[] {
  const letters = Array.from(form)
  const alphabet = ALPHABETS.find((each) => each.includes(letters[0] ?? '')) ?? ''
  const found = new Set<string>()
  for (let at = 0; at < HEAD; at++) {
    const [head, tail] = [letters.slice(0, at).join(''), letters.slice(at)]
    for (const letter of alphabet) {
      found.add(`${head}${letter}${tail.join('')}`)
      found.add(`${head}${letter}${tail.slice(1).join('')}`)
    }
    found.add(`${head}${tail.slice(1).join('')}`)
    found.add([head, tail[1], tail[0], ...tail.slice(2)].join(''))
  }
  found.delete(form)
  return [...found]
}
