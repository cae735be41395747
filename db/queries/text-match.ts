import { sql, type SQL } from 'drizzle-orm'
import { comparedText, searchWords, type SearchWord } from '../../core/text/search-words.ts'
import { PARTS, TEXT_COLUMNS, WORDS } from '../derived.ts'
import { calls } from '../schema.ts'

/** A search of one of the text indexes. */
export type TextMatch = {
  readonly index: string
  /** An FTS5 query. */
  readonly query: string
  /** The words that a matching call must contain, as JSON, if the index alone is not exact; otherwise null. */
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
  return words === null ? null : matchBeginnings(words)
}

/** A query in which each word may be the beginning of a word. */
export function matchBeginnings(words: readonly SearchWord[]): TextMatch {
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

/** Tests the rows of the index. */
export function matching({ index, query }: TextMatch): SQL {
  return sql`${sql.identifier(index)} MATCH ${query}`
}

/** The rowids of the calls that the index finds, as `found`, followed by the calls. CROSS JOIN keeps this order: one call per match. */
export function callsMatching(match: TextMatch): SQL {
  return sql`(SELECT rowid AS found FROM ${sql.identifier(match.index)} WHERE ${matching(match)}) CROSS JOIN calls ON calls.rowid = found`
}

const HELD = sql.join(
  TEXT_COLUMNS.map((column) => sql`${calls}.${sql.identifier(column)}`),
  sql`, `,
)

/** Returns the words that a matching call must contain; none if the index is exact. */
export function holdsOf({ holds }: TextMatch): readonly SearchWord[] {
  return holds === null ? [] : (JSON.parse(holds) as SearchWord[])
}

/** Conditions on a row of `calls` that the index of parts cannot test. */
export function holding({ holds }: TextMatch): SQL[] {
  return holds === null ? [] : [sql`holds_words(${HELD}, ${holds})`]
}
