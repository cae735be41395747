import type { ClientId } from '../../core/id.ts'
import type { SettingKey, Settings } from '../../core/model/settings.ts'
import type { WritableDb } from '../open.ts'
import { run } from '../statements.ts'
import { insertRow } from './changes.ts'

export type SettingsPatch = { readonly [Key in SettingKey]?: Settings[Key] | undefined }

/** Sets the given settings; a value that stands already is no change and leaves no audit row. */
export function putSettings(db: WritableDb, clientId: ClientId, settings: SettingsPatch): void {
  for (const [key, value] of Object.entries(settings)) {
    if (value === undefined) continue
    const json = JSON.stringify(value)
    const found = run(db, 'UPDATE client_settings SET value = ? WHERE client_id = ? AND key = ?', json, clientId, key)
    if (found === 0) insertRow(db, 'client_settings', { client_id: clientId, key, value: json })
  }
}
