import { sql } from 'drizzle-orm'
import { must } from '../../core/assert.ts'
import { derivationSoundness, type DerivationSoundness } from '../derive-calls.ts'
import { countedTotals, TEXT_INDEXES, TOTAL_KEY, type TextIndex } from '../derived.ts'
import { countedReportTotals, REPORT_TOTALS, totalsColumns } from '../report-totals.ts'
import { dueNoShows, NO_SHOW_COLUMNS } from '../no-shows.ts'
import { withTypedErrors } from '../errors.ts'
import type { ReadableDb } from '../open.ts'
import { row } from '../statements.ts'

/*
 * SQL text: Drizzle has no FTS5 tables, and the totals are counted with the SQL of their triggers.
 */

/** The number of calls whose words are compared with the index. */
const SAMPLED_CALLS = 500

/** Returns how many totals differ from those that the calls give. Reads every call. */
export function wrongTotals(db: ReadableDb): number {
  const kept = `SELECT ${TOTAL_KEY.join(', ')}, calls, timed_calls, timed_seconds FROM local_call_totals`
  return count(db, `${kept} EXCEPT ${countedTotals}`) + count(db, `${countedTotals} EXCEPT ${kept}`)
}

/** Returns how many rows of the totals of reports differ from the sums of the calls. Reads every call. */
export function wrongReportTotals(db: ReadableDb): number {
  return REPORT_TOTALS.map((totals) => {
    const kept = `SELECT ${totalsColumns(totals)} FROM ${totals.table}`
    const due = countedReportTotals(totals)
    const wrong = row<{ found: number }>(
      db,
      `SELECT (SELECT count(*) FROM (${kept} EXCEPT ${due})) + (SELECT count(*) FROM (${due} EXCEPT ${kept})) AS found`,
    )
    return must(wrong, 'An aggregate has one row').found
  }).reduce((sum, found) => sum + found, 0)
}

/** Returns how many rows of the no-shows differ from those that the calls give. Reads every no-show and its prospect's calls. */
export function wrongNoShows(db: ReadableDb): number {
  const kept = `SELECT ${NO_SHOW_COLUMNS} FROM local_no_shows`
  return count(db, `${kept} EXCEPT ${dueNoShows}`) + count(db, `${dueNoShows} EXCEPT ${kept}`)
}

export type TextSoundness = {
  /** Calls that were compared, spread over all. */
  readonly sampled: number
  /** Compared calls whose indexed words differ from the call's words. */
  readonly wrong: number
  /** Calls in the index that are not in the table. */
  readonly stray: number
}

const count = (db: ReadableDb, select: string): number =>
  must(row<{ rows: number }>(db, `SELECT count(*) AS rows FROM (${select})`), 'An aggregate has one row').rows

const SAMPLE = `SELECT rowid FROM calls WHERE rowid % (SELECT max(rowid) / ${SAMPLED_CALLS} + 1 FROM calls) = 0`

/** Compares the derived columns of the sampled calls with the calls. */
export function derivedColumnsSoundness(db: ReadableDb): DerivationSoundness {
  return derivationSoundness(db, sql.raw(SAMPLE))
}

/**
 * Compares the text indexes with the calls without writing to the file, because FTS5's own check needs the write lock. A second index in
 * memory provides the expected words. Reads all words of the indexes.
 */
export function textSoundness(db: ReadableDb): TextSoundness {
  const found = TEXT_INDEXES.map((index) => indexSoundness(db, index))
  const most = (key: keyof TextSoundness) => Math.max(...found.map((each) => each[key]))
  return { sampled: most('sampled'), wrong: most('wrong'), stray: most('stray') }
}

function indexSoundness(db: ReadableDb, { name, columns: indexed, tokenizer }: TextIndex): TextSoundness {
  const columns = indexed.join(', ')
  const { sqlite } = db
  const held = `SELECT term, doc FROM temp.index_words WHERE doc IN (${SAMPLE})`
  const due = 'SELECT term, doc FROM temp.sample_words'
  return withTypedErrors(() => {
    // A read-only connection cannot write, not even to its own tables in memory.
    sqlite.pragma('query_only = OFF')
    try {
      sqlite.exec(`CREATE VIRTUAL TABLE temp.index_words USING fts5vocab(main, ${name}, instance);
        CREATE VIRTUAL TABLE temp.sample USING fts5(${columns}, content='', tokenize='${tokenizer}', detail='none', columnsize=0);
        CREATE VIRTUAL TABLE temp.sample_words USING fts5vocab(temp, sample, instance);
        INSERT INTO temp.sample (rowid, ${columns}) SELECT rowid, ${columns} FROM main.calls WHERE rowid IN (${SAMPLE});`)
      return {
        sampled: count(db, SAMPLE),
        wrong: count(db, `SELECT doc FROM (${held} EXCEPT ${due}) UNION SELECT doc FROM (${due} EXCEPT ${held})`),
        stray: count(db, 'SELECT doc FROM temp.index_words EXCEPT SELECT rowid FROM main.calls'),
      }
    } finally {
      for (const table of ['sample_words', 'sample', 'index_words']) sqlite.exec(`DROP TABLE IF EXISTS temp.${table}`)
      sqlite.pragma('query_only = ON')
    }
  })
}
