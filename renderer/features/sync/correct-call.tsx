import { t } from '@lingui/core/macro'
import { Alert, Stack } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { OpId } from '../../../core/id.ts'
import type { Call, CallFields } from '../../../core/model/call.ts'
import { useApi } from '../../api/api-context.ts'
import { PanelFrame } from '../../view/panel-frame.tsx'
import { useViewState, whileShown } from '../../view/view-state.ts'
import { Nothing, Shown } from '../../feedback/states.tsx'
import { CallForm } from '../calls/call-form.tsx'
import { callValues, patchOf, type CallFormValues } from '../calls/call-form-values.ts'
import { useCallCommands, type SaveOptions } from '../calls/use-call-commands.ts'
import { useFormDraft } from '../../drafts/use-draft.ts'
import { useSession } from '../../session/session-context.ts'
import { refusalText } from './refusal-text.ts'
import { emptyCall, proposedCall, type Rejection } from './rejected-call.ts'

/** The form of a call with the refused values. Saving makes a new edit and settles the refused one. */
export function CorrectCall({ opId }: { readonly opId: OpId }) {
  const { query } = useApi()
  const rejections = useQuery(query.sync.rejections.queryOptions())
  // Kept because a settled change leaves the list before the panel closes.
  const [kept, setKept] = useState<Rejection>()
  const rejection = rejections.data?.find((each) => each.opId === opId)
  if (rejection !== undefined && kept === undefined) setKept(rejection)
  return (
    <PanelFrame title={t`Correct the refused call`}>
      <Shown query={rejections} what={t`Refused change`}>
        {() =>
          kept === undefined ? <Nothing title={t`This change is already settled`} /> : <CorrectExisting rejection={kept} />
        }
      </Shown>
    </PanelFrame>
  )
}

function CorrectExisting({ rejection }: { readonly rejection: Rejection }) {
  const { query } = useApi()
  const isNew = rejection.action === 'INSERT'
  const call = useQuery(query.calls.get.queryOptions({ input: { id: rejection.rowId }, enabled: !isNew }))
  if (isNew) return <CorrectForm rejection={rejection} existing={undefined} />
  return (
    <Shown query={call} what={t`Call`}>
      {(existing) => <CorrectForm rejection={rejection} existing={existing} />}
    </Shown>
  )
}

function CorrectForm({ rejection, existing: loaded }: { readonly rejection: Rejection; readonly existing: Call | undefined }) {
  const { api } = useApi()
  const queries = useQueryClient()
  const { user, settings } = useSession()
  const commands = useCallCommands()
  const close = useViewState((view) => view.closePanel)
  const zone = settings.time_zone
  const [round, setRound] = useState(0)
  // The call when the form was opened. A change made elsewhere meanwhile is not shown and not overwritten.
  const [existing] = useState(loaded)
  const [proposed] = useState(() => proposedCall(rejection, existing, emptyCall(user.id)))
  const [pristine] = useState(() => callValues(proposed, zone))
  // The name contains the id of the call, so that the draft is deleted with the call.
  const { writer, draft, onTypedEarly } = useFormDraft(`call:${rejection.rowId}:${rejection.opId}`, pristine)

  async function save(call: CallFields, _: CallFormValues, { despiteDoNotCall }: SaveOptions) {
    const ifShown = whileShown()
    if (existing === undefined) await commands.create(call, despiteDoNotCall)
    else {
      const patch = patchOf(existing, call)
      if (Object.keys(patch).length > 0) await commands.update(existing, patch, despiteDoNotCall)
    }
    await api.sync.discard({ opId: rejection.opId, alone: true })
    void queries.invalidateQueries()
    await writer.discard().catch(() => {})
    ifShown(close)
  }

  return (
    <Stack gap="md">
      <Alert color="orange" role="note">
        {refusalText(rejection)}
      </Alert>
      <CallForm
        key={round}
        pristine={pristine}
        draft={round > 0 ? null : draft}
        writer={writer}
        onTypedEarly={onTypedEarly}
        context={{ zone, original: proposed }}
        saveLabel={existing === undefined ? t`Save call` : t`Save changes`}
        save={save}
        onClose={close}
        onDiscard={() =>
          void writer
            .discard()
            .catch(() => {})
            .then(() => setRound(round + 1))
        }
      />
    </Stack>
  )
}
