import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { CallSelectionInput } from '../../../core/contract/bulk.ts'
import type { CallFilter, CallSort } from '../../../core/contract/calls.ts'
import { useApi } from '../../api/api-context.ts'
import type { CallPages } from './call-pages.ts'
import { ALL, isMarked, moved, oneByOne, range, selectionOf, settled, size, toggled } from './marks.ts'
import type { Marks, Place } from './marks.ts'

/** The selection of several calls of the list. */
export type MarkedCalls = {
  readonly isAny: boolean
  /** Undefined while an end of the selection is not loaded. */
  readonly count: number | undefined
  /** Null while the selection is incomplete. */
  readonly selection: CallSelectionInput | null
  /** Why the selected calls could not be counted: an end of the selection has left the list. */
  readonly error: unknown
  has: (place: Place) => boolean
  /** @param active the row that counts as selected if no other is. */
  toggle: (place: Place, active: Place | null) => void
  /** Selects the rows from the start of the last selection to `to`. */
  extend: (to: Place, active: Place | null) => void
  all: () => void
  clear: () => void
}

type State = { readonly pages: CallPages; readonly marks: Marks | null; readonly anchor: Place | null }

/**
 * The selection ends when the filter or the order changes, because calls that are not shown must not stay selected.
 * @param shown what the rows on the screen are filtered and sorted by; null while the rows are still those of another filter: no action may
 * run on the calls of a filter whose calls are not on the screen.
 */
export function useMarks(pages: CallPages, shown: { readonly filter: CallFilter; readonly sort: CallSort } | null): MarkedCalls {
  const { query } = useApi()
  const [state, setState] = useState<State>({ pages, marks: null, anchor: null })
  const own = state.pages === pages ? state : { pages, marks: null, anchor: null }
  const complete = own.marks === null ? null : settled(own.marks, pages)

  const { filter, sort } = shown ?? {}
  const selection = useMemo(
    () => (complete === null || filter === undefined || sort === undefined ? null : selectionOf(complete, { filter, sort })),
    [complete, filter, sort],
  )
  const isListed = complete !== null && complete.part !== 'none'
  const input = isListed && selection !== null ? { selection } : skipToken
  const counted = useQuery({
    ...query.calls.bulk.count.queryOptions({ input, placeholderData: keepPreviousData }),
    // A change during the first request does not repeat it. Without the generation, an answer from before the change would be kept.
    queryKey: [...query.calls.bulk.count.queryKey({ input }), pages.generation],
  })
  const found = isListed && !counted.isPlaceholderData ? counted.data : undefined
  const from = found?.from
  const marks =
    complete !== null && found !== undefined && typeof from === 'number'
      ? moved(complete, { from, total: found.total })
      : complete
  if (own !== state || marks !== own.marks) setState({ ...own, marks })

  const set = (next: Marks | null, anchor: Place | null) => setState({ pages, marks: next, anchor })
  const anchorNow = (active: Place | null): Place | null => {
    const anchor = own.anchor ?? active
    const index = anchor === null || anchor.id === null ? undefined : pages.indexOf(anchor.id)
    return anchor === null || index === undefined ? anchor : { ...anchor, index }
  }
  return {
    isAny: marks !== null,
    count: marks === null || selection === null ? undefined : (found?.total ?? size(marks, pages.total)),
    selection,
    error: isListed ? counted.error : null,
    has: (place) => marks !== null && isMarked(marks, place),
    toggle: ({ index, id }, active) => {
      if (id === null) return
      const begun = marks ?? oneByOne(active === null || active.id === null || active.id === id ? [] : [active.id])
      set(toggled(begun, { index, id }), { index, id })
    },
    extend: (to, active) => {
      const anchor = anchorNow(active) ?? to
      set(range(anchor, to), anchor)
    },
    all: () => set(ALL, null),
    clear: () => set(null, null),
  }
}
