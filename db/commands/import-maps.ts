import type { WritableDb } from '../open.ts'
import { run } from '../statements.ts'
import { currentWrite } from '../write-transaction.ts'

/** Saves a mapping of columns under a name and replaces the one with that name. On this device only: neither audited nor synced. */
export function putImportMap(db: WritableDb, name: string, header: string, map: unknown): void {
  const { clientId, now } = currentWrite(db)
  deleteImportMap(db, name)
  run(
    db,
    'INSERT INTO local_import_maps (client_id, name, header, map, saved_at) VALUES (?, ?, ?, ?, ?)',
    clientId,
    name,
    header,
    JSON.stringify(map),
    now,
  )
}

/** Returns whether the mapping existed. */
export function deleteImportMap(db: WritableDb, name: string): boolean {
  const text = 'DELETE FROM local_import_maps WHERE client_id = ? AND name = ? COLLATE NOCASE'
  return run(db, text, currentWrite(db).clientId, name) > 0
}
