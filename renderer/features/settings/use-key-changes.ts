import { useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../api/api-context.ts'
import { notifyError } from '../../feedback/notify-error.ts'
import type { KeysPatch, OwnKeys } from '../../keys/bindings.ts'
import { useOwnKeys } from '../../keys/use-actions.ts'
import { announceUndoable, requireSame } from '../../view/use-undo.ts'

type FullPatch = Record<string, string[] | null>

/** Returns the patch that restores the present keys of the actions in `patch`. */
function inverse(own: OwnKeys, patch: FullPatch): FullPatch {
  return Object.fromEntries(Object.keys(patch).map((id) => [id, own[id] === undefined ? null : [...own[id]]]))
}

const holds = (own: OwnKeys, patch: FullPatch) =>
  Object.entries(patch).every(([id, keys]) => JSON.stringify(own[id] ?? null) === JSON.stringify(keys))

/** Returns a function that saves own keys and reports it with Undo. It resolves to whether they were saved. */
export function useKeyChanges(): (label: string, patch: KeysPatch) => Promise<boolean> {
  const { api, query } = useApi()
  const queries = useQueryClient()
  const own = useOwnKeys()

  async function write(patch: FullPatch): Promise<void> {
    queries.setQueryData(query.preferences.get.queryKey(), await api.preferences.set({ keys: patch }))
  }
  async function exchange(expected: FullPatch, patch: FullPatch): Promise<void> {
    requireSame(holds((await api.preferences.get()).keys, expected))
    await write(patch)
  }
  return async (label, changes) => {
    const patch: FullPatch = changes
    const before = inverse(own, patch)
    try {
      await write(patch)
    } catch (error) {
      notifyError(error)
      return false
    }
    announceUndoable(
      label,
      () => exchange(patch, before),
      () => exchange(before, patch),
    )
    return true
  }
}
