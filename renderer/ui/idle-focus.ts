import { useEffect, useLayoutEffect, useRef } from 'react'
import type { RefObject } from 'react'

/**
 * Whether no field, button or list has the keyboard. The work area has it after a panel was closed that was opened while nothing had the
 * keyboard.
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

/** Focuses `opener` when what it opened is closed, unless something else has the focus. */
export function useFocusBack(isOpen: boolean, opener: RefObject<HTMLElement | null>): void {
  const wasOpen = useRef(isOpen)
  useLayoutEffect(() => {
    if (wasOpen.current && !isOpen && isIdle(document.activeElement)) opener.current?.focus({ preventScroll: true })
    wasOpen.current = isOpen
  }, [isOpen, opener])
}
