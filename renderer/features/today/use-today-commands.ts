import { t } from '@lingui/core/macro'
import { useCallback } from 'react'
import { movedBy } from '../../../core/agenda/reschedule.ts'
import type { Call } from '../../../core/model/call.ts'
import { explainError, isDoNotCall } from '../../api/explain-error.ts'
import { notifyError } from '../../feedback/notify-error.ts'
import { useSession } from '../../session/session-context.ts'
import { notifyProblem } from '../../ui/notify.tsx'
import { useViewState } from '../../view/view-state.ts'
import { useCallCommands } from '../calls/use-call-commands.ts'

export type TodayCommands = {
  open: (call: Call, takeFocus: boolean) => void
  /** Opens the form of the call that is being made. `settles`: the call is on the agenda, and leaves it when the form is saved. */
  start: (call: Call, settles: boolean) => void
  /** Moves a scheduled call by some days. */
  move: (entry: Call, days: number) => void
  /** Schedules a call with the prospect of an earlier call, some days from today. */
  schedule: (last: Call, days: number) => void
}

/** Schedules a call. For a prospect on the do-not-call list, the message has a button that schedules the call anyway. */
function plan(save: (despiteDoNotCall: boolean) => Promise<unknown>): void {
  void save(false).catch((error: unknown) => {
    if (!isDoNotCall(error)) return notifyError(error)
    const { title, detail } = explainError(error)
    notifyProblem(title, detail, { label: t`Schedule the call anyway`, press: () => void save(true).catch(notifyError) })
  })
}

export function useTodayCommands(): TodayCommands {
  const commands = useCallCommands()
  const zone = useSession().settings.time_zone
  const openPanel = useViewState((view) => view.openPanel)
  return {
    open: useCallback((call, focus) => openPanel({ kind: 'call', id: call.id, focus }), [openPanel]),
    start: useCallback(
      (call, settles) => openPanel({ kind: 'new-call', start: { of: call.id, prospect: call, settles: settles ? call : null } }),
      [openPanel],
    ),
    move: (entry, days) => {
      const scheduledAt = movedBy(days, entry.scheduledAt, { now: Date.now(), zone })
      plan((despiteDoNotCall) => commands.update(entry, { scheduledAt }, despiteDoNotCall))
    },
    schedule: (last, days) => {
      const at = movedBy(days, null, { now: Date.now(), zone })
      plan((despiteDoNotCall) => commands.followUp(last, at, despiteDoNotCall))
    },
  }
}
