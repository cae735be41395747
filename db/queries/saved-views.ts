import { eq } from 'drizzle-orm'
import type { ClientId, Id, UserId } from '../../core/id.ts'
import { DEFAULT_VIEW_KEY, readStoredView, viewOfKey, type StoredView } from '../../core/model/saved-views.ts'
import type { ReadableDb } from '../open.ts'
import { query, type Named } from '../prepared.ts'
import { clientSettings } from '../schema.ts'
import { getUserSetting, listUserSettings } from './user-settings.ts'

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
    { isShared: false, found: listUserSettings(db, clientId, userId) },
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
  const id: unknown = JSON.parse(getUserSetting(db, clientId, userId, DEFAULT_VIEW_KEY) ?? 'null')
  return typeof id === 'string' ? id : null
}
