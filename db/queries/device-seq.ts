import type { ReadableDb } from '../open.ts'
import { row } from '../statements.ts'

/** Returns the last number that the device gave to an operation; 0: none yet. */
export function lastDeviceSeq(db: ReadableDb): number {
  return row<{ seq: number }>(db, `SELECT seq FROM sqlite_sequence WHERE name = 'sync_outbox'`)?.seq ?? 0
}
