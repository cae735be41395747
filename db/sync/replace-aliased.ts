import type { Alias } from '../../core/sync/protocol.ts'
import type { MergedTable } from '../../core/sync/tables.ts'
import type { WritableDb } from '../open.ts'
import { run } from '../statements.ts'
import { currentWrite } from '../write-transaction.ts'
import { forgetVersion } from './apply-rows.ts'
import { deleteUnlessUsed } from './remove-rows.ts'
import { stepAside } from './step-aside.ts'

/** Before the rows of an answer are written, which have the names that the duplicates have. */
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
 * After the rows of an answer are written: calls, drafts and conflicts follow, and the duplicates go. This is no edit: the
 * server has these calls under the other id from the beginning.
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

/** Ids stand in a form's name and in what was typed; no other text of a draft looks like one. */
function followDrafts(db: WritableDb, id: string, to: string): void {
  run(db, 'UPDATE local_drafts SET value = replace(value, ?, ?) WHERE instr(value, ?) > 0', id, to, id)
  run(db, 'UPDATE OR IGNORE local_drafts SET form = replace(form, ?, ?) WHERE instr(form, ?) > 0', id, to, id)
}
