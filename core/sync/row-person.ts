import type { UserId } from '../id.ts'
import { personOfTargetKey } from '../model/targets.ts'
import { parseUserSettingId } from '../model/user-settings.ts'
import type { SyncTableName } from './tables.ts'

/*
 * Rows whose id contains the person that they are about: a person's settings, and the targets of a person. Only devices of that person, and for
 * targets of people who see everyone's calls, may receive them.
 */

/** Returns the person in the row's id; null: none. */
export function personInRowId(table: SyncTableName, id: string): UserId | null {
  if (table === 'user_settings') return parseUserSettingId(id)?.userId ?? null
  return table === 'client_settings' ? personOfTargetKey(id) : null
}

/** Returns the row's id with another person. */
export function rowIdOfPerson(table: SyncTableName, id: string, to: UserId): string {
  const person = personInRowId(table, id)
  return person === null ? id : id.replace(person, to)
}
