import { and, eq, inArray, isNotNull, or } from 'drizzle-orm'
import type { ClientId } from '../../../core/id.ts'
import { MERGED_TABLES, type MergedTable } from '../../../core/sync/tables.ts'
import { isAmong, query, selectBy, type Named, type OrmConnection } from '../../../platform/sqlite/prepared.ts'
import { statementsOf } from '../../../platform/sqlite/statements.ts'
import type { PastReads } from '../store.ts'
import { auditLogs } from './schema.ts'

/** The most names per table that are sent to an import: more than a client uses in years, and few enough for one answer. */
const MOST_NAMES = 5_000

/** SQL text, because the table is known only at run time. */
const namesOf = (table: MergedTable) =>
  `SELECT DISTINCT '${table}' AS "table", r.id, a.new_values ->> '$.name' AS name
   FROM ${table} AS r JOIN audit_logs AS a ON a.client_id = r.client_id AND a.record_id = r.id
   WHERE r.client_id = :clientId AND a.table_name = '${table}' AND a.action IN ('INSERT', 'UPDATE') AND a.new_values ->> '$.name' IS NOT NULL
   LIMIT ${MOST_NAMES}`

/** The count uses only the index and stops at the limit. Text, because Drizzle has no INDEXED BY. */
const COUNT_LINES = `SELECT wanted.value AS id, (SELECT count(*) FROM (SELECT 1 FROM audit_logs AS a INDEXED BY audit_logs_of_record
    WHERE a.client_id = :clientId AND a.record_id = wanted.value LIMIT :most)) AS lines
  FROM json_each(:ids) AS wanted`

/** The length is read without the text. */
const SIZES = `SELECT record_id AS id, coalesce(sum(octet_length(new_values)), 0) AS size
  FROM audit_logs INDEXED BY audit_logs_of_record
  WHERE client_id = :clientId AND record_id IN (SELECT value FROM json_each(:ids)) GROUP BY record_id`

const EARLIER_VALUES = { recordId: auditLogs.recordId, action: auditLogs.action, newValues: auditLogs.newValues }

/** Names the index, because SQLite itself prefers to read the client's whole trail. */
const trailsAmong = query((orm, { clientId, ids }: Named<{ clientId: ClientId; ids: string }>) =>
  selectBy(orm, EARLIER_VALUES, auditLogs, 'audit_logs_of_record').where(
    and(
      eq(auditLogs.clientId, clientId),
      isAmong(auditLogs.recordId, ids),
      eq(auditLogs.table, 'calls'),
      or(
        inArray(auditLogs.action, ['INSERT', 'UPDATE']),
        and(eq(auditLogs.action, 'SYNC_REJECTED'), isNotNull(auditLogs.oldValues)),
      ),
    ),
  ),
)

export function pastReads(db: OrmConnection): PastReads {
  const statements = statementsOf(db.sqlite)
  return {
    async namesEverHeld(clientId) {
      return MERGED_TABLES.flatMap((table) =>
        statements.all<{ table: MergedTable; id: string; name: string }>(namesOf(table), { clientId }),
      )
    },

    async callTrailSizes(clientId, ids, mostLines) {
      if (ids.length === 0) return new Map()
      const counted = { clientId, ids: JSON.stringify(ids), most: mostLines + 1 }
      const short = statements
        .all<{ id: string; lines: number }>(COUNT_LINES, counted)
        .flatMap(({ id, lines }) => (lines === 0 || lines > mostLines ? [] : [id]))
      const sizes = statements.all<{ id: string; size: number }>(SIZES, { clientId, ids: JSON.stringify(short) })
      return new Map(sizes.map(({ id, size }) => [id, size]))
    },

    async callTrails(clientId, ids) {
      return ids.length === 0 ? [] : trailsAmong.all(db, { clientId, ids: JSON.stringify(ids) })
    },
  }
}
