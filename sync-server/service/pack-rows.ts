import { toColumnar, type Columnar } from '../../core/sync/columnar.ts'
import type { SyncRow } from '../../core/sync/judge.ts'
import { ROW_COLUMNS } from '../../core/sync/protocol.ts'
import { visibleColumns, type Scope } from '../../core/sync/scope.ts'
import type { Scalar, SyncTableName } from '../../core/sync/tables.ts'

/** The columns of a row page: what places the row, then the values that the reader may have. */
export function pageColumns(scope: Scope, table: SyncTableName, own: boolean): readonly string[] {
  return ['id', ROW_COLUMNS.version, ROW_COLUMNS.base, ROW_COLUMNS.fields, ROW_COLUMNS.by, ...visibleColumns(scope, table, own)]
}

/** Rows as they travel to `userId`: his own row of `users` has more columns than his colleagues', and is a page by itself. */
export function packRows(
  table: SyncTableName,
  rows: readonly (readonly [string, SyncRow])[],
  scope: Scope,
  userId: string,
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
    return packed.length === 0 ? [] : [toColumnar(table, pageColumns(scope, table, own), packed)]
  })
}
