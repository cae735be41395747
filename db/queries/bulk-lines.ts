import { and, between, desc, eq, inArray, sql } from 'drizzle-orm'
import type { CallId, ClientId, UserId } from '../../core/id.ts'
import { DATA_ACTIONS } from '../../core/model/audit.ts'
import type { ReadableDb } from '../open.ts'
import { selectBy } from '../../platform/sqlite/prepared.ts'
import { manyRows, query, type Named } from '../prepared.ts'
import { auditLogs } from '../schema.ts'
import type { SqlValue } from '../statements.ts'

/** The audit lines that one transaction of a bulk action wrote. `at`, their time, tells them from later lines that reuse a freed rowid. */
export type LineSpan = { readonly first: number; readonly last: number; readonly at: number }

export type BulkLine = {
  readonly rowid: number
  readonly callId: CallId
  /** INSERT: a deleted call was restored. */
  readonly action: 'INSERT' | 'UPDATE' | 'DELETE'
  readonly before: Readonly<Record<string, SqlValue>>
  readonly after: Readonly<Record<string, SqlValue>>
}

type OfBulk = LineSpan & { readonly clientId: ClientId; readonly userId: UserId }

const storedLines = manyRows(
  {
    rowid: auditLogs.rowid,
    callId: auditLogs.recordId,
    action: sql<BulkLine['action']>`${auditLogs.action}`,
    before: auditLogs.oldValues,
    after: auditLogs.newValues,
  },
  ({ clientId, userId, first, last, at }: Named<OfBulk>) => {
    const isLine = and(
      between(auditLogs.rowid, first, last),
      eq(auditLogs.clientId, clientId),
      eq(auditLogs.userId, userId),
      eq(auditLogs.createdAt, at),
      eq(auditLogs.tableName, 'calls'),
      inArray(auditLogs.action, [...DATA_ACTIONS]),
    )
    return sql`FROM ${auditLogs} WHERE ${isLine} ORDER BY ${auditLogs.rowid}`
  },
)

/** Returns the changes of calls that one transaction of a bulk action made. */
export function linesOfBulk(db: ReadableDb, clientId: ClientId, userId: UserId, span: LineSpan): BulkLine[] {
  const parsed = (json: string | null) => JSON.parse(json ?? '{}') as Record<string, SqlValue>
  return storedLines(db, { clientId, userId, ...span }).map((line) => ({
    ...line,
    before: parsed(line.before),
    after: parsed(line.after),
  }))
}

const newestOfCall = query((orm, { clientId, callId }: Named<{ clientId: ClientId; callId: CallId }>) =>
  selectBy(orm, { rowid: auditLogs.rowid }, auditLogs, 'audit_logs_by_record')
    .where(
      and(
        eq(auditLogs.recordId, callId),
        eq(auditLogs.clientId, clientId),
        eq(auditLogs.tableName, 'calls'),
        inArray(auditLogs.action, [...DATA_ACTIONS]),
      ),
    )
    .orderBy(desc(auditLogs.rowid))
    .limit(1),
)

/** Returns the newest line about a change of a call. */
export function newestChange(db: ReadableDb, clientId: ClientId, callId: CallId): number | undefined {
  return newestOfCall.get(db, { clientId, callId })?.rowid
}
