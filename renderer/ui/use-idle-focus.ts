import { useEffect } from 'react'
import type { RefObject } from 'react'

/** Focuses a list that appears while nothing has the focus, so that the arrow keys work after `G` `C`. */
export function useIdleFocus(list: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const active = document.activeElement
    // The whole of the work has the keyboard after a panel was closed that was opened where nothing had it.
    if (active === null || active === document.body || active.matches('main')) list.current?.focus({ preventScroll: true })
  }, [list])
}
