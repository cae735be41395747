import { plainSpelling, spellingInTwo, withoutMarks } from './other-spellings.ts'
import { digitsOf } from './digit-value.ts'
import { phoneToE164 } from './phone-number.ts'
import { comparedText, type SearchWord } from './search-words.ts'
import { acceptedErrors, typingErrors } from './typing-errors.ts'

/** A part of a text, from `from` up to `to`, in UTF-16 units. */
export type Span = { readonly from: number; readonly to: number }

/** The texts of a call that search reads. */
export type SearchedTexts = {
  readonly name: string
  readonly email: string | null
  readonly phone: string | null
  readonly notes: string | null
}
export type TextMarks = { readonly [Field in keyof SearchedTexts]: readonly Span[] }

/** A text in one spelling, and the place in the original of each of its letters. */
type Spelled = { readonly text: string; readonly places: readonly Span[] }

const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u
const APOSTROPHE = /^['’ʼ`´]$/u
const SPELLINGS = [withoutMarks, plainSpelling, spellingInTwo]

/** A letter with its accents, which may be separate characters. */
const CHARACTERS = /\P{M}\p{M}*|\p{M}+/gu

function spelled(text: string, spell: (letter: string) => string): Spelled {
  let written = ''
  const places: Span[] = []
  for (const { 0: character, index } of text.matchAll(CHARACTERS)) {
    // The index of words separates at an apostrophe; the other spellings leave it out.
    const isLeftOut = APOSTROPHE.test(character) && spell !== withoutMarks
    const letters = isLeftOut ? '' : spell(character.toLowerCase().normalize('NFC'))
    written += letters
    for (let n = 0; n < letters.length; n++) places.push({ from: index, to: index + character.length })
  }
  return { text: written, places }
}

type Find = (spelled: Spelled, word: string, isWhole: boolean) => Span[]

function occurrences({ text, places }: Spelled, word: string, isFound: (from: number, to: number) => boolean): Span[] {
  const found: Span[] = []
  for (let from = text.indexOf(word); from >= 0; from = text.indexOf(word, from + 1)) {
    const to = from + word.length
    const [first, last] = [places[from], places[to - 1]]
    if (first !== undefined && last !== undefined && isFound(from, to)) found.push({ from: first.from, to: last.to })
  }
  return found
}

const isInWord = (text: string, at: number) => LETTER_OR_DIGIT.test(text.charAt(at))

const atBeginnings: Find = (text, word, isWhole) =>
  occurrences(
    text,
    word,
    (from, to) =>
      (from === 0 || !isInWord(text.text, from - 1)) && (!isWhole || to === text.text.length || !isInWord(text.text, to)),
  )

const anywhere: Find = (text, word) => occurrences(text, word, () => true)

const withErrors: Find = ({ text, places }, word) => {
  const most = acceptedErrors(word)
  if (most === 0) return []
  return Array.from(text.matchAll(/[\p{L}\p{N}]+/gu)).flatMap(({ 0: found, index }) => {
    const [first, last] = [places[index], places[index + found.length - 1]]
    const isNear = first !== undefined && last !== undefined && typingErrors(word, found, most) <= most
    return isNear ? [{ from: first.from, to: last.to }] : []
  })
}

/** Marks the digits of a number that its typed beginning covers, whichever form was typed. */
function inPhone(phone: string, words: readonly string[], country: string | null): Span[] {
  const digits = Array.from(phone.matchAll(/\p{Nd}/gu), ({ 0: digit, index }) => ({ from: index, to: index + digit.length }))
  const written = digitsOf(phone)
  const e164 = phoneToE164(phone, country)?.slice(1)
  return words.flatMap((word) => {
    if (!/^\d+$/.test(word)) return []
    const at = written.indexOf(word)
    // The ends of both forms are equal, so the rest after the typed digits is as long in the written form.
    const end = at >= 0 ? at + word.length : e164?.startsWith(word) === true ? written.length - (e164.length - word.length) : 0
    const [first, last] = [digits[Math.max(0, at)], digits[end - 1]]
    return first === undefined || last === undefined ? [] : [{ from: first.from, to: last.to }]
  })
}

/** Returns spans in their order, without overlaps. */
function joined(spans: readonly Span[]): Span[] {
  const found: Span[] = []
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = found.at(-1)
    if (last !== undefined && span.from <= last.to) found[found.length - 1] = { from: last.from, to: Math.max(last.to, span.to) }
    else found.push(span)
  }
  return found
}

const FIELDS = ['name', 'email', 'phone', 'notes'] as const

/**
 * Returns the parts of a call's texts by which a search found it: words that begin like those of the search; if there are none, the word
 * inside others; if there are none either, words that differ by typing errors.
 * @param country the client's default country for phone numbers
 */
export function textMarks(texts: SearchedTexts, words: readonly SearchWord[], country: string | null): TextMarks {
  const spellings = new Map(FIELDS.map((field) => [field, SPELLINGS.map((spell) => spelled(texts[field] ?? '', spell))]))
  const found: Record<keyof SearchedTexts, Span[]> = { name: [], email: [], phone: [], notes: [] }
  for (const { anyOf, isWhole = false } of words) {
    const forms = [...new Set(anyOf.flat().map(comparedText))]
    if (texts.phone !== null) found.phone.push(...inPhone(texts.phone, forms, country))
    for (const find of [atBeginnings, anywhere, withErrors]) {
      const spans = FIELDS.map((field) => {
        const inField = spellings.get(field) ?? []
        return [field, inField.flatMap((text) => forms.flatMap((form) => find(text, form, isWhole)))] as const
      })
      for (const [field, some] of spans) found[field].push(...some)
      if (found.phone.length > 0 || spans.some(([, some]) => some.length > 0)) break
    }
  }
  return { name: joined(found.name), email: joined(found.email), phone: joined(found.phone), notes: joined(found.notes) }
}
