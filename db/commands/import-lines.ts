import type { Id } from '../../core/id.ts'
import type { WritableDb } from '../open.ts'
import { lastDeviceSeq } from '../queries/device-seq.ts'
import { localImportLines } from '../local-schema.ts'
import { currentWrite } from '../write-transaction.ts'
import { lastLine } from './bulk-calls.ts'
import { insertRow } from './changes.ts'

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
    insertRow(db, localImportLines, {
      firstLine: before + 1,
      lastLine: after,
      clientId: currentWrite(db).clientId,
      importId,
      isUndo,
      firstOp: seq + 1,
      lastOp: lastDeviceSeq(db),
    })
  return result
}
