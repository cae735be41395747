import type { Id } from '../../core/id.ts'
import type { WritableDb } from '../open.ts'
import { lastDeviceSeq } from '../sync/outbox.ts'
import { run } from '../statements.ts'
import { currentWrite } from '../write-transaction.ts'
import { lastLine } from './bulk-calls.ts'

/**
 * Runs a part of an import, or of its undo, and stores which lines of the audit trail it wrote. They are consecutive, because one
 * transaction writes at a time.
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
