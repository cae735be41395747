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
  /** What is worth knowing of it; no secrets. */
  readonly newValues: Readonly<Record<string, string | number | null>>
}

/** Writes an event that changes no row (LOGIN, IMPORT, …) into the audit trail. */
export function recordEvent(db: WritableDb, event: AuditEvent): void {
  const { clientId, userId, ipAddress, userAgent, now } = currentWrite(db)
  run(
    db,
    `INSERT INTO audit_logs (id, client_id, user_id, table_name, record_id, action, new_values, ip_address, user_agent, created_at)
     SELECT ${NEW_AUDIT_ID}, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM ${AUDIT_SOURCE}`,
    clientId,
    userId,
    event.tableName,
    event.recordId,
    event.action,
    JSON.stringify(event.newValues),
    ipAddress,
    userAgent,
    now,
  )
}
