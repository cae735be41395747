import { must } from '../../core/assert.ts'
import { countedTotals, TOTAL_KEY } from '../derived.ts'
import type { ReadableDb } from '../open.ts'
import { row, rows } from '../statements.ts'
import { textQuery } from './call-filter.ts'

/** Calls whose words are looked up: FTS5 has no way to compare a whole index with its rows without writing. */
const SAMPLED_CALLS = 500

/** How many of the kept totals differ from what the calls add up to. Reads every call. */
export function wrongTotals(db: ReadableDb): number {
  const key = TOTAL_KEY.join(', ')
  const kept = `SELECT ${key}, calls, timed_calls, timed_seconds FROM local_call_totals`
  const wrong = row<{ totals: number }>(
    db,
    `SELECT (SELECT count(*) FROM (${kept} EXCEPT ${countedTotals})) + (SELECT count(*) FROM (${countedTotals} EXCEPT ${kept})) AS totals`,
  )
  return must(wrong, 'An aggregate has one row').totals
}

/** How many of some calls, spread over all, the text index does not find by the words of their prospect's name; and of how many. */
export function missingTexts(db: ReadableDb): { readonly missing: number; readonly sampled: number } {
  const calls = rows<{ rowid: number; name: string }>(
    db,
    `SELECT rowid, prospect_name AS name FROM calls WHERE rowid % (SELECT max(rowid) / ${SAMPLED_CALLS} + 1 FROM calls) = 0`,
  )
  const missing = calls.filter(({ rowid, name }) => {
    const match = textQuery(name)
    return (
      match !== null && row(db, 'SELECT 1 FROM calls_text WHERE calls_text MATCH ? AND rowid = ?', match, rowid) === undefined
    )
  })
  return { missing: missing.length, sampled: calls.length }
}
