import type { UserId } from '../../core/id.ts'
import { toColumnar, type Columnar } from '../../core/sync/columnar.ts'
import type { SyncRow } from '../../core/sync/judge.ts'
import { ROW_COLUMNS } from '../../core/sync/protocol.ts'
import { visibleColumns, type Scope } from '../../core/sync/scope.ts'
import { sparseColumns, type Scalar, type SyncTableName } from '../../core/sync/tables.ts'

/** Returns the columns of a row page: the id and versions of the row, then the values that the reader may see. */
export function pageColumns(scope: Scope, table: SyncTableName, own: boolean): readonly string[] {
  return ['id', ROW_COLUMNS.version, ROW_COLUMNS.base, ROW_COLUMNS.fields, ROW_COLUMNS.by, ...visibleColumns(scope, table, own)]
}

/** Packs rows of one table without the sparse columns in which all of them have null. */
export function packPage(table: SyncTableName, columns: readonly string[], rows: readonly (readonly Scalar[])[]): Columnar {
  const isAbsent = (name: string, place: number) =>
    sparseColumns(table).includes(name) && rows.every((row) => (row[place] ?? null) === null)
  const places = columns.flatMap((name, place) => (isAbsent(name, place) ? [] : [place]))
  if (places.length === columns.length) return toColumnar(table, columns, rows)
  return {
    table,
    columns: places.map((place) => columns[place] ?? ''),
    data: places.map((place) => rows.map((row) => row[place] ?? null)),
  }
}

/** Packs rows for the reader `userId`. Their own row of `users` has more columns than those of others, so it is a separate part. */
export function packRows(
  table: SyncTableName,
  rows: readonly (readonly [string, SyncRow])[],
  scope: Scope,
  userId: UserId,
): Columnar[] {
  const isOwn = ([id]: readonly [string, SyncRow]) => table === 'users' && id === userId
  return [true, false].flatMap((own) => {
    const chosen = rows.filter((each) => isOwn(each) === own)
    const visible = visibleColumns(scope, table, own)
    const packed = chosen.map(([id, { values, version, versions, changedBy }]): Scalar[] => [
      id,
      version,
      versions.base,
      versions.overrides === null ? null : JSON.stringify(versions.overrides),
      changedBy,
      ...visible.map((name) => values[name] ?? null),
    ])
    return packed.length === 0 ? [] : [packPage(table, pageColumns(scope, table, own), packed)]
  })
}
