import type { CallId, ClientId, UserId } from '../../core/id.ts'
import type { ReadableDb } from '../open.ts'
import { row, rows, type SqlValue } from '../statements.ts'

/** The audit lines that one transaction of a bulk action wrote. `at`, their time, tells them from later lines that reuse a freed rowid. */
export type LineSpan = { readonly first: number; readonly last: number; readonly at: number }

export type BulkLine = {
  readonly rowid: number
  readonly callId: CallId
  readonly action: 'UPDATE' | 'DELETE'
  readonly before: Readonly<Record<string, SqlValue>>
  readonly after: Readonly<Record<string, SqlValue>>
}

type Stored = Omit<BulkLine, 'before' | 'after'> & { readonly before: string | null; readonly after: string | null }

export function linesOfBulk(db: ReadableDb, clientId: ClientId, userId: UserId, { first, last, at }: LineSpan): BulkLine[] {
  const parsed = (json: string | null) => JSON.parse(json ?? '{}') as Record<string, SqlValue>
  return rows<Stored>(
    db,
    `SELECT rowid, record_id AS callId, action, old_values AS before, new_values AS after FROM audit_logs
     WHERE rowid BETWEEN ? AND ? AND client_id = ? AND user_id = ? AND created_at = ? AND table_name = 'calls'
       AND action IN ('UPDATE', 'DELETE') ORDER BY rowid`,
    first,
    last,
    clientId,
    userId,
    at,
  ).map((line) => ({ ...line, before: parsed(line.before), after: parsed(line.after) }))
}

/** The newest line about a change of a call. */
export function newestChange(db: ReadableDb, clientId: ClientId, callId: CallId): number | undefined {
  return row<{ rowid: number }>(
    db,
    `SELECT rowid FROM audit_logs INDEXED BY audit_logs_by_record
     WHERE record_id = ? AND client_id = ? AND table_name = 'calls' AND action IN ('INSERT', 'UPDATE', 'DELETE')
     ORDER BY rowid DESC LIMIT 1`,
    callId,
    clientId,
  )?.rowid
}
