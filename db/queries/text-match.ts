import { comparedText, searchWords, type SearchWord } from '../../core/search-words.ts'
import { PARTS, TEXT_COLUMNS, WORDS } from '../derived.ts'
import type { Condition } from './call-filter.ts'

/** A search of one of the text indexes. */
export type TextMatch = {
  readonly index: string
  /** An FTS5 query. */
  readonly query: string
  /** What a matching call must hold, as JSON, where the index alone is not exact; otherwise null. */
  readonly holds: string | null
}

/** Quoting keeps a word from being read as an operator. */
const quoted = (word: string) => `"${word.replaceAll('"', '""')}"`

function joined(parts: readonly string[], operator: 'AND' | 'OR'): string {
  return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(` ${operator} `)})`
}

/** A query in which each word may be the beginning of a word; null where the text restricts nothing. */
export function matchWords(text: string, country: string | null): TextMatch | null {
  const words = searchWords(text, country)
  if (words === null) return null
  const begun = (each: readonly string[]) =>
    joined(
      [...new Set(each)].map((word) => `${quoted(word)}*`),
      'AND',
    )
  const query = [...new Set(words.map(({ anyOf }) => joined(anyOf.map(begun), 'OR')))].join(' AND ')
  return { index: WORDS.name, query, holds: null }
}

/** Characters in an entry of the index of parts. */
const PART = 3
/** A number without its country's code contains no more than this many zeros at its beginning. */
const TRUNK = /^0{1,2}(?=\d{4})/

/** Also finds a number without the trunk prefix, which its international form does not contain. */
function withoutTrunk({ anyOf }: SearchWord): SearchWord {
  const more = anyOf.flatMap((words) =>
    words.length === 1 && TRUNK.test(words[0] ?? '') ? [[(words[0] ?? '').replace(TRUNK, '')]] : [],
  )
  return { anyOf: [...anyOf, ...more] }
}

/** All parts of the words; null where they have none, because they are too short. */
function partsOf(words: readonly string[]): string | null {
  const parts = words.flatMap((word) => {
    const characters = Array.from(comparedText(word))
    return characters.slice(PART - 1).map((_, at) => quoted(characters.slice(at, at + PART).join('')))
  })
  return parts.length === 0 ? null : joined([...new Set(parts)], 'AND')
}

/** A query in which each word may be anywhere; null where no word is long enough for it. */
export function matchParts(text: string, country: string | null): TextMatch | null {
  const words = searchWords(text, country)?.map(withoutTrunk) ?? []
  const queries = words.flatMap(({ anyOf }) => {
    const parts = anyOf.map(partsOf)
    // A short alternative has no parts, so the index cannot exclude any call by this word.
    return parts.some((part) => part === null)
      ? []
      : [
          joined(
            parts.filter((part) => part !== null),
            'OR',
          ),
        ]
  })
  if (queries.length === 0) return null
  return { index: PARTS.name, query: [...new Set(queries)].join(' AND '), holds: JSON.stringify(words) }
}

export function matching({ index, query }: TextMatch): Condition {
  return { text: `${index} MATCH ?`, values: [query] }
}

const HELD = TEXT_COLUMNS.map((column) => `calls.${column}`).join(', ')

/** Conditions on a row of `calls` that the index of parts cannot test. */
export function holding({ holds }: TextMatch): Condition[] {
  if (holds === null) return []
  return [{ text: `holds_words(${HELD}, ?)`, values: [holds] }]
}
