import type { AuditAction, DATA_ACTIONS } from '../../core/model/audit.ts'
import type { WritableDb } from '../open.ts'
import { run } from '../statements.ts'
import { AUDIT_SOURCE, NEW_AUDIT_ID } from '../audit-id.ts'
import { currentWrite } from '../write-transaction.ts'

export type EventAction = Exclude<AuditAction, (typeof DATA_ACTIONS)[number]>

export type AuditEvent = {
  readonly tableName: string
  readonly recordId: string
  readonly action: EventAction
  /** Details of the event, without secrets. */
  readonly newValues: Readonly<Record<string, string | number | null>>
}

/** SQL text, because the id is computed by the expression that the triggers contain as text. */
const INSERT_EVENT = `INSERT INTO audit_logs
    (id, client_id, user_id, table_name, record_id, action, new_values, ip_address, user_agent, created_at)
  SELECT ${NEW_AUDIT_ID}, :clientId, :userId, :tableName, :recordId, :action, :newValues, :ipAddress, :userAgent, :now
  FROM ${AUDIT_SOURCE}`

/** Writes an event that changes no row (LOGIN, IMPORT, …) into the audit trail. */
export function recordEvent(db: WritableDb, event: AuditEvent): void {
  const { clientId, userId, ipAddress, userAgent, now } = currentWrite(db)
  const { tableName, recordId, action } = event
  const newValues = JSON.stringify(event.newValues)
  run(db, INSERT_EVENT, { clientId, userId, tableName, recordId, action, newValues, ipAddress, userAgent, now })
}
