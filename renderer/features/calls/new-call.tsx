import { t } from '@lingui/core/macro'
import { Stack } from '@mantine/core'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { CallFields } from '../../../core/model/call.ts'
import { explainError } from '../../api/explain-error.ts'
import { PanelFrame } from '../../view/panel-frame.tsx'
import { useViewState } from '../../view/view-state.ts'
import { notifyProblem } from '../../ui/notify.tsx'
import { useActions, useKeyText } from '../../keys/use-actions.ts'
import { NotPermitted } from '../../feedback/states.tsx'
import { useRights, useSession } from '../../session/session-context.ts'
import { CallForm } from './call-form.tsx'
import { newCallValues } from './call-form-values.ts'
import type { CallFormValues } from './call-form-values.ts'
import { registerDraftWriter } from '../../drafts/draft-registry.ts'
import { newCalls } from './new-calls.ts'
import { UnfinishedList } from './unfinished-list.tsx'
import { useCallCommands, type SaveOptions } from './use-call-commands.ts'
import { useUnfinishedCalls } from './use-unfinished-calls.ts'
import { NEW_CALL_DRAFT, useFormDraft } from '../../drafts/use-draft.ts'

export function NewCall() {
  const rights = useRights()
  const round = newCalls.useForms((forms) => forms.round)
  if (rights.reach('calls.create') === 'none')
    return (
      <PanelFrame title={t`New call`} takeFocus>
        <NotPermitted title={t`Your role can’t log calls`} />
      </PanelFrame>
    )
  return (
    <PanelFrame title={t`New call`}>
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
  const [pristine] = useState(() => newCallValues(user.id, { now: Date.now(), zone: settings.time_zone }, crypto.randomUUID()))
  const { writer, draft: stored, onTypedEarly } = useFormDraft(NEW_CALL_DRAFT, pristine)
  const [unsaved] = useState(() => newCalls.first(user.id))
  // While a call is being saved, the stored draft belongs to that call.
  const [held] = useState(() => (writer.isHeld ? { values: writer.held } : undefined))

  // The shown call becomes the stored draft: after a restart, the window has only this draft.
  useEffect(() => {
    if (unsaved !== undefined) writer.change(unsaved.values)
  }, [unsaved, writer])
  const current = useRef<() => CallFormValues | null>(null)
  const change = (values: Partial<CallFormValues> | null) => {
    if (unsaved !== undefined) newCalls.keep(unsaved, { ...pristine, ...values })
    writer.change(values)
  }

  const newCallKey = useKeyText('call.new')

  function draft() {
    const values = unsaved?.values ?? held?.values ?? null
    if (values !== null) return { values: { ...pristine, ...values }, updatedAt: null }
    return unsaved !== undefined || held !== undefined ? null : stored
  }
  const shown = draft()

  const isMoved = useRef(false)
  const calls = useUnfinishedCalls({
    draftId: shown?.values.draftId ?? pristine.draftId,
    writer,
    isReady: shown !== undefined,
    values: useCallback(() => current.current?.() ?? null, []),
    restart: useCallback(() => {
      isMoved.current = true
      if (unsaved !== undefined) newCalls.drop(unsaved)
      newCalls.next()
    }, [unsaved]),
  })
  const continueNext = () => {
    const [next] = calls.aside
    if (next !== undefined) calls.continueWith(next)
  }
  useActions({ 'form.aside': calls.putAside, 'form.continue': calls.aside.length > 0 ? continueNext : undefined })

  async function create(call: CallFields, values: CallFormValues, options: SaveOptions) {
    try {
      await commands.finish(call, values.followUp, options)
    } catch (error) {
      newCalls.putBack(user.id, { values, error }, writer.held && { ...pristine, ...writer.held })
      writer.change(values)
      if (useViewState.getState().panel?.kind !== 'new-call') {
        const { title, detail } = explainError(error)
        const { prospectName } = call
        notifyProblem(
          t`Call with ${prospectName} not saved: ${title}`,
          newCallKey === undefined ? detail : t`${detail} Press ${newCallKey} to see it again.`,
        )
      }
    }
    await writer.release().catch(() => {})
  }

  function save(call: CallFields, values: CallFormValues, options: SaveOptions) {
    writer.hold()
    if (unsaved !== undefined) newCalls.drop(unsaved)
    newCalls.next()
    const settled = create(call, values, options)
    // Locking and signing out wait for the save, because it belongs to this session.
    const unregister = registerDraftWriter(() => settled)
    return settled.finally(unregister)
  }

  return (
    <Stack gap="lg">
      <CallForm
        pristine={pristine}
        draft={shown}
        error={unsaved?.error ?? null}
        isUnsaved={unsaved !== undefined}
        writer={{ change }}
        onTypedEarly={(typed) => {
          if (!isMoved.current) onTypedEarly(typed)
        }}
        context={{ zone: settings.time_zone, isLog: true }}
        current={current}
        saveLabel={t`Save call`}
        save={save}
        onClose={close}
        onDiscard={calls.discard}
      />
      <UnfinishedList calls={calls} zone={settings.time_zone} />
    </Stack>
  )
}
