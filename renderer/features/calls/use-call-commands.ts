import { useQueryClient } from '@tanstack/react-query'
import type { Call, CallFields, CallPatch } from '../../../core/model/call.ts'
import { useApi } from '../../api/api-context.ts'
import { useViewState } from '../../view/view-state.ts'
import { announceUndoable } from '../../view/use-undo.ts'
import { notifyError } from '../../feedback/notify-error.ts'
import { heldValues } from './call-form-values.ts'

export type CallCommands = {
  /** @param despiteDoNotCall the person has confirmed to plan a call with a prospect on the do-not-call list */
  create: (call: CallFields, despiteDoNotCall: boolean) => Promise<Call>
  /**
   * Rejects with CONFLICT if someone else has changed one of the fields.
   * @param original the call as the person saw it; Undo restores its values.
   */
  update: (original: Call, patch: CallPatch, despiteDoNotCall: boolean) => Promise<Call>
  remove: (call: Call) => Promise<void>
}

/** Changes calls. Each change is reported with Undo. `create` and `update` reject, so that the form can show the error. */
export function useCallCommands(): CallCommands {
  const { api, query } = useApi()
  const queries = useQueryClient()

  /** Shows the change at once, without waiting for the event. */
  const refresh = () =>
    void Promise.all([
      queries.invalidateQueries({ queryKey: query.calls.key() }),
      queries.invalidateQueries({ queryKey: query.reports.key() }),
      queries.invalidateQueries({ queryKey: query.sync.key() }),
    ])
  const then =
    <T>(done: string, step: () => Promise<T>) =>
    async () => {
      await step()
      refresh()
      return done
    }

  return {
    async create(fields, despiteDoNotCall) {
      const call = await api.calls.create({ ...fields, despiteDoNotCall })
      refresh()
      announceUndoable(
        `Call with ${call.prospectName} logged`,
        then('Call deleted', () => api.calls.delete({ id: call.id })),
      )
      return call
    },
    async update(original, patch, despiteDoNotCall) {
      const before = heldValues(original, patch)
      const call = await api.calls.update({ id: original.id, patch, expected: before, despiteDoNotCall })
      refresh()
      // Undo reverts this edit only, not a later edit by someone else.
      const expected = heldValues(call, patch)
      announceUndoable(
        `Call with ${call.prospectName} changed`,
        then('Change undone', () => api.calls.update({ id: call.id, patch: before, expected, despiteDoNotCall: true })),
      )
      return call
    },
    async remove(call) {
      try {
        await api.calls.delete({ id: call.id })
      } catch (error) {
        notifyError(error)
        return
      }
      const { panel, closePanel } = useViewState.getState()
      if (panel !== null && 'id' in panel && panel.id === call.id) closePanel()
      queries.removeQueries({ queryKey: query.calls.get.queryKey({ input: { id: call.id } }) })
      refresh()
      announceUndoable(
        `Call with ${call.prospectName} deleted`,
        then('Call restored', () => api.calls.restore({ id: call.id })),
      )
    },
  }
}
