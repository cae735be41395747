import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import type { ProcedureInput } from '../../core/contract/procedures.ts'
import type { Id } from '../../core/id.ts'
import { DEFAULT_VIEW_KEY, MOST_VIEWS, viewKey, type SavedView, type StoredView } from '../../core/model/saved-views.ts'
import { compareNames } from '../../core/text/name-key.ts'
import { uniqueKey } from '../../core/text/unique-key.ts'
import { putClientSetting, putUserSetting } from '../../db/commands/settings.ts'
import type { ReadableDb, WritableDb } from '../../db/open.ts'
import { readDefaultView, readViews, type FoundView } from '../../db/queries/saved-views.ts'
import { listUserNames } from '../../db/queries/users.ts'
import { command, notFound, query, requireAll, type PermittedContext } from '../declaration/operation.ts'

type Context<Db extends ReadableDb = ReadableDb> = PermittedContext<Db>

const CHANGES = ['user_settings', 'client_settings', 'audit_logs']

function viewsOf({ db, actor }: Context): readonly FoundView[] {
  return readViews(db, actor.clientId, actor.userId).views
}

function shown({ id, isShared, stored }: FoundView): SavedView {
  return { id, name: stored.name, filters: stored.filters, isShared }
}

/** @throws AppError NOT_FOUND; FORBIDDEN for a shared view if the actor may not share. */
function changeable(context: Context, id: Id): FoundView {
  const found = viewsOf(context).find((view) => view.id === id)
  if (found === undefined) throw notFound('view')
  if (found.isShared) requireAll(context, 'views.share')
  return found
}

/** @throws AppError CONFLICT if another view of the same owner has the name. */
function requireFreeName(context: Context, name: string, isShared: boolean, except: Id | null): void {
  const key = uniqueKey(name)
  const isTaken = viewsOf(context).some(
    (view) => view.id !== except && view.isShared === isShared && uniqueKey(view.stored.name) === key,
  )
  if (isTaken)
    throw new AppError('CONFLICT', sentence(isShared ? 'taken.shared-view-name' : 'taken.view-name'), { field: 'name' })
}

/** @throws AppError CONFLICT if there are too many views. */
function requireRoom(context: Context, isShared: boolean): void {
  if (viewsOf(context).filter((view) => view.isShared === isShared).length < MOST_VIEWS) return
  throw new AppError('CONFLICT', sentence('views.full', { most: MOST_VIEWS }), {
    field: 'name',
  })
}

function put({ db, actor }: Context<WritableDb>, id: Id, isShared: boolean, value: StoredView | null): void {
  if (isShared) putClientSetting(db, actor.clientId, viewKey(id), value)
  else putUserSetting(db, actor.clientId, actor.userId, viewKey(id), value)
}

export const viewsOperations = {
  'views.list': query({
    access: 'views.edit',
    reach: 'own',
    thread: 'list',
    run: (context) => {
      const { db, actor } = context
      const { views, unreadable } = readViews(db, actor.clientId, actor.userId)
      const wanted = readDefaultView(db, actor.clientId, actor.userId)
      return {
        views: views
          .map(shown)
          .toSorted((a, b) => Number(a.isShared) - Number(b.isShared) || compareNames(a.name, b.name) || (a.id < b.id ? -1 : 1)),
        defaultId: views.find(({ id }) => id === wanted)?.id ?? null,
        unreadable,
        people: listUserNames(db, actor.clientId).filter(({ isActive }) => isActive).length,
      }
    },
  }),
  'views.create': command({
    access: 'views.edit',
    reach: 'own',
    changes: CHANGES,
    run: (context, { id = context.newId(), name, filters }: ProcedureInput<'views.create'>) => {
      if (viewsOf(context).some((view) => view.id === id)) throw new AppError('CONFLICT', sentence('taken.view'), {})
      requireFreeName(context, name, false, null)
      requireRoom(context, false)
      put(context, id, false, { name, filters })
      return { id, name, filters, isShared: false }
    },
  }),
  'views.update': command({
    access: 'views.edit',
    reach: 'own',
    also: ['views.share'],
    changes: CHANGES,
    run: (context, { id, name, filters }: ProcedureInput<'views.update'>) => {
      const found = changeable(context, id)
      if (name !== undefined) requireFreeName(context, name, found.isShared, id)
      // Members that a newer release has written stay.
      const stored = { ...found.stored, name: name ?? found.stored.name, filters: filters ?? found.stored.filters }
      put(context, id, found.isShared, stored)
      return shown({ ...found, stored })
    },
  }),
  'views.share': command({
    access: 'views.share',
    changes: CHANGES,
    run: (context, { id, isShared }: ProcedureInput<'views.share'>) => {
      const found = changeable(context, id)
      if (found.isShared === isShared) return shown(found)
      requireFreeName(context, found.stored.name, isShared, id)
      requireRoom(context, isShared)
      put(context, id, isShared, found.stored)
      put(context, id, found.isShared, null)
      return shown({ ...found, isShared })
    },
  }),
  'views.remove': command({
    access: 'views.edit',
    reach: 'own',
    also: ['views.share'],
    changes: CHANGES,
    run: (context, { id }: ProcedureInput<'views.remove'>) => {
      put(context, id, changeable(context, id).isShared, null)
      return null
    },
  }),
  'views.setDefault': command({
    access: 'views.edit',
    reach: 'own',
    changes: CHANGES,
    run: (context, { id }: ProcedureInput<'views.setDefault'>) => {
      if (id !== null && !viewsOf(context).some((view) => view.id === id)) throw notFound('view')
      putUserSetting(context.db, context.actor.clientId, context.actor.userId, DEFAULT_VIEW_KEY, id)
      return null
    },
  }),
}
