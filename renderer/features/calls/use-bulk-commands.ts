import { plural, t } from '@lingui/core/macro'
import { useQueryClient } from '@tanstack/react-query'
import type { BulkAction, BulkReport, CallSelectionInput } from '../../../core/contract/bulk.ts'
import type { Id } from '../../../core/id.ts'
import { useApi } from '../../api/api-context.ts'
import { errorCode } from '../../api/explain-error.ts'
import { announceUndoable, StepRefused, type PartlyDone } from '../../view/use-undo.ts'
import { useViewState } from '../../view/view-state.ts'
import { notifyError } from '../../feedback/notify-error.ts'
import { notifyDone } from '../../ui/notify.tsx'
import { BulkInterrupted, useBulkJob } from './bulk-job.ts'
import { doneText, interruptedText, isPartial, reportTitle, runningText } from './bulk-text.ts'

/** Runs bulk actions. Each is reported with one Undo for all calls, and with the calls that were not changed. */
export function useBulkCommands(): (selection: CallSelectionInput, action: BulkAction, target: string) => Promise<void> {
  const { api, query } = useApi()
  const queries = useQueryClient()
  const follow = useBulkJob((job) => job.follow)

  const refresh = () => {
    for (const queryKey of [query.calls.key(), query.reports.key(), query.sync.key()])
      void queries.invalidateQueries({ queryKey })
  }
  const show = (report: BulkReport) => useViewState.getState().openPanel({ kind: 'bulk-report', report })

  const closeReport = (batchId: Id) => {
    const { panel, closePanel } = useViewState.getState()
    if (panel?.kind === 'bulk-report' && panel.report.batchId === batchId) closePanel()
  }

  function offerUndo(label: string, batchId: Id) {
    const revert = async (isUndo: boolean): Promise<string | PartlyDone> => {
      if (useBulkJob.getState().running !== null)
        throw new StepRefused(t`Another bulk action is running. Wait until it ends, or cancel it.`, true)
      let report: BulkReport
      try {
        report = await (isUndo
          ? follow(t`Undoing`, () => api.calls.bulk.undo({ batchId }))
          : follow(t`Redoing`, () => api.calls.bulk.redo({ batchId })))
      } catch (error) {
        const cause = error instanceof BulkInterrupted ? error.cause : error
        // The application was restarted, or the person signed out. Offering this step again would block all earlier ones.
        if (errorCode(cause) === 'NOT_FOUND')
          throw new StepRefused(
            t`The application was restarted in the meantime. Nothing was changed. Change the calls one by one.`,
          )
        throw cause
      } finally {
        refresh()
      }
      if (isPartial(report)) show(report)
      else closeReport(batchId)
      // The calls that were not reached stay in the step.
      if (report.cancelled || report.failure !== null) return { text: reportTitle(report), isPartial: true }
      const { changed, total } = report
      if (changed < total) return reportTitle(report)
      return isUndo ? plural(total, { one: '# call restored', other: '# calls restored' }) : t`${label} again`
    }
    announceUndoable(
      label,
      () => revert(true),
      () => revert(false),
    )
  }

  return async (selection, action, target) => {
    try {
      const report = await follow(runningText(action.kind), () => api.calls.bulk.run({ selection, action }))
      const label = doneText(action.kind, report.changed, target)
      if (report.changed > 0) offerUndo(label, report.batchId)
      else if (!isPartial(report)) notifyDone(t`Nothing to change`)
      if (isPartial(report)) show(report)
    } catch (error) {
      if (error instanceof BulkInterrupted) offerUndo(interruptedText(action.kind), error.batchId)
      notifyError(error instanceof BulkInterrupted ? error.cause : error)
    } finally {
      refresh()
    }
  }
}
