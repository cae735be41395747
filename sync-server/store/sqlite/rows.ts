import { and, eq } from 'drizzle-orm'
import type { ClientId } from '../../../core/id.ts'
import type { SyncRow } from '../../../core/sync/judge.ts'
import { SYNC_TABLE_NAMES, uniqueColumns, type Scalar, type SyncTableName } from '../../../core/sync/tables.ts'
import { insertOf, isAmong, query, type Named, type OrmConnection } from '../../../platform/sqlite/prepared.ts'
import { statementsOf } from '../../../platform/sqlite/statements.ts'
import type { Changes, RowReads } from '../store.ts'
import { aliases } from './schema.ts'
import { feedColumn, keyColumn, readRow, storedRow, syncedTable } from './synced-tables.ts'

/** @param ids as JSON. */
type AmongIds = { clientId: ClientId; ids: string }

const aliasesAmong = query((orm, { clientId, ids }: Named<AmongIds>) =>
  orm
    .select({ table: aliases.table, id: aliases.id, to: aliases.to, seq: aliases.seq })
    .from(aliases)
    .where(and(eq(aliases.clientId, clientId), isAmong(aliases.id, ids))),
)

export function rowReads(db: OrmConnection): RowReads {
  const statements = statementsOf(db.sqlite)
  return {
    async rows(clientId, table, ids) {
      const found = new Map<string, SyncRow>()
      if (ids.length === 0) return found
      for (const raw of statements.raw<Scalar[]>(syncedTable(table).selectByIds, { clientId, ids: JSON.stringify(ids) })) {
        const { id, row } = readRow(table, raw)
        found.set(id, row)
      }
      return found
    },

    async holders(clientId, table, column, keys) {
      const found = new Map<string, string[]>()
      if (keys.length === 0) return found
      const key = keyColumn(feedColumn(table, column))
      // Text: the table and the column are known only at run time.
      const text = `SELECT ${key}, id FROM ${table}
        WHERE client_id = :clientId AND ${key} IN (SELECT value FROM json_each(:keys)) ORDER BY id`
      for (const [value, id] of statements.raw<[string, string]>(text, { clientId, keys: JSON.stringify(keys) }))
        found.set(value, [...(found.get(value) ?? []), id])
      return found
    },

    async aliases(clientId, ids) {
      return ids.length === 0 ? [] : aliasesAmong.all(db, { clientId, ids: JSON.stringify(ids) })
    },
  }
}

const insertAlias = insertOf(aliases)

export function writeAliases(db: OrmConnection, clientId: ClientId, written: Changes['aliases']): void {
  for (const alias of written) insertAlias(db, { ...alias, clientId })
}

/**
 * Writes parents before children. If a batch renames several rows, one row's new value may be another row's old value, so changed unique
 * values are first replaced by temporary ones.
 */
export function writeRows(db: OrmConnection, clientId: ClientId, rows: Changes['rows']): void {
  for (const table of SYNC_TABLE_NAMES) {
    const ofTable = rows.filter((each) => each.table === table)
    const changed = ofTable.filter(({ isNew }) => !isNew)
    if (changed.length > 1)
      releaseUniqueValues(
        db,
        clientId,
        table,
        changed.map(({ id }) => id),
      )
    const { insert, update } = syncedTable(table)
    for (const { id, row } of changed) update(db, storedRow(table, clientId, id, row))
    for (const { id, row, isNew } of ofTable) if (isNew) insert(db, storedRow(table, clientId, id, row))
  }
}

function releaseUniqueValues(db: OrmConnection, clientId: ClientId, table: SyncTableName, ids: readonly string[]): void {
  for (const column of uniqueColumns(table)) {
    // Text: the table and the column are known only at run time.
    const text = `UPDATE ${table} SET ${column} = id
      WHERE ${syncedTable(table).client} = :clientId AND id IN (SELECT value FROM json_each(:ids))`
    statementsOf(db.sqlite).run(text, { clientId, ids: JSON.stringify(ids) })
  }
}
