import { t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { CallId } from '../../../core/id.ts'
import type { Call } from '../../../core/model/call.ts'
import { useApi } from '../../api/api-context.ts'
import { PanelFrame } from '../../view/panel-frame.tsx'
import { useViewState, whileShown } from '../../view/view-state.ts'
import { NotPermitted, Shown } from '../../feedback/states.tsx'
import { useRights, useSession } from '../../session/session-context.ts'
import { CallForm } from './call-form.tsx'
import { callValues, patchOf } from './call-form-values.ts'
import { useCallCommands } from './use-call-commands.ts'
import { useFormDraft } from '../../drafts/use-draft.ts'

export function EditCall({ id }: { readonly id: CallId }) {
  const { query } = useApi()
  const rights = useRights()
  const [round, setRound] = useState(0)
  const call = useQuery(query.calls.get.queryOptions({ input: { id } }))
  const name = call.data?.prospectName
  return (
    <PanelFrame title={name === undefined ? t`Edit call` : t`Edit call with ${name}`}>
      <Shown query={call} what={t`Call`}>
        {(found) =>
          rights.may('calls.edit', found.userId) ? (
            <EditCallForm key={round} found={found} isAgain={round > 0} onAgain={() => setRound(round + 1)} />
          ) : (
            <NotPermitted title={t`Your role can’t edit this call`} />
          )
        }
      </Shown>
    </PanelFrame>
  )
}

function EditCallForm({
  found,
  isAgain,
  onAgain,
}: {
  readonly found: Call
  readonly isAgain: boolean
  readonly onAgain: () => void
}) {
  const zone = useSession().settings.time_zone
  const commands = useCallCommands()
  const openPanel = useViewState((view) => view.openPanel)
  // The call when the form was opened. A change made elsewhere meanwhile is not shown and not overwritten.
  const [original] = useState(found)
  const isLog = original.status === 'scheduled'
  const [pristine] = useState(() => callValues(found, zone))
  const { writer, draft, onTypedEarly } = useFormDraft(`call:${found.id}`, pristine)
  const back = () => openPanel({ kind: 'call', id: found.id, focus: true })
  return (
    <CallForm
      pristine={pristine}
      draft={isAgain ? null : draft}
      writer={writer}
      onTypedEarly={onTypedEarly}
      context={{ zone, original, isLog }}
      saveLabel={t`Save changes`}
      save={async (call, _values, options) => {
        const ifShown = whileShown()
        const patch = patchOf(original, call)
        // Ending a scheduled call creates its next call in the same step.
        if (isLog && call.status !== 'scheduled') await commands.settle(original, patch, options)
        else if (Object.keys(patch).length > 0) await commands.update(original, patch, options.despiteDoNotCall)
        const discarded = writer.discard().catch(() => {})
        // Closed before the draft is deleted on disk: Ctrl+Z after the message must undo the call, not a field of the saved form.
        ifShown(back)
        await discarded
      }}
      onClose={back}
      onDiscard={() =>
        void writer
          .discard()
          .catch(() => {})
          .then(onAgain)
      }
    />
  )
}
