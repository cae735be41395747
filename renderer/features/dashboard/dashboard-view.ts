import { CALL_TYPES } from '../../../core/model/call-fields.ts'
import type { CallType } from '../../../core/model/call.ts'
import { BUCKET_SIZES, COMPARISONS, type BucketSize, type Comparison } from '../../../core/time/report-periods.ts'
import { isDay } from '../../../core/time/time-range.ts'
import { isId, type Id, type UserId } from '../../../core/id.ts'
import { RANKED_BY, type RankedBy } from '../../../core/figures/report-parts.ts'
import { idsFromText, type SearchText } from '../../view/search-text.ts'
import { periodFromText, periodToText } from '../../format/period-choice.ts'
import type { PeriodChoice } from '../../format/period-choice.ts'

export type DashboardView = {
  readonly period: PeriodChoice
  readonly compare: Comparison
  readonly userIds: readonly UserId[]
  readonly callTypes: readonly CallType[]
  readonly bucket: 'auto' | BucketSize
  /** The rate by which people are ranked. */
  readonly rankBy: RankedBy
  /** The saved view that was opened. Its filters may have been changed since. */
  readonly savedView: Id | null
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
  rankBy: 'close_rate',
  savedView: null,
  knownOn: null,
}

export function dashboardViewFromSearch(search: SearchText): DashboardView {
  const types = search['type']?.split(',') ?? []
  return {
    period: periodFromText(search['period'], DEFAULT_PERIOD),
    compare: COMPARISONS.find((each) => each === search['compare']) ?? 'previous',
    userIds: idsFromText(search['agents']),
    callTypes: CALL_TYPES.filter((type) => types.includes(type)),
    bucket: BUCKET_SIZES.find((each) => each === search['by']) ?? 'auto',
    rankBy: RANKED_BY.find((each) => each === search['rank']) ?? 'close_rate',
    savedView: isId(search['view'] ?? '') ? (search['view'] ?? null) : null,
    knownOn: isDay(search['known'] ?? '') ? (search['known'] ?? null) : null,
  }
}

export function dashboardViewToSearch(view: DashboardView): SearchText {
  const { period, compare, userIds, callTypes, bucket, rankBy, savedView, knownOn } = view
  const search = {
    period: periodToText(period),
    compare: compare === 'previous' ? '' : compare,
    agents: userIds.join(','),
    type: callTypes.join(','),
    by: bucket === 'auto' ? '' : bucket,
    rank: rankBy === 'close_rate' ? '' : rankBy,
    view: savedView ?? '',
    known: knownOn ?? '',
  }
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== ''))
}
