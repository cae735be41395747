import { versionKey, type SyncTableName } from './tables.ts'

/**
 * The server's `seq` of the operation that last wrote each field of a row. Most rows were written once, so one number applies to all
 * fields except those in `overrides`. A unit is listed under its first column.
 */
export type FieldVersions = {
  readonly base: number
  readonly overrides: Readonly<Record<string, number>> | null
}

export function fieldVersion({ base, overrides }: FieldVersions, table: SyncTableName, column: string): number {
  return overrides?.[versionKey(table, column)] ?? base
}

/** Returns the versions after the operation `seq` wrote `columns`. */
export function withVersion(
  versions: FieldVersions,
  table: SyncTableName,
  columns: Iterable<string>,
  seq: number,
): FieldVersions {
  const overrides: Record<string, number> = { ...versions.overrides }
  for (const column of columns) overrides[versionKey(table, column)] = seq
  return { base: versions.base, overrides }
}
