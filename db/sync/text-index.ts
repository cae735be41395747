import { TEXT_COLUMNS } from '../derived.ts'
import type { WritableDb } from '../open.ts'
import { row, rows, run } from '../statements.ts'

const COLUMNS = TEXT_COLUMNS.join(', ')

/** While rows are loaded in bulk there is no trigger, and the index is made in the end. */
function isKept(db: WritableDb): boolean {
  return row(db, `SELECT 1 FROM sqlite_schema WHERE type = 'trigger' AND name = 'calls_text_insert'`) !== undefined
}

/**
 * Runs `write`, which inserts and updates calls among `ids`, and brings the text index up to date once for all of them. With a trigger
 * for each row FTS5 writes out what it gathered at every statement.
 */
export function indexTextTogether(db: WritableDb, ids: readonly string[], write: () => void): void {
  if (ids.length < 2 || !isKept(db)) return write()
  const among = JSON.stringify(ids)
  const before = rows<{ text: string }>(
    db,
    `SELECT json_array(rowid, ${COLUMNS}) AS text FROM calls WHERE id IN (SELECT value FROM json_each(?))`,
    among,
  )
  run(db, 'UPDATE local_write_context SET defers_text = 1 WHERE singleton = 1')
  write()
  run(db, 'UPDATE local_write_context SET defers_text = 0 WHERE singleton = 1')
  const old = `[${before.map(({ text }) => text).join(',')}]`
  const was = (place: number) => `was.value ->> ${place}`
  const changed = TEXT_COLUMNS.map((name, place) => `calls.${name} IS NOT ${was(place + 1)}`).join(' OR ')
  run(
    db,
    `INSERT INTO calls_text (calls_text, rowid, ${COLUMNS})
     SELECT 'delete', ${was(0)}, ${TEXT_COLUMNS.map((_, place) => was(place + 1)).join(', ')}
     FROM json_each(?) AS was CROSS JOIN calls ON calls.rowid = ${was(0)} WHERE ${changed} ORDER BY 2`,
    old,
  )
  run(
    db,
    `INSERT INTO calls_text (rowid, ${COLUMNS})
     SELECT calls.rowid, ${TEXT_COLUMNS.map((name) => `calls.${name}`).join(', ')}
     FROM json_each(?) AS each CROSS JOIN calls ON calls.id = each.value
       LEFT JOIN json_each(?) AS was ON calls.rowid = ${was(0)}
     WHERE was.value IS NULL OR ${changed} ORDER BY 1`,
    among,
    old,
  )
}
