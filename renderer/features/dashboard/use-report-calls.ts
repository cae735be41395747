import { useEffect, useRef, useState } from 'react'
import type { CallFilter } from '../../../core/contract/calls.ts'
import type { ReportFilter } from '../../../core/contract/reports.ts'
import type { TimeRange } from '../../../core/time/time-range.ts'
import { useViewState } from '../../view/view-state.ts'

type Answer<Data> = { readonly data: Data | undefined; readonly isPlaceholderData: boolean }

/**
 * Returns the calls that the shown figures count. Their period is that of the answer: it ends when the figures were computed. While the figures
 * of new filters are loading, the previous figures are shown, with their filters.
 */
export function useReportCalls<Data extends { readonly range: TimeRange }>(
  filter: ReportFilter,
  { data, isPlaceholderData }: Answer<Data>,
): CallFilter {
  const [shown, setShown] = useState(filter)
  if (!isPlaceholderData && shown !== filter) setShown(filter)
  useMovingEnd(data?.range.to)
  return { userIds: shown.userIds, callTypes: shown.callTypes, ...(data?.range ?? filter.range) }
}

/** Moves the end of an open list of calls when the figures are computed again, so that both end at the same time. */
export function useMovingEnd(to: number | undefined): void {
  const moveCallsEnd = useViewState((state) => state.moveCallsEnd)
  const former = useRef(to)
  useEffect(() => {
    if (former.current !== undefined && to !== undefined && former.current !== to) moveCallsEnd(former.current, to)
    former.current = to
  }, [to, moveCallsEnd])
}

/** Closes the list of calls when the filters of the report change, because it shows the calls of the previous filters. */
export function useClosedByFilter(filter: ReportFilter): void {
  const closeCalls = useViewState((state) => state.closeCalls)
  const text = JSON.stringify(filter)
  const former = useRef(text)
  useEffect(() => {
    if (former.current !== text) closeCalls()
    former.current = text
  }, [text, closeCalls])
}
