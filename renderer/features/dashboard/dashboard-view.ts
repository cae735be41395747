import { isId, type UserId, type LossReasonId } from '../../../core/id.ts'
import type { MetricKey } from '../../../core/metrics/metrics.ts'
import type { SearchText } from '../../view/search-text.ts'
import { periodFromText, periodToText } from '../../format/period-choice.ts'
import type { PeriodChoice } from '../../format/period-choice.ts'
import { viewToSearch } from '../calls/calls-view.ts'
import type { CallsView } from '../calls/calls-view.ts'

export type DashboardView = { readonly period: PeriodChoice; readonly userIds: readonly UserId[] }

const DEFAULT_PERIOD: PeriodChoice = { kind: 'named', period: 'this_month' }

export function dashboardViewFromSearch(search: SearchText): DashboardView {
  return { period: periodFromText(search['period'], DEFAULT_PERIOD), userIds: search['agents']?.split(',').filter(isId) ?? [] }
}

export function dashboardViewToSearch({ period, userIds }: DashboardView): SearchText {
  const search = { period: periodToText(period), agents: userIds.join(',') }
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== ''))
}

/** The parts of a figure whose calls can be shown. */
export type FigurePart = 'numerator' | 'denominator'

type Rows = Partial<Pick<CallsView, 'statuses' | 'outcomes' | 'lossReasonIds'>>

/** The calls of each part of each figure, as a filter of the list. */
const ROWS: Record<MetricKey, Record<FigurePart, Rows>> = {
  calls: { numerator: {}, denominator: {} },
  show_rate: { numerator: { statuses: ['completed'] }, denominator: { statuses: ['completed', 'no_show', 'rescheduled'] } },
  attendance: { numerator: { statuses: ['completed'] }, denominator: { statuses: ['completed', 'no_show'] } },
  close_rate: { numerator: { outcomes: ['won'] }, denominator: { statuses: ['completed'] } },
  win_rate: { numerator: { outcomes: ['won'] }, denominator: { outcomes: ['won', 'lost'] } },
  no_show_rate: { numerator: { statuses: ['no_show'] }, denominator: { statuses: ['completed', 'no_show', 'rescheduled'] } },
  reschedule_rate: {
    numerator: { statuses: ['rescheduled'] },
    denominator: { statuses: ['completed', 'no_show', 'rescheduled'] },
  },
  talk_time: { numerator: { statuses: ['completed'] }, denominator: { statuses: ['completed'] } },
  average_duration: { numerator: { statuses: ['completed'] }, denominator: { statuses: ['completed'] } },
  duration_coverage: { numerator: { statuses: ['completed'] }, denominator: { statuses: ['completed'] } },
}

/** Returns the address of the calls that are counted in one part of a figure. */
export function rowsBehind(key: MetricKey, part: FigurePart, view: DashboardView): SearchText {
  return viewToSearch({ ...view, ...ROWS[key][part] })
}

export function undecidedRows(view: DashboardView): SearchText {
  return viewToSearch({ ...view, outcomes: ['undecided'] })
}

export function lostRows(lossReasonId: LossReasonId | null, view: DashboardView): SearchText {
  return viewToSearch({ ...view, outcomes: ['lost'], lossReasonIds: [lossReasonId] })
}
