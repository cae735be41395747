import { t } from '@lingui/core/macro'
import { useQueryClient } from '@tanstack/react-query'
import type { Id } from '../../../core/id.ts'
import type { SavedView, ViewFilters } from '../../../core/model/saved-views.ts'
import { useApi } from '../../api/api-context.ts'
import { announceUndoable, requireSame } from '../../view/use-undo.ts'

const filterText = (filters: ViewFilters) => JSON.stringify(Object.entries(filters).toSorted(([a], [b]) => (a < b ? -1 : 1)))

function isSame(one: SavedView, other: SavedView): boolean {
  return one.name === other.name && one.isShared === other.isShared && filterText(one.filters) === filterText(other.filters)
}

/** Returns functions that change saved views. Each change is reported with Undo, which refuses a view that was changed since. */
export function useViewChanges() {
  const { api } = useApi()
  const queries = useQueryClient()

  async function requireView(expected: SavedView): Promise<void> {
    const { views } = await api.views.list()
    requireSame(views.some((view) => view.id === expected.id && isSame(view, expected)))
  }
  async function write(next: SavedView, expected: SavedView): Promise<SavedView> {
    await requireView(expected)
    const { id, name, filters, isShared } = next
    const written = isShared === expected.isShared ? api.views.update({ id, name, filters }) : api.views.share({ id, isShared })
    const saved = await written
    await queries.invalidateQueries()
    return saved
  }
  async function create({ id, name, filters }: Omit<SavedView, 'isShared'>): Promise<void> {
    await api.views.create({ id, name, filters })
    await queries.invalidateQueries()
  }
  async function remove(view: SavedView): Promise<void> {
    await requireView(view)
    await api.views.remove({ id: view.id })
    await queries.invalidateQueries()
  }

  return {
    async add(name: string, filters: ViewFilters): Promise<SavedView> {
      const made = await api.views.create({ name, filters })
      await queries.invalidateQueries()
      announceUndoable(
        t`View “${name}” saved`,
        async () => {
          await remove(made)
          return t`View “${name}” deleted`
        },
        () => create(made),
      )
      return made
    },

    /** Changes a name, filters, or the sharing. `label`: what was done. */
    async change(label: string, before: SavedView, next: SavedView): Promise<void> {
      const after = await write(next, before)
      announceUndoable(
        label,
        () => write(before, after),
        () => write(after, before),
      )
    },

    async remove(view: SavedView, label: string): Promise<void> {
      const { name } = view
      await api.views.remove({ id: view.id })
      announceUndoable(
        label,
        async () => {
          await create(view)
          if (view.isShared) await api.views.share({ id: view.id, isShared: true })
          await queries.invalidateQueries()
          return t`View “${name}” restored`
        },
        () => remove(view),
      )
    },

    async setDefault(label: string, before: Id | null, after: Id | null): Promise<void> {
      const set = async (id: Id | null, expected: Id | null) => {
        requireSame((await api.views.list()).defaultId === expected)
        await api.views.setDefault({ id })
        await queries.invalidateQueries()
      }
      await set(after, before)
      announceUndoable(
        label,
        () => set(before, after),
        () => set(after, before),
      )
    },
  }
}
