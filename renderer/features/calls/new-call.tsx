import { useState } from 'react'
import { PanelFrame } from '../../app/panel-frame.tsx'
import { useViewState } from '../../app/view-state.ts'
import { Loading, NotPermitted } from '../../ui/states.tsx'
import { useRights, useSession } from '../session/session-context.ts'
import { CallForm } from './call-form.tsx'
import { newCallValues, valuesFromDraft } from './call-form-values.ts'
import type { CallFormValues } from './call-form-values.ts'
import { useCallCommands } from './use-call-commands.ts'
import { useDraftWriter, useStoredDraft } from './use-draft.ts'

const FORM = 'call:new'

export function NewCall() {
  const rights = useRights()
  const [round, setRound] = useState(0)
  if (rights.reach('calls.create') === 'none')
    return (
      <PanelFrame title="New call" takeFocus>
        <NotPermitted what="Logging calls" />
      </PanelFrame>
    )
  return (
    <PanelFrame title="New call">
      <NewCallForm key={round} isNext={round > 0} onAgain={() => setRound(round + 1)} />
    </PanelFrame>
  )
}

/** One empty form, or the draft of one. Once saved it makes room for the next. */
function NewCallForm({ isNext, onAgain }: { readonly isNext: boolean; readonly onAgain: () => void }) {
  const { user, settings } = useSession()
  const commands = useCallCommands()
  const close = useViewState((view) => view.closePanel)
  const writer = useDraftWriter<Partial<CallFormValues>>(FORM)
  const stored = useStoredDraft(FORM)
  const [pristine] = useState(() => newCallValues(user.id, { now: Date.now(), zone: settings.time_zone }))
  // The draft of the call just saved is being forgotten; it is not to come back.
  if (!isNext && !stored.loaded) return <Loading what="Form" />
  const values = isNext || stored.draft === null ? null : valuesFromDraft(stored.draft.value, pristine)
  return (
    <CallForm
      pristine={pristine}
      draft={values && stored.draft && { values, updatedAt: stored.draft.updatedAt }}
      writer={writer}
      context={{ zone: settings.time_zone }}
      saveLabel="Save call"
      save={async (call) => {
        await commands.create(call)
        await writer.discard().catch(() => {})
        onAgain()
      }}
      onClose={close}
      onDiscard={() =>
        void writer
          .discard()
          .catch(() => {})
          .then(onAgain)
      }
    />
  )
}
