import { useLayoutEffect, useRef } from 'react'
import type { RefObject } from 'react'

/**
 * Gives the keyboard to the first field or button of something that opens, before the browser handles the next key. The component library
 * does it a moment later, and a key that is pressed until then is lost.
 */
export function useFirstFocus(content: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const { current } = content
    const first = current?.matches('input') === true ? current : current?.querySelector<HTMLElement>('input, button')
    first?.focus({ preventScroll: true })
  }, [content])
}

/** Gives the keyboard to `opener` when what it opened is closed, unless something else has it. */
export function useFocusBack(isOpen: boolean, opener: RefObject<HTMLElement | null>): void {
  const wasOpen = useRef(isOpen)
  useLayoutEffect(() => {
    const isIdle = document.activeElement === null || document.activeElement === document.body
    if (wasOpen.current && !isOpen && isIdle) opener.current?.focus({ preventScroll: true })
    wasOpen.current = isOpen
  }, [isOpen, opener])
}
