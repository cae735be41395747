import { useEffect, useRef } from 'react'
import type { GridRows } from './grid-rows.ts'
import { ROW_HEIGHT } from './scroll-scale.ts'

/**
 * Keeps the list in place when rows are added or removed above the view: scrolls the first row in view that still exists to its previous
 * position. At the very top, new rows are shown instead.
 */
export function useAnchor<Row extends { readonly id: string }>(
  list: unknown,
  rows: GridRows<Row>,
  offset: number,
  scrollTo: (offset: number) => void,
): void {
  const anchor = useRef<{ list: unknown; id: string; index: number } | null>(null)
  const index = Math.floor(offset / ROW_HEIGHT)
  const topId = rows.rowAt(index)?.id
  const isFresh = rows.isFresh(index)
  useEffect(() => {
    const held = anchor.current
    if (held !== null && held.list === list && held.index === index && index > 0 && isFresh && topId !== held.id) {
      const moved = rows.indexOf(held.id)
      if (moved !== undefined) {
        anchor.current = { ...held, index: moved }
        scrollTo(offset + (moved - held.index) * ROW_HEIGHT)
        return
      }
    }
    anchor.current = topId === undefined ? null : { list, id: topId, index }
  }, [list, rows, index, topId, isFresh, offset, scrollTo])
}
