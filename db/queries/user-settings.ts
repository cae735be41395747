import { and, eq } from 'drizzle-orm'
import type { ClientId, Id, UserId } from '../../core/id.ts'
import { readPreference, type StoredTemplate } from '../../core/model/preferences.ts'
import { userSettingId } from '../../core/model/user-settings.ts'
import type { ReadableDb } from '../open.ts'
import { query, type Named } from '../prepared.ts'
import { userSettings } from '../schema.ts'

const ofPerson = query((orm, { clientId, userId }: Named<{ clientId: ClientId; userId: UserId }>) =>
  orm
    .select({ key: userSettings.key, value: userSettings.value })
    .from(userSettings)
    .where(and(eq(userSettings.clientId, clientId), eq(userSettings.userId, userId))),
)

const byId = query((orm, { clientId, id }: Named<{ clientId: ClientId; id: string }>) =>
  orm
    .select({ value: userSettings.value })
    .from(userSettings)
    .where(and(eq(userSettings.clientId, clientId), eq(userSettings.id, id))),
)

/** Returns the settings of a person, with their values as JSON. */
export function listUserSettings(
  db: ReadableDb,
  clientId: ClientId,
  userId: UserId,
): readonly { readonly key: string; readonly value: string }[] {
  return ofPerson.all(db, { clientId, userId })
}

/** Returns the JSON of a person's setting; undefined if it was never set. */
export function getUserSetting(db: ReadableDb, clientId: ClientId, userId: UserId, key: string): string | undefined {
  return byId.get(db, { clientId, id: userSettingId(userId, key) })?.value
}

export type FoundPreferences = {
  readonly keys: ReadonlyMap<string, readonly string[]>
  /** With members of a newer release, which a change keeps. */
  readonly templates: ReadonlyMap<Id, StoredTemplate>
}

/** Returns the preferences of a person. Removed ones, and ones that this release cannot read, are left out. */
export function readPreferences(db: ReadableDb, clientId: ClientId, userId: UserId): FoundPreferences {
  const keys = new Map<string, readonly string[]>()
  const templates = new Map<Id, StoredTemplate>()
  for (const { key, value } of listUserSettings(db, clientId, userId)) {
    const found = readPreference(key, value)
    if (found?.kind === 'keys') keys.set(found.action, found.keys)
    else if (found?.kind === 'template') templates.set(found.id, found.stored)
  }
  return { keys, templates }
}
