import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { CallId, UserId } from '../../../core/id.ts'
import { fieldsOf, type Call } from '../../../core/model/call.ts'
import { useApi } from '../../api/api-context.ts'
import { errorCode } from '../../api/explain-error.ts'
import { announceUndoable } from '../../view/use-undo.ts'
import { useViewState } from '../../view/view-state.ts'
import { notifyError } from '../../feedback/notify-error.ts'
import { notifyDone } from '../../ui/notify.tsx'
import { useRights } from '../../session/session-context.ts'

type Props = {
  readonly id: CallId
  /** The call's agent when it was deleted; null if the window does not have it. The application then checks the permission. */
  readonly ownerId: UserId | null
}

/** A button that restores a deleted call. It is shown while the call does not exist, to people whose role may restore it. */
export function RestoreCall({ id, ownerId }: Props) {
  const { api, query } = useApi()
  const rights = useRights()
  const queries = useQueryClient()
  const openPanel = useViewState((view) => view.openPanel)
  const mayRestore = ownerId === null ? rights.reach('calls.restore') !== 'none' : rights.may('calls.restore', ownerId)
  const call = useQuery(query.calls.get.queryOptions({ input: { id }, enabled: mayRestore, retry: false }))
  function offerUndo(text: string, restored: Call) {
    let held = restored
    const { prospectName } = restored
    announceUndoable(
      text,
      async () => {
        await api.calls.delete({ id, expected: fieldsOf(held) })
        await queries.invalidateQueries()
        return t`Call with ${prospectName} deleted`
      },
      async () => {
        held = await api.calls.restore({ id })
        await queries.invalidateQueries()
      },
    )
  }
  const restore = useMutation({
    mutationFn: () => api.calls.restore({ id }),
    onSuccess: async (restored) => {
      const { prospectName } = restored
      const text = t`Call with ${prospectName} restored`
      if (rights.may('calls.delete', restored.userId)) offerUndo(text, restored)
      else notifyDone(text)
      await queries.invalidateQueries()
      openPanel({ kind: 'call', id, focus: true })
    },
    onError: (error) => {
      notifyError(error)
      // Someone else may have restored the call first.
      void queries.invalidateQueries({ queryKey: query.calls.key() })
    },
  })
  if (!mayRestore || errorCode(call.error) !== 'NOT_FOUND') return null
  return (
    <Button variant="default" loading={restore.isPending} onClick={() => restore.mutate()}>
      <Trans>Restore call</Trans>
    </Button>
  )
}
