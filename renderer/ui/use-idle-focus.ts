import { useEffect } from 'react'
import type { RefObject } from 'react'

/** Focuses a list that appears while nothing has the focus, so that the arrow keys work after `G` `C`. */
export function useIdleFocus(list: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const active = document.activeElement
    if (active === null || active === document.body) list.current?.focus({ preventScroll: true })
  }, [list])
}
