import { TEXT_COLUMNS } from '../derived.ts'
import type { WritableDb } from '../open.ts'
import { rows, run } from '../statements.ts'
import { isBulkLoading } from '../schema-objects.ts'

const COLUMNS = TEXT_COLUMNS.join(', ')

/**
 * Runs `write`, which inserts and updates calls among `ids`, and brings the text index up to date once for all of them. With a trigger
 * for each row FTS5 writes out what it gathered at every statement.
 */
export function indexTextTogether(db: WritableDb, ids: readonly string[], write: () => void): void {
  // A bulk load builds the whole index at its end.
  if (ids.length < 2 || isBulkLoading(db)) return write()
  const before = textsOf(db, ids)
  run(db, 'UPDATE local_write_context SET defers_text = 1 WHERE singleton = 1')
  write()
  run(db, 'UPDATE local_write_context SET defers_text = 0 WHERE singleton = 1')
  const after = textsOf(db, ids)
  put(db, ['calls_text', `'delete'`], without(before, after))
  put(db, null, without(after, before))
}

/** Returns a JSON array for each call: its rowid and its indexed texts. */
function textsOf(db: WritableDb, ids: readonly string[]): string[] {
  return rows<{ texts: string }>(
    db,
    `SELECT json_array(rowid, ${COLUMNS}) AS texts FROM calls WHERE id IN (SELECT value FROM json_each(?)) ORDER BY rowid`,
    JSON.stringify(ids),
  ).map(({ texts }) => texts)
}

function without(texts: readonly string[], others: readonly string[]): string[] {
  const left = new Set(others)
  return texts.filter((text) => !left.has(text))
}

/** In the order of the rowids: FTS5 writes out what it has when they go back. */
function put(db: WritableDb, command: readonly [column: string, value: string] | null, texts: readonly string[]): void {
  if (texts.length === 0) return
  const columns = [...(command === null ? [] : [command[0]]), 'rowid', COLUMNS]
  const values = ['rowid', ...TEXT_COLUMNS].map((_, place) => `value ->> ${place}`)
  const selected = [...(command === null ? [] : [command[1]]), ...values]
  run(
    db,
    `INSERT INTO calls_text (${columns.join(', ')}) SELECT ${selected.join(', ')} FROM json_each(?)`,
    `[${texts.join(',')}]`,
  )
}

/** Pages of the index that one step of a merge writes: some milliseconds. */
const MERGED_PAGES = 200

/**
 * Merges a part of the text index into one segment, in a transaction of its own. Once all of it is one segment the file holds no word
 * that only rows which are gone had; freed pages are overwritten (`secure_delete`). Answers whether that is so.
 * @param isFirst begins a merge of all segments.
 */
export function scrubTextStep(db: WritableDb, isFirst: boolean): boolean {
  const { sqlite } = db
  const changes = () => sqlite.prepare<[], number>('SELECT total_changes()').pluck().get() ?? 0
  const before = changes()
  run(db, `INSERT INTO calls_text (calls_text, rank) VALUES ('merge', ?)`, isFirst ? -MERGED_PAGES : MERGED_PAGES)
  // The statement itself counts as one.
  return changes() - before < 2
}
