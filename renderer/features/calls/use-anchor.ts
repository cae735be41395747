import { useEffect, useRef } from 'react'
import type { CallPages } from './call-pages.ts'
import { ROW_HEIGHT } from '../../ui/grid/scroll-scale.ts'

/**
 * Holds the list still when rows are added or removed above what is shown: the first row in view is found again among the new rows
 * and put where it was. At the very top the newest rows are let in instead.
 */
export function useAnchor(pages: CallPages, offset: number, scrollTo: (offset: number) => void): void {
  const anchor = useRef<{ pages: CallPages; id: string; index: number } | null>(null)
  const index = Math.floor(offset / ROW_HEIGHT)
  const topId = pages.rowAt(index)?.id
  const isFresh = pages.isFresh(index)
  useEffect(() => {
    const held = anchor.current
    if (held?.pages === pages && held.index === index && index > 0 && isFresh && topId !== held.id) {
      const moved = pages.indexOf(held.id)
      if (moved !== undefined) {
        anchor.current = { ...held, index: moved }
        scrollTo(offset + (moved - held.index) * ROW_HEIGHT)
        return
      }
    }
    anchor.current = topId === undefined ? null : { pages, id: topId, index }
  }, [pages, index, topId, isFresh, offset, scrollTo])
}
