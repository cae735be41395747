import { useEffect, useState } from 'react'
import type { RefObject } from 'react'
import type { CallPages } from './call-pages.ts'
import type { Selection } from './use-selection.ts'

type Options = {
  /** The text that the shown list is filtered by, or will be. */
  readonly text: string
  readonly pages: CallPages
  readonly isSwitching: boolean
  readonly selection: Selection
  readonly searchField: RefObject<HTMLInputElement | null>
}

const grid = () => document.querySelector<HTMLElement>('main [role="grid"]')

/**
 * Takes the keyboard from the search field to the list. The field loses it at once, also when the list has no rows or is still loading, so
 * that the next key is a shortcut and not text. When the results arrive, the first one is selected, unless the person is elsewhere by then.
 */
export function useEnterList({ text, pages, isSwitching, selection, searchField }: Options): (searched: string | null) => void {
  const [awaited, setAwaited] = useState<string | null>(null)
  const { total } = pages
  const first = pages.rowAt(0)?.id
  const hasArrived = awaited !== null && awaited.trim() === text.trim() && !isSwitching && (total === 0 || first !== undefined)

  useEffect(() => {
    if (!hasArrived) return
    setAwaited(null)
    const active = document.activeElement
    const list = grid()
    if (list === null || first === undefined || (active !== null && active !== document.body && active !== list)) return
    list.focus({ preventScroll: true })
    selection.select(0, first)
  }, [hasArrived, first, selection])

  return (searched) => {
    searchField.current?.blur()
    grid()?.focus({ preventScroll: true })
    setAwaited(searched)
  }
}
