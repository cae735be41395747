import type { ReadableDb, WritableDb } from '../open.ts'
import { row, run } from '../statements.ts'

/**
 * Whether the rows that follow leave lines in the audit trail. Those of a snapshot do not: they are no change that anyone made, and
 * the values that they had before are not this device's to know.
 */
export function leaveTrail(db: WritableDb, leaves: boolean): void {
  run(db, 'UPDATE local_write_context SET trail = ? WHERE singleton = 1', leaves ? 1 : 0)
}

export function leavesTrail(db: ReadableDb): boolean {
  return row<{ trail: number }>(db, 'SELECT trail FROM local_write_context')?.trail === 1
}
