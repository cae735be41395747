import { i18n, type MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import type { ProvenKey } from '../../core/metrics/proof.ts'
import type { TargetMetric } from '../../core/model/targets.ts'

/** Names and definitions of figures in the language of the window. Files and the command line have the English ones of `core/`. */

type Text = { readonly label: MessageDescriptor; readonly definition: MessageDescriptor }

const FIGURES: Readonly<Record<ProvenKey, Text>> = {
  calls: {
    label: msg`Calls`,
    definition: msg`All calls of the period: completed, no-show, rescheduled, cancelled and scheduled.`,
  },
  show_rate: { label: msg`Show rate`, definition: msg`Completed ÷ (completed + no-show + rescheduled).` },
  attendance: { label: msg`Attendance`, definition: msg`Completed ÷ (completed + no-show).` },
  close_rate: { label: msg`Close rate`, definition: msg`Won ÷ completed. Undecided calls stay in the denominator.` },
  win_rate: { label: msg`Win rate`, definition: msg`Won ÷ (won + lost). Undecided calls are left out.` },
  no_show_rate: { label: msg`No-show rate`, definition: msg`No-show ÷ (completed + no-show + rescheduled).` },
  reschedule_rate: { label: msg`Reschedule rate`, definition: msg`Rescheduled ÷ (completed + no-show + rescheduled).` },
  talk_time: { label: msg`Talk time`, definition: msg`Sum of the durations of completed calls that have one.` },
  average_duration: {
    label: msg`Average duration`,
    definition: msg`Talk time ÷ completed calls that have a duration.`,
  },
  duration_coverage: {
    label: msg`Duration coverage`,
    definition: msg`Completed calls that have a duration ÷ completed calls.`,
  },
  undecided: {
    label: msg`Undecided`,
    definition: msg`Completed calls whose outcome is still open. They stay in the denominator of the close rate.`,
  },
}

const TARGETS: Readonly<Record<TargetMetric, Text>> = {
  completed: {
    label: msg`Completed`,
    definition: msg`Completed calls. For part of a month, the target is reduced to its share of the month’s working days, Monday to Friday.`,
  },
  won: {
    label: msg`Won`,
    definition: msg`Won calls. For part of a month, the target is reduced to its share of the month’s working days, Monday to Friday.`,
  },
  show_rate: {
    label: FIGURES.show_rate.label,
    definition: msg`Completed ÷ (completed + no-show + rescheduled). The target of a rate is the same for part of a month.`,
  },
  close_rate: {
    label: FIGURES.close_rate.label,
    definition: msg`Won ÷ completed. Undecided calls stay in the denominator. The target of a rate is the same for part of a month.`,
  },
  win_rate: {
    label: FIGURES.win_rate.label,
    definition: msg`Won ÷ (won + lost). Undecided calls are left out. The target of a rate is the same for part of a month.`,
  },
}

export const figureLabel = (key: ProvenKey): string => i18n.t(FIGURES[key].label)
/** Returns the formula of a figure, as shown under "How is this computed". */
export const figureDefinition = (key: ProvenKey): string => i18n.t(FIGURES[key].definition)
export const targetLabel = (metric: TargetMetric): string => i18n.t(TARGETS[metric].label)
export const targetDefinition = (metric: TargetMetric): string => i18n.t(TARGETS[metric].definition)
