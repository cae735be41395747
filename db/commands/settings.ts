import { and, eq } from 'drizzle-orm'
import type { ClientId, UserId } from '../../core/id.ts'
import type { SettingKey, Settings } from '../../core/model/settings.ts'
import { userSettingId } from '../../core/model/user-settings.ts'
import { updateOf } from '../../platform/sqlite/prepared.ts'
import type { WritableDb } from '../open.ts'
import { statement, type Named } from '../prepared.ts'
import { clientSettings, userSettings } from '../schema.ts'
import { insertRow } from './changes.ts'

const setPersonalValue = statement((orm, { clientId, id, value }: Named<{ clientId: ClientId; id: string; value: string }>) =>
  updateOf(orm, userSettings, { value }).where(and(eq(userSettings.clientId, clientId), eq(userSettings.id, id))),
)

export type SettingsPatch = { readonly [Key in SettingKey]?: Settings[Key] | undefined }

const setValue = statement((orm, { clientId, key, value }: Named<{ clientId: ClientId; key: string; value: string }>) =>
  updateOf(orm, clientSettings, { value }).where(and(eq(clientSettings.clientId, clientId), eq(clientSettings.key, key))),
)

/** Saves the given settings. A setting that has the value already is not changed and leaves no audit row. */
export function putSettings(db: WritableDb, clientId: ClientId, settings: SettingsPatch): void {
  for (const [key, given] of Object.entries(settings)) if (given !== undefined) putClientSetting(db, clientId, key, given)
}

/** Saves one setting of the client. Null removes it: the row stays, so that the removal merges like any other edit. */
export function putClientSetting(db: WritableDb, clientId: ClientId, key: string, given: unknown): void {
  const value = JSON.stringify(given)
  if (setValue(db, { clientId, key, value }) === 0) insertRow(db, clientSettings, { clientId, key, value })
}

/** Saves one setting of a person, as `putClientSetting` does. */
export function putUserSetting(db: WritableDb, clientId: ClientId, userId: UserId, key: string, given: unknown): void {
  const [id, value] = [userSettingId(userId, key), JSON.stringify(given)]
  if (setPersonalValue(db, { clientId, id, value }) === 0) insertRow(db, userSettings, { clientId, id, userId, key, value })
}
