import { useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../api/api-context.ts'
import { announceUndoable, requireSame } from '../../view/use-undo.ts'
import { holds, patchOf, valuesBefore, type Changes, type Member } from './preference-changes.ts'

/**
 * Returns a function that saves preferences and reports it with Undo. Undo and redo are refused if another device has changed the same
 * preferences since.
 */
export function usePreferenceChanges<Of extends Member>(member: Of): (label: string, changes: Changes<Of>) => Promise<void> {
  const { api, query } = useApi()
  const queries = useQueryClient()

  async function write(changes: Changes<Of>): Promise<void> {
    queries.setQueryData(query.preferences.get.queryKey(), await api.preferences.set(patchOf(member, changes)))
  }
  async function exchange(expected: Changes<Of>, changes: Changes<Of>): Promise<void> {
    requireSame(holds(member, expected, await api.preferences.get()))
    await write(changes)
  }
  return async (label, changes) => {
    const before = valuesBefore(member, changes, await queries.ensureQueryData(query.preferences.get.queryOptions()))
    await write(changes)
    announceUndoable(
      label,
      () => exchange(changes, before),
      () => exchange(before, changes),
    )
  }
}
