import { must } from '../../core/assert.ts'
import type { ClientId } from '../../core/id.ts'
import { DEFAULT_SETTINGS, settingsSchema, type Settings } from '../../core/model/settings.ts'
import type { ReadableDb } from '../open.ts'
import { rows } from '../statements.ts'

/** The client's settings; what was never set, or holds a value that this release does not know, has its default. */
export function getSettings(db: ReadableDb, clientId: ClientId): Settings {
  const stored = rows<{ key: string; value: string }>(db, 'SELECT key, value FROM client_settings WHERE client_id = ?', clientId)
  const settings: Record<string, unknown> = { time_zone: 'UTC', ...DEFAULT_SETTINGS }
  for (const { key, value } of stored) {
    const schema = key in settingsSchema.shape ? settingsSchema.shape[key as keyof Settings] : undefined
    const parsed = schema?.safeParse(JSON.parse(value))
    if (parsed?.success === true) settings[key] = parsed.data
  }
  return must(settingsSchema.parse(settings), 'Settings have defaults')
}
