import { TEXT_COLUMNS, TEXT_INDEXES } from './derived.ts'
import type { WritableDb } from './open.ts'
import { rows, run } from './statements.ts'
import { isBulkLoading } from './schema-objects.ts'

const COLUMNS = TEXT_COLUMNS.join(', ')

/**
 * Runs `write`, which inserts, updates and deletes calls among `ids`, and updates the text indexes once for all of them. With a trigger
 * for each row FTS5 would write out its gathered changes at every statement.
 */
export function indexTextTogether(db: WritableDb, ids: readonly string[], write: () => void): void {
  // A bulk load builds the whole indexes at its end.
  if (ids.length < 2 || isBulkLoading(db)) return write()
  const before = textsOf(db, ids)
  run(db, 'UPDATE local_write_context SET defers_text = 1 WHERE singleton = 1')
  write()
  run(db, 'UPDATE local_write_context SET defers_text = 0 WHERE singleton = 1')
  const after = textsOf(db, ids)
  const [removed, added] = [without(before, after), without(after, before)]
  for (const { name } of TEXT_INDEXES) {
    put(db, name, 'delete', removed)
    put(db, name, 'insert', added)
  }
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

/** In the order of the rowids, because FTS5 writes out its gathered changes when a rowid is smaller than the last one. */
function put(db: WritableDb, index: string, action: 'delete' | 'insert', texts: readonly string[]): void {
  if (texts.length === 0) return
  const [column, value] = action === 'delete' ? [`${index}, `, `'delete', `] : ['', '']
  const values = ['rowid', ...TEXT_COLUMNS].map((_, place) => `value ->> ${place}`)
  run(
    db,
    `INSERT INTO ${index} (${column}rowid, ${COLUMNS}) SELECT ${value}${values.join(', ')} FROM json_each(?)`,
    `[${texts.join(',')}]`,
  )
}

/** Pages of an index that one step of a merge writes: some milliseconds. */
const MERGED_PAGES = 200

/**
 * Merges a part of each text index into one segment, in its own transaction. After the last step the file has no word that only removed
 * rows had; freed pages are overwritten (`secure_delete`). Returns whether this was the last step.
 * @param isFirst begins a merge of all segments.
 */
export function scrubTextStep(db: WritableDb, isFirst: boolean): boolean {
  return TEXT_INDEXES.map(({ name }) => mergeStep(db, name, isFirst)).every((isDone) => isDone)
}

function mergeStep(db: WritableDb, index: string, isFirst: boolean): boolean {
  const { sqlite } = db
  const changes = () => sqlite.prepare<[], number>('SELECT total_changes()').pluck().get() ?? 0
  const before = changes()
  run(db, `INSERT INTO ${index} (${index}, rank) VALUES ('merge', ?)`, isFirst ? -MERGED_PAGES : MERGED_PAGES)
  // The statement itself counts as one.
  return changes() - before < 2
}
