import type { ReadableDb } from '../open.ts'
import { row } from '../statements.ts'

/** SQL text, because Drizzle does not define SQLite's own tables. */
const LAST = `SELECT seq FROM sqlite_sequence WHERE name = 'sync_outbox'`

/** Returns the last number that the device gave to an operation; 0: none yet. */
export function lastDeviceSeq(db: ReadableDb): number {
  return row<{ seq: number }>(db, LAST)?.seq ?? 0
}
