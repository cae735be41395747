import { eq } from 'drizzle-orm'
import { must } from '../../core/assert.ts'
import type { ClientId } from '../../core/id.ts'
import { DEFAULT_SETTINGS, settingsSchema, type Settings } from '../../core/model/settings.ts'
import type { ReadableDb } from '../open.ts'
import { query, type Named } from '../prepared.ts'
import { clientSettings } from '../schema.ts'

const settingsOfClient = query((orm, { clientId }: Named<{ clientId: ClientId }>) =>
  orm
    .select({ key: clientSettings.key, value: clientSettings.value })
    .from(clientSettings)
    .where(eq(clientSettings.clientId, clientId)),
)

/** Returns the client's settings. A setting that is not stored, or whose value this release does not accept, has its default. */
export function getSettings(db: ReadableDb, clientId: ClientId): Settings {
  const settings: Record<string, unknown> = { time_zone: 'UTC', ...DEFAULT_SETTINGS }
  for (const { key, value } of settingsOfClient.all(db, { clientId })) {
    const schema = Object.hasOwn(settingsSchema.shape, key) ? settingsSchema.shape[key as keyof Settings] : undefined
    const parsed = schema?.safeParse(JSON.parse(value))
    if (parsed?.success === true) settings[key] = parsed.data
  }
  return must(settingsSchema.parse(settings), 'Settings have defaults')
}
