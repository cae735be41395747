import { sql } from 'drizzle-orm'
import { comparedText } from '../../core/text/search-words.ts'
import { WORDS, type WordIndex } from '../derived.ts'
import type { ReadableDb } from '../open.ts'
import { readRows } from '../prepared.ts'
import type { Beginnings } from './text-match.ts'

/** The longest beginnings of words that an index has: FTS5 reads these without the words' own lists of calls. */
const LONGEST_INDEXED = 6
/** Words that a long beginning is replaced by. */
const MOST_WORDS = 50

const term = sql<string>`term`

/** Returns words of an index in the order of their letters. @param length the least and the greatest number of letters */
export function wordsBeginning(
  db: ReadableDb,
  { words }: Pick<WordIndex, 'words'>,
  beginning: string,
  most: number,
  length: readonly [number, number] = [0, Number.MAX_SAFE_INTEGER],
): string[] {
  const range = sql`FROM ${sql.identifier(words)} WHERE term >= ${beginning} AND term < ${`${beginning}\u{10FFFF}`}
    AND length(term) BETWEEN ${length[0]} AND ${length[1]} LIMIT ${most}`
  return readRows(db, { term }, range).map((row) => row.term)
}

/** Returns those of `possible` that are words of an index. */
export function wordsAmong(db: ReadableDb, { words }: Pick<WordIndex, 'words'>, possible: readonly string[]): string[] {
  const among = sql`FROM (SELECT value FROM json_each(${JSON.stringify(possible)})) CROSS JOIN ${sql.identifier(words)} ON term = value`
  return readRows(db, { term }, among).map((row) => row.term)
}

/** Returns a function that lists the words for a long beginning, if they are few. It reads each list once. */
export function longBeginnings(db: ReadableDb): Beginnings {
  const lists = new Map<string, readonly string[] | null>()
  return (index, word) => {
    const beginning = comparedText(word)
    // In other alphabets the index may fold letters in another way.
    if (beginning.length <= LONGEST_INDEXED || !/^[a-z0-9]+$/.test(beginning)) return null
    const key = `${index.name} ${beginning}`
    let list = lists.get(key)
    if (list === undefined) {
      const listed = wordsBeginning(db, index, beginning, MOST_WORDS + 1)
      lists.set(key, (list = listed.length > MOST_WORDS ? null : listed))
    }
    return list
  }
}

/** Whether a call has a word with this beginning. */
export function isBeginning(db: ReadableDb, word: string): boolean {
  return wordsBeginning(db, WORDS, comparedText(word), 1).length > 0
}
