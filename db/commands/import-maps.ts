import { and, eq, sql } from 'drizzle-orm'
import type { ClientId } from '../../core/id.ts'
import type { WritableDb } from '../open.ts'
import { statement, type Named } from '../prepared.ts'
import { localImportMaps } from '../local-schema.ts'
import { currentWrite } from '../write-transaction.ts'
import { insertRow } from './changes.ts'

const removeMap = statement((orm, { clientId, name }: Named<{ clientId: ClientId; name: string }>) =>
  orm
    .delete(localImportMaps)
    .where(and(eq(localImportMaps.clientId, clientId), sql`${localImportMaps.name} = ${name} COLLATE NOCASE`)),
)

/** Saves a mapping of columns under a name and replaces the one with that name. On this device only: neither audited nor synced. */
export function putImportMap(db: WritableDb, name: string, header: string, map: unknown): void {
  const { clientId, now } = currentWrite(db)
  deleteImportMap(db, name)
  insertRow(db, localImportMaps, { clientId, name, header, map: JSON.stringify(map), savedAt: now })
}

/** Returns whether the mapping existed. */
export function deleteImportMap(db: WritableDb, name: string): boolean {
  return removeMap(db, { clientId: currentWrite(db).clientId, name }) > 0
}
