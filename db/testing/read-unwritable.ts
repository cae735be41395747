/**
 * Reads a file whose disk cannot be written. Prints JSON with the results of several queries, or the error's reason.
 * Usage: node read-unwritable.ts PATH
 */
import { openAnyReadable } from '../open-unwritable.ts'
import { fromFile } from '../errors.ts'
import { row, rows, snapshot } from '../statements.ts'
import { must } from '../../core/assert.ts'

const path = must(process.argv[2], 'a path')
try {
  const { db, isOutdated } = openAnyReadable(path)
  db.sqlite.function('twice', { deterministic: true }, (n: unknown) => Number(n) * 2)
  const found = snapshot(db, () => ({
    names: rows<{ name: string }>(db, 'SELECT prospect_name AS name FROM calls ORDER BY prospect_name'),
    one: row(db, 'SELECT count(*) AS n FROM calls WHERE prospect_name > :name', { name: 'A' }),
    none: db.sqlite.prepare('SELECT id FROM calls WHERE id = ?').get('none') ?? null,
    plucked: db.sqlite.prepare('SELECT count(*), 1 FROM calls').pluck().get(),
    raw: db.sqlite.prepare('SELECT prospect_name, notes FROM calls ORDER BY 1').raw().all(),
    made: db.sqlite.prepare('SELECT twice(count(*)) FROM calls').pluck().get(),
    text: rows(db, `SELECT count(*) AS n FROM calls_text WHERE calls_text MATCH '"greta"*'`),
  }))
  process.stdout.write(JSON.stringify({ found, isOutdated: isOutdated() }))
  db.close()
} catch (error) {
  const typed = fromFile(error, path)
  process.stdout.write(JSON.stringify({ failed: typed instanceof Error && 'reason' in typed ? typed.reason : String(error) }))
}
