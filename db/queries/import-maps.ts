import { desc, eq } from 'drizzle-orm'
import type { ClientId } from '../../core/id.ts'
import type { ReadableDb } from '../open.ts'
import { query, type Named } from '../prepared.ts'
import { localImportMaps } from '../local-schema.ts'

export type StoredMap = { readonly name: string; readonly header: string; readonly map: string; readonly savedAt: number }

const mapsOfClient = query((orm, { clientId }: Named<{ clientId: ClientId }>) => {
  const { name, header, map, savedAt } = localImportMaps
  return orm
    .select({ name, header, map, savedAt })
    .from(localImportMaps)
    .where(eq(localImportMaps.clientId, clientId))
    .orderBy(desc(savedAt), name)
})

/** Returns the saved mappings, the newest first. `header` and `map` are JSON. */
export function listImportMaps(db: ReadableDb, clientId: ClientId): StoredMap[] {
  return mapsOfClient.all(db, { clientId })
}
