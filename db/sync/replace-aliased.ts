import type { Alias } from '../../core/sync/protocol.ts'
import type { MergedTable } from '../../core/sync/tables.ts'
import type { WritableDb } from '../open.ts'
import { run } from '../statements.ts'
import { currentWrite } from '../write-transaction.ts'
import { forgetVersion } from './apply-rows.ts'
import { deleteUnlessUsed } from './remove-rows.ts'
import { stepAside } from './step-aside.ts'

/** Call it before the rows of an answer are written, because they have the same names as the aliased rows. */
export function saveAliases(db: WritableDb, aliases: readonly Alias[]): void {
  const { clientId } = currentWrite(db)
  for (const { table, id, to } of aliases) {
    run(
      db,
      `INSERT INTO sync_aliases (client_id, table_name, row_id, to_id) VALUES (?, ?, ?, ?)
       ON CONFLICT (client_id, row_id) DO UPDATE SET to_id = excluded.to_id`,
      clientId,
      table,
      id,
      to,
    )
    stepAside(db, table, id)
  }
}

const REFERENCES = { users: 'user_id', loss_reasons: 'loss_reason_id' } as const satisfies Record<MergedTable, string>

/**
 * Call it after the rows of an answer are written. Lets calls, drafts and conflicts point to the surviving rows and deletes the aliased
 * rows. This makes no operations: the server reads these calls with the surviving id anyway.
 */
export function replaceAliased(db: WritableDb, aliases: readonly Alias[]): void {
  if (aliases.length === 0) return
  const { clientId } = currentWrite(db)
  for (const { table, id, to } of aliases) {
    const column = REFERENCES[table]
    run(db, `UPDATE calls SET ${column} = ? WHERE client_id = ? AND ${column} = ?`, to, clientId, id)
    followDrafts(db, id, to)
    run(db, 'UPDATE sync_conflicts SET row_id = ? WHERE client_id = ? AND row_id = ?', to, clientId, id)
    forgetVersion(db, clientId, table, id)
    deleteUnlessUsed(db, table, id)
  }
}

/** A draft contains ids in its form's name and in its values; no other text of a draft has the form of an id. */
function followDrafts(db: WritableDb, id: string, to: string): void {
  run(db, 'UPDATE local_drafts SET value = replace(value, ?, ?) WHERE instr(value, ?) > 0', id, to, id)
  run(db, 'UPDATE OR IGNORE local_drafts SET form = replace(form, ?, ?) WHERE instr(form, ?) > 0', id, to, id)
}
