import { useEffect, useState } from 'react'
import type { CallFields } from '../../../core/model/call.ts'
import { explainError } from '../../api/explain-error.ts'
import { PanelFrame } from '../../view/panel-frame.tsx'
import { useViewState } from '../../view/view-state.ts'
import { notifyProblem } from '../../ui/notify.tsx'
import { NotPermitted } from '../../feedback/states.tsx'
import { useRights, useSession } from '../../session/session-context.ts'
import { CallForm } from './call-form.tsx'
import { startedCallValues } from './call-form-values.ts'
import type { CallFormValues } from './call-form-values.ts'
import { registerDraftWriter } from '../../drafts/draft-registry.ts'
import { newCalls } from './new-calls.ts'
import { useCallCommands } from './use-call-commands.ts'
import { NEW_CALL_DRAFT, useFormDraft } from '../../drafts/use-draft.ts'

export function NewCall() {
  const rights = useRights()
  const round = newCalls.useForms((forms) => forms.round)
  if (rights.reach('calls.create') === 'none')
    return (
      <PanelFrame title="New call" takeFocus>
        <NotPermitted title="Your role can’t log calls" />
      </PanelFrame>
    )
  return (
    <PanelFrame title="New call">
      <NewCallForm key={round} />
    </PanelFrame>
  )
}

/**
 * The form of one call. It is rendered as soon as the panel opens, so that it receives every key; a stored draft that arrives later is
 * merged. On saving, an empty form replaces it at once while the call is saved.
 */
function NewCallForm() {
  const { user, settings } = useSession()
  const commands = useCallCommands()
  const close = useViewState((view) => view.closePanel)
  const openPanel = useViewState((view) => view.openPanel)
  const [pristine] = useState(() => {
    const { panel } = useViewState.getState()
    const context = { now: Date.now(), zone: settings.time_zone }
    return startedCallValues(user.id, panel?.kind === 'new-call' ? panel.values : undefined, context)
  })
  const { writer, draft: stored, onTypedEarly } = useFormDraft(NEW_CALL_DRAFT, pristine)
  const [unsaved] = useState(() => newCalls.first(user.id))
  // While a call is being saved, the stored draft belongs to that call.
  const [held] = useState(() => (writer.isHeld ? { values: writer.held } : undefined))

  // The stored draft is that of the call that the form shows: a window that is started again has only this draft.
  useEffect(() => {
    if (unsaved !== undefined) writer.change(unsaved.values)
  }, [unsaved, writer])
  const change = (values: Partial<CallFormValues> | null) => {
    if (unsaved !== undefined) newCalls.keep(unsaved, { ...pristine, ...values })
    writer.change(values)
  }

  function draft() {
    const values = unsaved?.values ?? held?.values ?? null
    if (values !== null) return { values: { ...pristine, ...values }, updatedAt: null }
    return unsaved !== undefined || held !== undefined ? null : stored
  }

  async function create(call: CallFields, values: CallFormValues) {
    try {
      await commands.create(call)
    } catch (error) {
      newCalls.putBack(user.id, { values, error }, writer.held && { ...pristine, ...writer.held })
      writer.change(values)
      if (useViewState.getState().panel?.kind !== 'new-call') {
        const { title, detail } = explainError(error)
        notifyProblem(`Call with ${call.prospectName} not saved: ${title}`, `${detail} Press N to see it again.`)
      }
    }
    await writer.release().catch(() => {})
  }

  function save(call: CallFields, values: CallFormValues) {
    writer.hold()
    if (unsaved !== undefined) newCalls.drop(unsaved)
    // The next call is with another prospect than the one whose card opened the form.
    const { panel } = useViewState.getState()
    if (panel?.kind === 'new-call' && panel.values !== undefined) openPanel({ kind: 'new-call' })
    newCalls.next()
    const settled = create(call, values)
    // Locking and signing out wait for the save, because it belongs to this session.
    const unregister = registerDraftWriter(() => settled)
    return settled.finally(unregister)
  }

  return (
    <CallForm
      pristine={pristine}
      draft={draft()}
      error={unsaved?.error ?? null}
      isUnsaved={unsaved !== undefined}
      writer={{ change }}
      onTypedEarly={onTypedEarly}
      context={{ zone: settings.time_zone }}
      saveLabel="Save call"
      save={save}
      onClose={close}
      onDiscard={() => {
        if (unsaved !== undefined) newCalls.drop(unsaved)
        void writer.discard().catch(() => {})
        newCalls.next()
      }}
    />
  )
}
