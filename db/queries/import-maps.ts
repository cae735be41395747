import type { ClientId } from '../../core/id.ts'
import type { ReadableDb } from '../open.ts'
import { rows } from '../statements.ts'

export type StoredMap = { readonly name: string; readonly header: string; readonly map: string; readonly savedAt: number }

/** Returns the saved mappings, the newest first. `header` and `map` are JSON. */
export function listImportMaps(db: ReadableDb, clientId: ClientId): StoredMap[] {
  return rows(
    db,
    'SELECT name, header, map, saved_at AS savedAt FROM local_import_maps WHERE client_id = ? ORDER BY saved_at DESC, name',
    clientId,
  )
}
