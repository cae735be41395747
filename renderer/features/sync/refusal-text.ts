import type { SyncTableName } from '../../../core/sync/tables.ts'
import type { z } from 'zod'
import { fieldLabel } from '../audit/audit-labels.ts'
import type { rejectionSchema } from '../../../core/contract/sync.ts'

type Rejection = Pick<z.infer<typeof rejectionSchema>, 'code' | 'action' | 'table' | 'field'>

const DONE = { INSERT: 'New', UPDATE: 'Changed', DELETE: 'Deleted', RESTORE: 'Restored' } as const
const THINGS: Readonly<Record<string, string>> = {
  calls: 'call',
  do_not_call: 'do-not-call entry',
  users: 'user',
  loss_reasons: 'loss reason',
  client_settings: 'setting',
  user_settings: 'personal setting',
  clients: 'client',
} satisfies Record<SyncTableName, string>

/** Returns the name of a table's records on the screen. */
export function thingName(table: string): string {
  return THINGS[table] ?? table
}

/** Returns what was refused and why, in one line. */
export function refusalText({ code, action, table, field }: Rejection): string {
  const what = `${DONE[action]} ${thingName(table)}`
  const at = field === null ? '' : ` (${fieldLabel(field)})`
  switch (code) {
    case 'FORBIDDEN':
      return `${what}: your role does not allow it${at}`
    case 'NOT_FOUND':
      return `${what}: you no longer have access to it`
    case 'DELETED':
      return `${what}: someone deleted it meanwhile`
    case 'INVALID':
      if (table === 'calls' && field === 'user_id') return `${what}: this person cannot have calls. Choose another agent`
      return `${what}: a value is not valid${at}`
    case 'CONFLICT':
      return `${what}: it conflicts with another record${at}`
    case 'TRANSACTION':
      return `${what}: it belongs to a change that was refused`
  }
}
