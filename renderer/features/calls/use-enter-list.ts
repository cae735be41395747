import { useEffect, useRef } from 'react'
import type { RefObject } from 'react'
import type { CallPages } from './call-pages.ts'
import type { Selection } from './use-selection.ts'

type Options = {
  /** The text that the list is filtered by, or is about to be filtered by. */
  readonly text: string
  readonly pages: CallPages
  readonly isSwitching: boolean
  readonly selection: Selection
  readonly searchField: RefObject<HTMLInputElement | null>
}

const grid = () => document.querySelector<HTMLElement>('main [role="grid"]')

/**
 * Moves the focus from the search field to the list. The field loses it at once, also if the list has no rows or is still loading, so that
 * the next key is a shortcut and not text. When the results arrive, the first one is selected, unless another element has the focus by then.
 */
export function useEnterList({ text, pages, isSwitching, selection, searchField }: Options): (searched: string | null) => void {
  /** The searched text whose first result is to be selected. */
  const awaited = useRef<string | null>(null)

  function selectFirst() {
    const first = pages.rowAt(0)?.id
    const hasArrived = !isSwitching && (pages.total === 0 || first !== undefined)
    if (awaited.current === null || awaited.current.trim() !== text.trim() || !hasArrived) return
    awaited.current = null
    const list = grid()
    const active = document.activeElement
    const isElsewhere = active !== null && active !== document.body && active !== list
    if (list === null || first === undefined || isElsewhere) return
    list.focus({ preventScroll: true })
    selection.select(0, first)
  }
  // Results arrive with a render.
  useEffect(selectFirst)

  return (searched) => {
    searchField.current?.blur()
    grid()?.focus({ preventScroll: true })
    awaited.current = searched
    selectFirst()
  }
}
