import type { z } from 'zod'
import { fieldLabel } from '../audit/audit-diff.ts'
import type { rejectionSchema } from '../../../core/contract/replication.ts'

type Rejection = Pick<z.infer<typeof rejectionSchema>, 'code' | 'action' | 'table' | 'field'>

const DONE = { INSERT: 'New', UPDATE: 'Changed', DELETE: 'Deleted', RESTORE: 'Restored' } as const
const THINGS: Readonly<Record<string, string>> = {
  calls: 'call',
  users: 'user',
  loss_reasons: 'loss reason',
  client_settings: 'setting',
  clients: 'client',
}

/** A table's records as people call them. */
export function thingName(table: string): string {
  return THINGS[table] ?? table
}

/** What was refused, and why, in one line. */
export function refusalText({ code, action, table, field }: Rejection): string {
  const what = `${DONE[action]} ${thingName(table)}`
  const at = field === null ? '' : ` (${fieldLabel(field)})`
  switch (code) {
    case 'FORBIDDEN':
      return `${what}: your role does not allow it${at}`
    case 'NOT_FOUND':
      return `${what}: it is no longer yours to see`
    case 'DELETED':
      return `${what}: someone deleted it meanwhile`
    case 'INVALID':
      return `${what}: a value does not fit${at}`
    case 'CONFLICT':
      return `${what}: it conflicts with another record${at}`
    case 'TRANSACTION':
      return `${what}: it belongs to a change that was refused`
  }
}
