import { and, eq } from 'drizzle-orm'
import type { ClientId } from '../../core/id.ts'
import type { SettingKey, Settings } from '../../core/model/settings.ts'
import { updateOf } from '../../platform/sqlite/prepared.ts'
import type { WritableDb } from '../open.ts'
import { statement, type Named } from '../prepared.ts'
import { clientSettings } from '../schema.ts'
import { insertRow } from './changes.ts'

export type SettingsPatch = { readonly [Key in SettingKey]?: Settings[Key] | undefined }

const setValue = statement((orm, { clientId, key, value }: Named<{ clientId: ClientId; key: string; value: string }>) =>
  updateOf(orm, clientSettings, { value }).where(and(eq(clientSettings.clientId, clientId), eq(clientSettings.key, key))),
)

/** Saves the given settings. A setting that has the value already is not changed and leaves no audit row. */
export function putSettings(db: WritableDb, clientId: ClientId, settings: SettingsPatch): void {
  for (const [key, given] of Object.entries(settings)) {
    if (given === undefined) continue
    const value = JSON.stringify(given)
    if (setValue(db, { clientId, key, value }) === 0) insertRow(db, clientSettings, { clientId, key, value })
  }
}
