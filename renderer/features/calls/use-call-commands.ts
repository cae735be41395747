import { useQueryClient } from '@tanstack/react-query'
import { fieldsOf, type Call, type CallFields, type CallPatch } from '../../../core/model/call.ts'
import { useApi } from '../../api/api-context.ts'
import { useViewState } from '../../view/view-state.ts'
import { announceUndoable } from '../../view/use-undo.ts'
import { notifyError } from '../../feedback/notify-error.ts'
import { heldValues } from './call-form-values.ts'

export type CallCommands = {
  create: (call: CallFields) => Promise<Call>
  /**
   * Rejects with CONFLICT if someone else has changed one of the fields.
   * @param original the call as the person saw it; Undo restores its values.
   */
  update: (original: Call, patch: CallPatch) => Promise<Call>
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
  async function deleted(call: Call): Promise<string> {
    await api.calls.delete({ id: call.id, expected: fieldsOf(call) })
    leave(call)
    return `Call with ${call.prospectName} deleted`
  }
  async function restored({ id }: Call): Promise<Call> {
    const call = await api.calls.restore({ id })
    refresh()
    return call
  }
  /** Closes the panel of a deleted call. */
  function leave({ id }: Call): void {
    const { panel, closePanel } = useViewState.getState()
    if (panel !== null && 'id' in panel && panel.id === id) closePanel()
    queries.removeQueries({ queryKey: query.calls.get.queryKey({ input: { id } }) })
    refresh()
  }

  return {
    async create(fields) {
      const call = await api.calls.create(fields)
      refresh()
      // A restored call may have other values than the created one: the server may correct them.
      let held = call
      announceUndoable(
        `Call with ${call.prospectName} logged`,
        () => deleted(held),
        async () => {
          held = await restored(call)
        },
      )
      return call
    },
    async update(original, patch) {
      const before = heldValues(original, patch)
      const call = await api.calls.update({ id: original.id, patch, expected: before })
      refresh()
      // Undo reverts this edit only, not a later edit by someone else.
      const after = heldValues(call, patch)
      const { id, prospectName } = call
      const set = async (values: CallPatch, expected: CallPatch) => {
        await api.calls.update({ id, patch: values, expected })
        refresh()
      }
      announceUndoable(
        `Call with ${prospectName} changed`,
        async () => {
          await set(before, after)
          return `Change of the call with ${prospectName} undone`
        },
        () => set(after, before),
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
      leave(call)
      let held = call
      announceUndoable(
        `Call with ${call.prospectName} deleted`,
        async () => {
          held = await restored(call)
          return `Call with ${call.prospectName} restored`
        },
        async () => {
          await deleted(held)
        },
      )
    },
  }
}
