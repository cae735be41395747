import { withoutInvisible } from './invisible-characters.ts'
import { PLAIN_LETTERS } from './plain-letters.ts'

/** Sorts after every character of a name. */
const AFTER = '\u{10FFFD}'
/** Sorts before every character of a name. */
const BEFORE = '\u0001'

/** Letters that sort like another letter, unless the language has a place for them. */
const BASE: Readonly<Record<string, string>> = { ...PLAIN_LETTERS, ς: 'σ' }

/**
 * Letters that sort as separate letters after another letter: in "c č", every name with č sorts after all names with c and before d. Letters
 * joined by "=" have the same place. The tables are those of CLDR, reduced to letters of names; a test compares them with `Intl.Collator`.
 * They are part of the code because keys are stored: a key must be the same on every device, for any release of CLDR.
 */
const ROOT = ['i ı', 'z þ', 'г ґ', 'е є', 'и і ї й']
const OWN_LETTERS: Readonly<Record<string, readonly string[]>> = {
  cs: ['c č', 'h ch', 'r ř', 's š', 'z ž'],
  da: ['z æ=ä ø=ö=ő å=aa'],
  es: ['n ñ'],
  et: ['s š z ž', 'w õ ä ö ü'],
  fi: ['z å ä=æ ö=ø'],
  hr: ['c č ć', 'd dž đ', 'l lj', 'n nj', 's š', 'z ž'],
  hu: ['c cs', 'd dz dzs', 'g gy', 'l ly', 'n ny', 'o ö=ő', 's sz', 't ty', 'u ü=ű', 'z zs'],
  is: ['a á', 'd ð', 'e é', 'i í', 'o ó', 'u ú', 'y ý', 'z þ æ=ä ö=ø å'],
  lt: ['c č', 's š', 'z ž'],
  lv: ['c č', 'g ģ', 'i y', 'k ķ', 'l ļ', 'n ņ', 's š', 'z ž'],
  nb: ['z æ=ä ø=ö=ő å=aa'],
  pl: ['a ą', 'c ć', 'e ę', 'l ł', 'n ń', 'o ó', 's ś', 'z ź ż'],
  ro: ['a ă â', 'i î', 's ș=ş', 't ț=ţ'],
  sk: ['a ä', 'c č', 'h ch', 'o ô', 'r ř', 's š', 'z ž'],
  sl: ['c č ć', 'd đ', 's š', 'z ž'],
  sq: ['c ç', 'd dh', 'e ë', 'g gj', 'l ll', 'n nj', 'r rr', 's sh', 't th', 'x xh', 'z zh'],
  sv: ['z å ä=æ ö=ø'],
  tr: ['c ç', 'g ğ', 'h ı', 'o ö', 's ş', 'u ü'],
  vi: ['a ă â', 'd đ', 'e ê', 'o ô ơ', 'u ư'],
}
/** Letters that a language sorts like another letter with an accent. */
const LIKE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  da: { ü: 'y' },
  fi: { ü: 'y' },
  lt: { y: 'i' },
  nb: { ü: 'y' },
  sv: { ü: 'y' },
}
/** Scripts that sort before Latin in languages that use them. */
const GREEK = /\p{Script=Greek}/gu
const CYRILLIC = /\p{Script=Cyrillic}/gu
const OWN_SCRIPT: Readonly<Record<string, RegExp>> = {
  be: CYRILLIC,
  bg: CYRILLIC,
  el: GREEK,
  mk: CYRILLIC,
  ru: CYRILLIC,
  sr: CYRILLIC,
  uk: CYRILLIC,
}
const SAME_AS: Readonly<Record<string, string>> = { no: 'nb', nn: 'nb', bs: 'hr' }

type Rule = { readonly places: ReadonlyMap<string, string>; readonly pattern: RegExp; readonly ownScript: RegExp | undefined }

