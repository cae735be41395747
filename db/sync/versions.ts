import { and, eq, sql } from 'drizzle-orm'
import type { ClientId, UserId } from '../../core/id.ts'
import type { FieldVersions } from '../../core/sync/field-versions.ts'
import type { SyncTableName } from '../../core/sync/tables.ts'
import { isAmong, replacing } from '../../platform/sqlite/prepared.ts'
import type { WritableDb } from '../open.ts'
import { manyRows, statement, type Named } from '../prepared.ts'
import { syncOutbox, syncRows } from '../sync-schema.ts'
import { run } from '../statements.ts'
import { currentWrite } from '../write-transaction.ts'
import { saveOwnerVersion } from './handovers.ts'
import { isInRange } from './outbox.ts'

/** The server's versions of a row and of its fields; see the columns of `sync_rows`. */
export type RowVersion = { readonly version: number; readonly base: number; readonly fields: string | null }

/** The versions of a row that the server has not sent. */
const NONE: RowVersion = { version: 0, base: 0, fields: null }

type OfRow = Named<{ clientId: ClientId; table: SyncTableName; id: string }>

const versionsAmong = manyRows(
  { id: syncRows.rowId, version: syncRows.version, base: syncRows.base, fields: syncRows.fields },
  ({ clientId, table, ids }: Named<{ clientId: ClientId; table: SyncTableName; ids: string }>) => {
    const isOfTable = and(eq(syncRows.clientId, clientId), eq(syncRows.tableName, table))
    return sql`FROM ${syncRows} WHERE ${and(isOfTable, isAmong(syncRows.rowId, ids))}`
  },
)

const deleteVersion = statement((orm, { clientId, table, id }: OfRow) =>
  orm.delete(syncRows).where(and(eq(syncRows.clientId, clientId), eq(syncRows.tableName, table), eq(syncRows.rowId, id))),
)

const saveNew = statement((orm, range: Named<{ userId: UserId; first: number; last: number }>) =>
  orm
    .insert(syncRows)
    .select(
      orm
        .select({
          clientId: syncOutbox.clientId,
          tableName: syncOutbox.tableName,
          rowId: syncOutbox.rowId,
          version: syncOutbox.serverSeq,
          base: syncOutbox.serverSeq,
          fields: sql<null>`NULL`.as('fields'),
        })
        .from(syncOutbox)
        .where(and(isInRange(range), eq(syncOutbox.state, 'accepted'), eq(syncOutbox.action, 'INSERT'))),
    )
    .onConflictDoUpdate(replacing(syncRows, [syncRows.clientId, syncRows.tableName, syncRows.rowId])),
)

export function fieldVersions({ base, fields }: Omit<RowVersion, 'version'> = NONE): FieldVersions {
  return { base, overrides: fields === null ? null : (JSON.parse(fields) as Record<string, number>) }
}

/** Returns the versions of those of the rows `ids` that the server has sent, by id. */
export function versionsOf(db: WritableDb, table: SyncTableName, ids: readonly string[]): Map<string, RowVersion> {
  const found = versionsAmong(db, { clientId: currentWrite(db).clientId, table, ids: JSON.stringify(ids) })
  return new Map(found.map(({ id, ...version }) => [id, version]))
}

/** SQL text, because it inserts rows from a JSON array: a statement for each row takes longer. */
const SAVE_VERSIONS = `INSERT INTO sync_rows (client_id, table_name, row_id, version, base, fields)
  SELECT :clientId, :table, value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(:versions) WHERE true
  ON CONFLICT (client_id, table_name, row_id) DO UPDATE SET version = excluded.version, base = excluded.base, fields = excluded.fields`

/** Stores the versions of rows, by id. */
export function saveVersions(db: WritableDb, table: SyncTableName, versions: ReadonlyMap<string, RowVersion>): void {
  const list = [...versions].map(([id, { version, base, fields }]) => [id, version, base, fields])
  run(db, SAVE_VERSIONS, { clientId: currentWrite(db).clientId, table, versions: JSON.stringify(list) })
}

/** Stores the versions of the rows of accepted operations, from the first to the last. All of them are new rows. */
export function saveNewVersions(db: WritableDb, userId: UserId, first: number, last: number): void {
  saveNew(db, { userId, first, last })
}

/** Deletes the versions of a row that is removed from this device. For a call, the version of the owner is kept. */
export function forgetVersion(db: WritableDb, table: SyncTableName, id: string): void {
  if (table === 'calls') saveOwnerVersion(db, id)
  deleteVersion(db, { clientId: currentWrite(db).clientId, table, id })
}
