import { and, eq } from 'drizzle-orm'
import type { ClientId, Id, UserId } from '../../core/id.ts'
import { DEFAULT_VIEW_KEY, readStoredView, viewOfKey, type StoredView } from '../../core/model/saved-views.ts'
import { userSettingId } from '../../core/model/user-settings.ts'
import type { ReadableDb } from '../open.ts'
import { query, type Named } from '../prepared.ts'
import { clientSettings, userSettings } from '../schema.ts'

const personalSettings = query((orm, { clientId, userId }: Named<{ clientId: ClientId; userId: UserId }>) =>
  orm
    .select({ key: userSettings.key, value: userSettings.value })
    .from(userSettings)
    .where(and(eq(userSettings.clientId, clientId), eq(userSettings.userId, userId))),
)

const personalSetting = query((orm, { clientId, id }: Named<{ clientId: ClientId; id: string }>) =>
  orm
    .select({ value: userSettings.value })
    .from(userSettings)
    .where(and(eq(userSettings.clientId, clientId), eq(userSettings.id, id))),
)

const sharedSettings = query((orm, { clientId }: Named<{ clientId: ClientId }>) =>
  orm
    .select({ key: clientSettings.key, value: clientSettings.value })
    .from(clientSettings)
    .where(eq(clientSettings.clientId, clientId)),
)

/** A view with its stored value. A change keeps its unknown members. */
export type FoundView = { readonly id: Id; readonly isShared: boolean; readonly stored: StoredView }

/** Returns the views that a person sees, and the number of views that this release cannot read. Removed views are left out. */
export function readViews(
  db: ReadableDb,
  clientId: ClientId,
  userId: UserId,
): { readonly views: readonly FoundView[]; readonly unreadable: number } {
  const views: FoundView[] = []
  let unreadable = 0
  const sources = [
    { isShared: false, found: personalSettings.all(db, { clientId, userId }) },
    { isShared: true, found: sharedSettings.all(db, { clientId }) },
  ]
  for (const { isShared, found } of sources)
    for (const { key, value } of found) {
      const id = viewOfKey(key)
      const stored = id === undefined ? 'removed' : readStoredView(value)
      if (stored === 'unreadable') unreadable++
      else if (id !== undefined && stored !== 'removed') views.push({ id, isShared, stored })
    }
  return { views, unreadable }
}

/** Returns the id of the view with which a person's report opens; null if none is set. */
export function readDefaultView(db: ReadableDb, clientId: ClientId, userId: UserId): string | null {
  const found = personalSetting.get(db, { clientId, id: userSettingId(userId, DEFAULT_VIEW_KEY) })
  const id: unknown = found === undefined ? null : JSON.parse(found.value)
  return typeof id === 'string' ? id : null
}