function makeRule(language: string): Rule {
  const places = new Map([...Object.entries(BASE), ...Object.entries(LIKE[language] ?? {})])
  const add = (groups: readonly string[], first: number) => {
    for (const group of groups) {
      const [base = '', ...own] = group.split(' ')
      for (const [position, letters] of own.entries())
        for (const letter of letters.split('=')) places.set(letter, `${base}${AFTER}${String.fromCodePoint(first + position)}`)
    }
  }
  add(ROOT, 0x61)
  add(OWN_LETTERS[language] ?? [], 0x30)
  // The longest come first, so that "dzs" is not read as "dz" and "s".
  const keys = [...places.keys()].toSorted((a, b) => b.length - a.length)
  return { places, pattern: new RegExp(`(?:${keys.join('|')})(?!\\p{M})|[^]`, 'gu'), ownScript: OWN_SCRIPT[language] }
}

const rules = new Map<string, Rule>()

function ruleOf(language: string): Rule {
  let rule = rules.get(language)
  if (rule === undefined) rules.set(language, (rule = makeRule(language)))
  return rule
}

const languages = new Map<string, string>()

/** Returns the main language of a country (ISO 3166-1 alpha-2); '' for null or an unknown country. */
export function languageOfCountry(country: string | null): string {
  if (country === null) return ''
  let language = languages.get(country)
  if (language === undefined) {
    language = likelyLanguage(country)
    languages.set(country, language)
  }
  return language
}

function likelyLanguage(country: string): string {
  try {
    const { language } = new Intl.Locale('und', { region: country }).maximize()
    return SAME_AS[language] ?? language
  } catch {
    return ''
  }
}

/** Text of only English letters, digits and spaces. Its key is the text in lower case. */
const SIMPLE = /^[A-Za-z0-9]+(?: [A-Za-z0-9]+)*$/

/**
 * Returns a key whose order, by code points, is the order of names in a language. Accents decide only between names that are otherwise equal
 * ("Ä" is next to "A"), except for letters that the language sorts as separate letters. Spaces sort before punctuation, then digits, then
 * letters. Names that differ only in case have the same key. No key is empty.
 * @param language ISO 639-1, as `languageOfCountry` returns it.
 */
export function nameKey(name: string, language: string): string {
  if (SIMPLE.test(name) && OWN_LETTERS[language] === undefined) return name.toLowerCase()
  const { places, pattern, ownScript } = ruleOf(language)
  const isTurkic = language === 'tr'
  const visible = withoutInvisible(name).normalize('NFC').trim().replaceAll(/\s+/gu, ' ')
  const lower = (isTurkic ? visible.replaceAll('I', 'ı').replaceAll('İ', 'i') : visible).toLowerCase().normalize('NFC')
  const placed = lower.replaceAll(pattern, (part) => places.get(part) ?? placeOf(part, places))
  const primary = ownScript === undefined ? placed : placed.replaceAll(ownScript, ':$&')
  return placed === lower && primary !== '' ? primary : `${primary}${BEFORE}${lower}`
}

function placeOf(character: string, places: Rule['places']): string {
  if (/[\p{P}\p{S}]/u.test(character)) return `!${character}`
  if (!/[\p{L}\p{M}]/u.test(character)) return character
  const base = character.normalize('NFD').replaceAll(/\p{M}/gu, '')
  return Array.from(base, (letter) => places.get(letter) ?? letter).join('')
}

/** Compares two names by the rules of a language, or by rules that are common to most languages. */
export function compareNames(a: string, b: string, language = ''): number {
  return byKey(nameKey(a, language), nameKey(b, language))
}

const byKey = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Returns records sorted by name. Records with equal names keep their order. */
export function sortedByName<T extends { readonly name: string }>(records: readonly T[], language: string): T[] {
  const keyed = records.map((record) => ({ record, key: nameKey(record.name, language) }))
  return keyed.toSorted((a, b) => byKey(a.key, b.key)).map(({ record }) => record)
}
