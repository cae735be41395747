import { TEXT_INDEXES } from '../derived.ts'
import type { Sqlite } from '../../platform/sqlite/database.ts'

/** Returns every object of a file's schema with SQLite's own text, by type and name. */
export function schemaText(sqlite: Sqlite): Record<string, string | null> {
  const found = sqlite
    .prepare<[], { label: string; sql: string | null }>(`SELECT type || ' ' || name AS label, sql FROM sqlite_schema ORDER BY 1`)
    .all()
  return Object.fromEntries(found.map(({ label, sql }) => [label, sql]))
}

/** Returns the ids of the calls that the text index finds by a word, sorted. */
export function foundByWord(sqlite: Sqlite, word: string): string[] {
  return sqlite
    .prepare<[string], string>(
      `SELECT c.id FROM calls_text AS t JOIN calls AS c ON c.rowid = t.rowid WHERE calls_text MATCH ? ORDER BY c.id`,
    )
    .pluck()
    .all(`"${word.replaceAll('"', '""')}"`)
}

/** @throws if a text index lacks words of a call, or has words that no call has. */
export function compareIndexWithCalls(sqlite: Sqlite): void {
  for (const { name } of TEXT_INDEXES) sqlite.exec(`INSERT INTO ${name} (${name}, rank) VALUES ('integrity-check', 1)`)
}
