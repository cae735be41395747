import { sql } from 'drizzle-orm'
import { must } from '../core/assert.ts'
import { isAmong } from '../platform/sqlite/prepared.ts'
import { INDEXED_COLUMNS, TEXT_INDEXES, type TextIndex } from './derived.ts'
import type { WritableDb } from './open.ts'
import { query, type Named } from './prepared.ts'
import { calls } from './schema.ts'
import { isBulkLoading } from './schema-objects.ts'
import { row, run } from './statements.ts'
import { deferringText } from './write-context.ts'

/**
 * Runs `write`, which inserts, updates and deletes calls among `ids`, and updates the text indexes once for all of them. With a trigger
 * for each row FTS5 would write out its gathered changes at every statement.
 */
export function indexTextTogether(db: WritableDb, ids: readonly string[], write: () => void): void {
  // A bulk load builds the whole indexes at its end.
  if (ids.length < 2 || isBulkLoading(db)) return write()
  const before = textsOf(db, ids)
  deferringText(db, write)
  const after = textsOf(db, ids)
  const [removed, added] = [without(before, after), without(after, before)]
  for (const index of TEXT_INDEXES) {
    put(db, index, 'delete', removed)
    put(db, index, 'insert', added)
  }
}

const indexed = sql.join(
  [calls.rowid, ...INDEXED_COLUMNS.map((column) => sql.identifier(column))].map((column) => sql`${column}`),
  sql`, `,
)

const textsById = query((orm, { ids }: Named<{ ids: string }>) =>
  orm
    .select({ texts: sql<string>`json_array(${indexed})` })
    .from(calls)
    .where(isAmong(calls.id, ids))
    .orderBy(calls.rowid),
)

/** Returns a JSON array for each call: its rowid and its indexed texts. */
function textsOf(db: WritableDb, ids: readonly string[]): string[] {
  return textsById.all(db, { ids: JSON.stringify(ids) }).map(({ texts }) => texts)
}

function without(texts: readonly string[], others: readonly string[]): string[] {
  const left = new Set(others)
  return texts.filter((text) => !left.has(text))
}

/**
 * In the order of the rowids, because FTS5 writes out its gathered changes when a rowid is smaller than the last one. SQL text, because
 * Drizzle has no FTS5 tables.
 */
function put(db: WritableDb, { name, columns }: TextIndex, action: 'delete' | 'insert', texts: readonly string[]): void {
  if (texts.length === 0) return
  const [column, value] = action === 'delete' ? [`${name}, `, `'delete', `] : ['', '']
  const places = [0, ...columns.map((each) => INDEXED_COLUMNS.indexOf(each) + 1)]
  const values = places.map((place) => `value ->> ${place}`)
  const insert = `INSERT INTO ${name} (${column}rowid, ${columns.join(', ')}) SELECT ${value}${values.join(', ')} FROM json_each(:texts)`
  run(db, insert, { texts: `[${texts.join(',')}]` })
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

/** SQL text, because Drizzle has no FTS5 tables. */
function mergeStep(db: WritableDb, index: string, isFirst: boolean): boolean {
  const before = changesOf(db)
  run(db, `INSERT INTO ${index} (${index}, rank) VALUES ('merge', :pages)`, { pages: isFirst ? -MERGED_PAGES : MERGED_PAGES })
  // The statement itself counts as one.
  return changesOf(db) - before < 2
}

/** Returns the number of changes on this connection, with those of triggers. SQL text: Drizzle has no SELECT without FROM. */
function changesOf(db: WritableDb): number {
  return must(row<{ changes: number }>(db, 'SELECT total_changes() AS changes'), 'A SELECT without FROM has one row').changes
}
