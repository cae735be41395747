import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { KnownPage } from '../../../core/contract/known.ts'
import type { ReportFilter, ReportPage } from '../../../core/contract/reports.ts'
import type { HourCounts } from '../../../core/metrics/metrics.ts'
import { daysRange, type TimeRange } from '../../../core/time/time-range.ts'
import { useApi } from '../../api/api-context.ts'
import { rangeOf } from '../../format/period-choice.ts'
import { useToday } from '../../ui/today-context.ts'
import type { DashboardView } from './dashboard-view.ts'

/** Returns the calls that a view counts. */
export function useReportFilter({ period, userIds, callTypes }: DashboardView) {
  const today = useToday()
  return useMemo(() => {
    const range = rangeOf(period, today) ?? { from: 0, to: today.now }
    return { range, userIds: [...userIds], callTypes: [...callTypes] } satisfies ReportFilter
  }, [period, userIds, callTypes, today])
}

/** Returns the end of the day on which a report is known, ms UTC; null: today. */
export function useKnownAt({ knownOn }: Pick<DashboardView, 'knownOn'>): number | null {
  const { zone } = useToday()
  return useMemo(() => (knownOn === null ? null : daysRange(knownOn, knownOn, zone).to), [knownOn, zone])
}

export type ShownReport = {
  readonly report: UseQueryResult<ReportPage>
  readonly hours: {
    /** Undefined: not loaded yet. */
    readonly data: { readonly range: TimeRange; readonly hours: readonly HourCounts[] } | undefined
    readonly isPlaceholderData: boolean
  }
  /** The report of an earlier day; undefined: of today, or not loaded yet. */
  readonly known: KnownPage | undefined
}

/** The figures are refreshed with the clock, because a scheduled call is counted from its time on. */
const AGAIN_AFTER = 60_000

const pageOf = ({ page }: KnownPage) => page

/** Loads the report of a view, as it is now or as it was known on an earlier day. */
export function useReport(view: DashboardView, filter: ReturnType<typeof useReportFilter>): ShownReport {
  const { query } = useApi()
  const knownAt = useKnownAt(view)
  const isNow = knownAt === null
  const request = { ...filter, compare: view.compare, bucket: view.bucket }
  const now = useQuery({
    ...query.reports.page.queryOptions({ input: request, placeholderData: keepPreviousData, refetchInterval: AGAIN_AFTER }),
    enabled: isNow,
  })
  const hours = useQuery({
    ...query.reports.hours.queryOptions({ input: filter, placeholderData: keepPreviousData, refetchInterval: AGAIN_AFTER }),
    enabled: isNow,
  })
  const then = { ...query.reports.known.page.queryOptions({ input: { ...request, knownAt: knownAt ?? 0 } }), enabled: !isNow }
  const known = useQuery(then)
  const page = useQuery({ ...then, select: pageOf })
  return isNow
    ? { report: now, hours, known: undefined }
    : {
        report: page,
        hours: {
          data: known.data && { range: known.data.page.range, hours: known.data.hours },
          isPlaceholderData: known.isPlaceholderData,
        },
        known: known.data,
      }
}
