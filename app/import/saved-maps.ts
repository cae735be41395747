import type { SavedMap } from '../../core/contract/imports.ts'
import { importMapSchema, type ImportMap } from '../../core/contract/imports.ts'
import { deleteImportMap, putImportMap } from '../../db/commands/import-maps.ts'
import type { ReadableDb, WritableDb } from '../../db/open.ts'
import { listImportMaps, type StoredMap } from '../../db/queries/import-maps.ts'
import { notFound, type OperationContext } from '../declaration/operation.ts'

/** Returns a key for comparing headers. A mapping names its columns, so their order does not matter. */
function headerKey(columns: readonly string[]): string {
  return JSON.stringify(columns.map((name) => name.trim()).toSorted())
}

/** Returns the stored mapping; nothing if this version cannot read it. */
function readMap({ name, header, map, savedAt }: StoredMap): SavedMap[] {
  const parsed = importMapSchema.safeParse(JSON.parse(map))
  return parsed.success ? [{ name, header: JSON.parse(header) as string[], map: parsed.data, savedAt }] : []
}

/** Returns the mappings that were saved on this device, the newest first. */
export function savedMaps({ db, actor }: OperationContext<ReadableDb>): SavedMap[] {
  return listImportMaps(db, actor.clientId).flatMap(readMap)
}

/** Returns the saved mappings for a file with this header, the newest first. */
export function savedMapsFor({ db, actor }: OperationContext<ReadableDb>, columns: readonly string[]): SavedMap[] {
  const wanted = headerKey(columns)
  return listImportMaps(db, actor.clientId)
    .filter(({ header }) => header === wanted)
    .flatMap(readMap)
}

export function saveMap(
  { db }: OperationContext<WritableDb>,
  { name, header, map }: { readonly name: string; readonly header: readonly string[]; readonly map: ImportMap },
): { readonly name: string } {
  putImportMap(db, name, headerKey(header), map)
  return { name }
}

/** @throws AppError NOT_FOUND if no mapping has this name. */
export function deleteMap({ db }: OperationContext<WritableDb>, name: string): { readonly name: string } {
  if (!deleteImportMap(db, name)) throw notFound('saved-mapping')
  return { name }
}
