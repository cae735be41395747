import { CALL_TYPES } from '../../../core/model/call-fields.ts'
import type { CallType } from '../../../core/model/call.ts'
import { BUCKET_SIZES, COMPARISONS, type BucketSize, type Comparison } from '../../../core/time/report-periods.ts'
import { isId, type UserId, type LossReasonId } from '../../../core/id.ts'
import type { MetricKey } from '../../../core/metrics/metrics.ts'
import type { SearchText } from '../../view/search-text.ts'
import { periodFromText, periodToText } from '../../format/period-choice.ts'
import type { PeriodChoice } from '../../format/period-choice.ts'
import { viewToSearch } from '../calls/calls-view.ts'
import type { CallsView } from '../calls/calls-view.ts'

export type DashboardView = {
  readonly period: PeriodChoice
  readonly compare: Comparison
  readonly userIds: readonly UserId[]
  readonly callTypes: readonly CallType[]
  readonly bucket: 'auto' | BucketSize
  /** The last day whose changes are known, `YYYY-MM-DD`; null: today. */
  readonly knownOn: string | null
}

const DEFAULT_PERIOD: PeriodChoice = { kind: 'named', period: 'this_month' }

/** The view without filters. */
export const FIRST_DASHBOARD: DashboardView = {
  period: DEFAULT_PERIOD,
  compare: 'previous',
  userIds: [],
  callTypes: [],
  bucket: 'auto',
  knownOn: null,
}

/** Whether a text is a day of the calendar, `YYYY-MM-DD`. */
function isDay(text: string | undefined): text is string {
  const at = text === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(text) ? NaN : Date.parse(`${text}T00:00:00Z`)
  return Number.isFinite(at) && new Date(at).toISOString().slice(0, 10) === text
}

export function dashboardViewFromSearch(search: SearchText): DashboardView {
  const types = search['type']?.split(',') ?? []
  return {
    period: periodFromText(search['period'], DEFAULT_PERIOD),
    compare: COMPARISONS.find((each) => each === search['compare']) ?? 'previous',
    userIds: search['agents']?.split(',').filter(isId) ?? [],
    callTypes: CALL_TYPES.filter((type) => types.includes(type)),
    bucket: BUCKET_SIZES.find((each) => each === search['by']) ?? 'auto',
    knownOn: isDay(search['known']) ? search['known'] : null,
  }
}

export function dashboardViewToSearch({ period, compare, userIds, callTypes, bucket, knownOn }: DashboardView): SearchText {
  const search = {
    period: periodToText(period),
    compare: compare === 'previous' ? '' : compare,
    agents: userIds.join(','),
    type: callTypes.join(','),
    by: bucket === 'auto' ? '' : bucket,
    known: knownOn ?? '',
  }
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

/** Returns the address of calls of the report: its period, people and types, and `rows`. */
export function rowsOf(
  { period, userIds, callTypes }: DashboardView,
  rows: Rows & Partial<Pick<CallsView, 'period'>>,
): SearchText {
  return viewToSearch({ period, userIds, callTypes, ...rows })
}

/** Returns the address of the calls that are counted in one part of a figure. */
export function rowsBehind(key: MetricKey, part: FigurePart, view: DashboardView): SearchText {
  return rowsOf(view, ROWS[key][part])
}

export function undecidedRows(view: DashboardView): SearchText {
  return rowsOf(view, { outcomes: ['undecided'] })
}

export function lostRows(lossReasonId: LossReasonId | null, view: DashboardView): SearchText {
  return rowsOf(view, { outcomes: ['lost'], lossReasonIds: [lossReasonId] })
}
