import { hashKey, keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { CallFilter, CallSort } from '../../../core/contract/calls.ts'
import { useApi, useConnectionState } from '../../api/api-context.ts'
import { CallPages, type LoadPage } from './call-pages.ts'

/** The last row of the first request, when the height of the list is not known yet. */
const FIRST_ROWS = 40

/**
 * Returns the pages of a filtered, sorted list. When the filter changes, the old list stays until the first rows of the new one are loaded
 * (`isSwitching`), so that typing into the search never makes the list blank.
 * @param list identifies the list. While it is the same, a changed filter replaces the rows in place, without a move of the scroll bar.
 */
export function useCallPages(filter: CallFilter, sort: CallSort, list?: string): { pages: CallPages; isSwitching: boolean } {
  const { api, query } = useApi()
  const connection = useConnectionState().kind
  const key = JSON.stringify([filter, sort])
  const load: LoadPage = useCallback(
    (request, signal) => api.calls.list({ filter, sort, ...request }, { signal }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the key represents the filter and the sort, which are new objects on every render
    [api, key],
  )
  const wanted = useMemo(
    () => new CallPages(load),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- within one list the pages get a changed `load` with its count
    [api, list ?? key],
  )
  const [shown, setShown] = useState(wanted)
  const counting = query.calls.count.queryOptions({ input: { filter }, placeholderData: keepPreviousData })
  const count = useQuery(counting)
  const queries = useQueryClient()
  const countHash = hashKey(counting.queryKey)

  // A change restarts a first count that is under way. The result then does not show that the rows changed.
  useEffect(
    () =>
      queries.getQueryCache().subscribe(({ type, query: changed, ...event }) => {
        const isInvalidated = type === 'updated' && 'action' in event && event.action.type === 'invalidate'
        if (isInvalidated && changed.queryHash === countHash) wanted.outdate()
      }),
    [queries, countHash, wanted],
  )

  useEffect(() => {
    const swap = () => {
      if (wanted.isReady) setShown(wanted)
    }
    const stop = wanted.subscribe(swap)
    wanted.show(0, FIRST_ROWS)
    swap()
    return () => {
      stop()
      wanted.stop()
    }
  }, [wanted])

  const { data, dataUpdatedAt, isPlaceholderData, error } = count
  useEffect(() => {
    if (data !== undefined && !isPlaceholderData) wanted.setCount(data, load)
  }, [wanted, load, data, dataUpdatedAt, isPlaceholderData])
  useEffect(() => {
    if (error !== null) wanted.setError(error)
  }, [wanted, error])
  useEffect(() => {
    if (connection === 'open' && wanted.error !== undefined) wanted.retry()
  }, [wanted, connection])

  useSyncExternalStore(shown.subscribe, shown.getVersion)
  return { pages: shown, isSwitching: shown !== wanted }
}
