import { hash } from 'node:crypto'
import { idFromDigest, isFromDigest, type ClientId } from '../../core/id.ts'
import { importedIdParts } from '../../core/sync/same-name.ts'
import { isMergedTable, isSyncTable } from '../../core/sync/tables.ts'
import type { PushedOperation } from '../../core/sync/push-batch.ts'

/**
 * Returns whether a new person or loss reason has the id that an import derives from another name. Such ids can be computed in advance. An
 * attacker could make one an alias of another row, and everything that others later import under that name would silently go to that row.
 */
export function hasForgedId(clientId: ClientId, { table, rowId, action, values }: PushedOperation): boolean {
  if (action !== 'INSERT' || !isFromDigest(rowId) || !isSyncTable(table) || !isMergedTable(table)) return false
  const name = String(values['name'])
  const parts = importedIdParts(clientId, table, name)
  // An earlier release derived the id from the name in lower case without normalising it further.
  const earlier = [...parts.slice(0, 2), name.trim().toLowerCase()]
  return [parts, earlier].every((each) => rowId !== idFromDigest(hash('sha256', each.join('\0'), 'buffer')))
}
