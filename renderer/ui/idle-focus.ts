import { useEffect, useLayoutEffect, useRef } from 'react'
import type { RefObject } from 'react'

/**
 * Returns whether no field, button or list has the focus. The work area has it after a panel closes that was opened without a focus.
 */
export function isIdle(element: EventTarget | null): boolean {
  return element === null || element === document.body || (element instanceof Element && element.matches('main'))
}

/** Focuses a list that appears while nothing has the focus, so that the arrow keys work after `G` `C`. */
export function useIdleFocus(list: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (isIdle(document.activeElement)) list.current?.focus({ preventScroll: true })
  }, [list])
}

/** Focuses `opener` when the list or panel that it opened closes, unless another element has the focus. */
export function useFocusBack(isOpen: boolean, opener: RefObject<HTMLElement | null>): void {
  const wasOpen = useRef(isOpen)
  useLayoutEffect(() => {
    if (wasOpen.current && !isOpen && isIdle(document.activeElement)) opener.current?.focus({ preventScroll: true })
    wasOpen.current = isOpen
  }, [isOpen, opener])
}
