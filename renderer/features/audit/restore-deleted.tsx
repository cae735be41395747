import type { AuditEntry } from '../../../core/model/audit.ts'
import { RestoreCall } from './restore-call.tsx'

/** A button that restores the call of a deletion in the audit trail. It is empty for other lines. */
export function RestoreDeleted({ entry }: { readonly entry: AuditEntry }) {
  if (entry.tableName !== 'calls' || entry.action !== 'DELETE') return null
  const owner = entry.oldValues?.['user_id']
  return <RestoreCall id={entry.recordId} ownerId={typeof owner === 'string' ? owner : null} />
}
