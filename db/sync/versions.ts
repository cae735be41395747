import { and, between, eq, sql } from 'drizzle-orm'
import type { ClientId, UserId } from '../../core/id.ts'
import type { FieldVersions } from '../../core/sync/field-versions.ts'
import type { SyncTableName } from '../../core/sync/tables.ts'
import type { WritableDb } from '../open.ts'
import { isAmong, query, replacing, statement, upsert, type Named } from '../prepared.ts'
import { syncOutbox, syncRows } from '../schema.ts'
import { currentWrite } from '../write-transaction.ts'
import { saveOwnerVersion } from './handovers.ts'

/** The server's versions of a row and of its fields; see the columns of `sync_rows`. */
export type RowVersion = { readonly version: number; readonly base: number; readonly fields: string | null }

/** The versions of a row that the server has not sent. */
const NONE: RowVersion = { version: 0, base: 0, fields: null }

type OfTable = Named<{ clientId: ClientId; table: SyncTableName }>
type OfRow = Named<{ clientId: ClientId; table: SyncTableName; id: string }>
type OfRows = Named<{ clientId: ClientId; table: SyncTableName; ids: string }>

const KEY = [syncRows.clientId, syncRows.tableName, syncRows.rowId]

const isOfTable = ({ clientId, table }: OfTable) => and(eq(syncRows.clientId, clientId), eq(syncRows.tableName, table))
const isOfRow = (row: OfRow) => and(isOfTable(row), eq(syncRows.rowId, row.id))

const versionOfRow = query((orm, row: OfRow) =>
  orm.select({ version: syncRows.version, base: syncRows.base, fields: syncRows.fields }).from(syncRows).where(isOfRow(row)),
)

const versionsAmong = query((orm, rows: OfRows) =>
  orm
    .select({ id: syncRows.rowId, version: syncRows.version })
    .from(syncRows)
    .where(and(isOfTable(rows), isAmong(syncRows.rowId, rows.ids))),
)

const saveRow = upsert(syncRows, KEY)

const deleteVersion = statement((orm, row: OfRow) => orm.delete(syncRows).where(isOfRow(row)))

const saveNew = statement((orm, { userId, first, last }: Named<{ userId: UserId; first: number; last: number }>) =>
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
        .where(
          and(
            between(syncOutbox.deviceSeq, first, last),
            eq(syncOutbox.userId, userId),
            eq(syncOutbox.state, 'accepted'),
            eq(syncOutbox.action, 'INSERT'),
          ),
        ),
    )
    .onConflictDoUpdate(replacing(syncRows, KEY)),
)

/** Returns the versions of a row that the server has sent. */
export function getVersion(db: WritableDb, table: SyncTableName, id: string): RowVersion | undefined {
  return versionOfRow.get(db, { clientId: currentWrite(db).clientId, table, id })
}

export function fieldVersions({ base, fields }: Omit<RowVersion, 'version'> = NONE): FieldVersions {
  return { base, overrides: fields === null ? null : (JSON.parse(fields) as Record<string, number>) }
}

/** Returns the versions of those of the rows `ids` that the server has sent, by id. */
export function rowVersions(db: WritableDb, table: SyncTableName, ids: readonly string[]): ReadonlyMap<string, number> {
  const found = versionsAmong.all(db, { clientId: currentWrite(db).clientId, table, ids: JSON.stringify(ids) })
  return new Map(found.map(({ id, version }) => [id, version]))
}

export function saveVersion(db: WritableDb, table: SyncTableName, id: string, version: RowVersion): void {
  saveRow(db, { clientId: currentWrite(db).clientId, tableName: table, rowId: id, ...version })
}

/** Stores the versions of the rows of accepted operations, from the first to the last. All of them are new rows. */
export function saveNewVersions(db: WritableDb, userId: UserId, first: number, last: number): void {
  saveNew(db, { userId, first, last })
}

/** Deletes the versions of a row that leaves the tables. For a call, the version of the owner is kept. */
export function forgetVersion(db: WritableDb, table: SyncTableName, id: string): void {
  if (table === 'calls') saveOwnerVersion(db, id)
  deleteVersion(db, { clientId: currentWrite(db).clientId, table, id })
}
