import { sql, type SQL } from 'drizzle-orm'
import { comparedText, type SearchWord } from '../../core/text/search-words.ts'
import { PARTS, TEXT_COLUMNS, type WordIndex } from '../derived.ts'
import { calls } from '../schema.ts'
import { listedIn } from './call-filter.ts'

type IndexQuery = {
  readonly index: string
  /** An FTS5 query. */
  readonly query: string
}

/** `rowids`: the rowids that the query finds, if they are few; null: not read. */
type IndexMatch = IndexQuery & { readonly rowids: readonly number[] | null }

/** A search of one of the text indexes. */
export type TextMatch = IndexMatch & {
  /** The words that a matching call must contain, as JSON, if the index alone is not exact; otherwise null. */
  readonly holds: string | null
  /** Searches whose calls are left out. */
  readonly without: readonly IndexMatch[]
}

/** Quoting keeps a word from being read as an operator. */
const quoted = (word: string) => `"${word.replaceAll('"', '""')}"`

function joined(parts: readonly string[], operator: 'AND' | 'OR'): string {
  return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(` ${operator} `)})`
}

/**
 * Returns the words of an index that begin like a word; null: FTS5 is to find them. `db/queries/word-list.ts` reads them, because FTS5 reads all
 * calls of all words with a long beginning before it returns the first one.
 */
export type Beginnings = (index: WordIndex, word: string) => readonly string[] | null

/** @param near further spellings of a condition, which must be whole words */
function wordQuery({ anyOf, isWhole }: SearchWord, beginning: (word: string) => string, near: readonly string[] = []): string {
  const each = isWhole === true ? quoted : beginning
  const alternatives = anyOf.map((words) => joined([...new Set(words)].map(each), 'AND'))
  return joined([...alternatives, ...near.map(quoted)], 'OR')
}

const allOf = (queries: readonly string[]) => [...new Set(queries)].join(' AND ')

const found = ({ name }: WordIndex, query: string): TextMatch => ({ index: name, query, holds: null, rowids: null, without: [] })

/**
 * A search for calls that have words which begin like all words of a search.
 * @param near for each word of the search, words of names that differ from it by typing errors and count as well
 */
export function matchWords(
  index: WordIndex,
  words: readonly SearchWord[],
  beginnings: Beginnings,
  near: readonly (readonly string[])[] = [],
): TextMatch {
  const beginning = (word: string) => {
    const listed = beginnings(index, word)
    return listed === null ? `${quoted(word)}*` : joined([...new Set([word, ...listed])].map(quoted), 'OR')
  }
  return found(index, allOf(words.map((word, place) => wordQuery(word, beginning, near[place]))))
}

/** A search for calls that have all words of a search as whole words. */
export function matchWholeWords(index: WordIndex, words: readonly SearchWord[]): TextMatch {
  return found(index, allOf(words.map((word) => wordQuery(word, quoted))))
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

/**
 * The most parts of one alternative that the index is asked for. FTS5 reads the calls of every part, and a few parts leave few calls, whose
 * texts are then tested. The end of an e-mail address is in many calls, so the first parts are used.
 */
const MOST_PARTS = 8

/** The first parts of the words; null where they have none, because they are too short. */
function partsOf(words: readonly string[]): string | null {
  const parts = words.flatMap((word) => {
    const characters = Array.from(comparedText(word))
    return characters.slice(PART - 1).map((_, at) => quoted(characters.slice(at, at + PART).join('')))
  })
  return parts.length === 0 ? null : joined([...new Set(parts)].slice(0, MOST_PARTS), 'AND')
}

/** A query in which each word may be anywhere; null where no word is long enough for it. */
export function matchParts(searched: readonly SearchWord[]): TextMatch | null {
  const words = searched.map(withoutTrunk)
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
  return { index: PARTS.name, query: allOf(queries), holds: JSON.stringify(words), rowids: null, without: [] }
}

/** Tests the rows of the index. It does not leave out the calls of `without`; see `holding`. */
export function matching({ index, query }: IndexQuery): SQL {
  return sql`${sql.identifier(index)} MATCH ${query}`
}

/** The rowids of the calls that the index finds, as `found`, followed by the calls. CROSS JOIN keeps this order: one call per match. */
export function callsMatching(match: TextMatch): SQL {
  if (match.rowids !== null) return callsOf(match.rowids)
  return sql`(SELECT rowid AS found FROM ${sql.identifier(match.index)} WHERE ${matching(match)}) CROSS JOIN calls ON calls.rowid = found`
}

/** The rowids as `found`, followed by their calls. */
export function callsOf(rowids: readonly number[]): SQL {
  return sql`(SELECT value AS found FROM json_each(${JSON.stringify(rowids)})) CROSS JOIN calls ON calls.rowid = found`
}

const HELD = sql.join(
  TEXT_COLUMNS.map((column) => sql`${calls}.${sql.identifier(column)}`),
  sql`, `,
)

/** Returns the words that a matching call must contain; none if the index is exact. */
export function holdsOf({ holds }: TextMatch): readonly SearchWord[] {
  return holds === null ? [] : (JSON.parse(holds) as SearchWord[])
}

/** Conditions on a row of `calls` that the index cannot test. */
export function holding({ holds, without }: TextMatch): SQL[] {
  return [...without.map((other) => sql`${calls.rowid} NOT ${ofMatch(other)}`), ...holdingWords(holds)]
}

/** As `holding`, without the searches whose calls are left out. */
export function holdingWords(holds: string | null): SQL[] {
  return holds === null ? [] : [sql`holds_words(${HELD}, ${holds})`]
}

/** Tests a rowid. SQLite reads all matches once for the statement. */
export const ofMatch = (match: IndexMatch): SQL =>
  match.rowids !== null
    ? listedIn(match.rowids)
    : sql`IN (SELECT rowid FROM ${sql.identifier(match.index)} WHERE ${matching(match)})`
