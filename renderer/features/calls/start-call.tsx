import { t } from '@lingui/core/macro'
import { useState } from 'react'
import type { CallFields } from '../../../core/model/call.ts'
import { useFormDraft } from '../../drafts/use-draft.ts'
import { NotPermitted } from '../../feedback/states.tsx'
import { useRights, useSession } from '../../session/session-context.ts'
import { PanelFrame } from '../../view/panel-frame.tsx'
import { useViewState, whileShown, type StartedCall } from '../../view/view-state.ts'
import { CallForm } from './call-form.tsx'
import { callValues, newCallValues, patchOf, textValues, type CallFormValues } from './call-form-values.ts'
import { followUpText, readFollowUp } from './desk-values.ts'
import { useCallCommands, type SaveOptions } from './use-call-commands.ts'

/** Distinguishes the calls that can be started from one call: each has a form and a draft of its own. */
export function startKind({ settles, isPlanned }: StartedCall): 'settle' | 'plan' | 'log' {
  if (settles !== null) return 'settle'
  return isPlanned === true ? 'plan' : 'log'
}

/** The form of a call with a known prospect. */
export function StartCall({ start }: { readonly start: StartedCall }) {
  const rights = useRights()
  const { user } = useSession()
  const { prospect, settles } = start
  const [round, setRound] = useState(0)
  const may = settles === null ? rights.may('calls.create', user.id) : rights.may('calls.edit', settles.userId)
  const { prospectName } = prospect
  return (
    <PanelFrame title={t`Call with ${prospectName}`}>
      {may ? (
        <StartCallForm key={round} start={start} isAgain={round > 0} onAgain={() => setRound(round + 1)} />
      ) : (
        <NotPermitted title={t`Your role can’t log this call`} />
      )}
    </PanelFrame>
  )
}

function StartCallForm({
  start,
  isAgain,
  onAgain,
}: {
  readonly start: StartedCall
  readonly isAgain: boolean
  readonly onAgain: () => void
}) {
  const { user, settings } = useSession()
  const zone = settings.time_zone
  const commands = useCallCommands()
  const close = useViewState((view) => view.closePanel)
  const [{ of, prospect, settles, isPlanned = false }] = useState(start)
  const [pristine] = useState(() => {
    const empty = newCallValues(user.id, { now: Date.now(), zone }, crypto.randomUUID())
    const known = { ...empty, ...textValues(prospect) }
    if (isPlanned) return { ...known, status: 'scheduled' as const, completedAt: '' }
    if (settles === null) return known
    // The scheduled call becomes the finished one, so its type, its notes and its agent stay.
    const { userId, callType, notes } = callValues(settles, zone)
    const followUp = followUpText({ id: settles.id, at: settles.scheduledAt ?? settles.createdAt, isSettled: true })
    return { ...known, userId, callType, notes, followUp }
  })
  // The name begins with the id of the call, so that the draft is deleted with the call.
  const { writer, draft, onTypedEarly } = useFormDraft(`call:${of}:${startKind(start)}`, pristine)

  async function save(call: CallFields, { followUp }: CallFormValues, options: SaveOptions) {
    const ifShown = whileShown()
    if (settles !== null && readFollowUp(followUp)?.isSettled === true)
      await commands.settle(settles, patchOf(settles, call), options)
    else await commands.finish(call, followUp, options)
    const discarded = writer.discard().catch(() => {})
    // Closed before the draft is deleted on disk: Ctrl+Z after the message must undo the call, not a field of the saved form.
    ifShown(close)
    await discarded
  }

  return (
    <CallForm
      pristine={pristine}
      draft={isAgain ? null : draft}
      writer={writer}
      onTypedEarly={onTypedEarly}
      context={{ zone, isLog: true }}
      saveLabel={t`Save call`}
      save={save}
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
