import type { Id } from '../../core/id.ts'
import type { WritableDb } from '../open.ts'
import { lastDeviceSeq } from '../sync/outbox.ts'
import { row, run } from '../statements.ts'
import { currentWrite } from '../write-transaction.ts'

/**
 * Runs a part of an import, or of its undo, and remembers which lines of the audit trail it wrote. They are neighbours, because one
 * transaction at a time writes.
 */
export function recordLines<T>(db: WritableDb, importId: Id, isUndo: boolean, write: () => T): T {
  const before = lastLine(db)
  const seq = lastDeviceSeq(db)
  const result = write()
  const after = lastLine(db)
  if (after > before)
    run(
      db,
      'INSERT INTO local_import_lines (start_line, client_id, last_line, import_id, is_undo, start_op, last_op) VALUES (?, ?, ?, ?, ?, ?, ?)',
      before + 1,
      currentWrite(db).clientId,
      after,
      importId,
      isUndo ? 1 : 0,
      seq + 1,
      lastDeviceSeq(db),
    )
  return result
}

function lastLine(db: WritableDb): number {
  return row<{ last: number }>(db, 'SELECT coalesce(max(rowid), 0) AS last FROM audit_logs')?.last ?? 0
}
