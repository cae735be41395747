import { useLayoutEffect } from 'react'
import type { RefObject } from 'react'

/**
 * Focuses the first field or button of an element that opens, before the browser handles the next key. The component library focuses it
 * later, and a key that is pressed until then is lost.
 */
export function useFirstFocus(content: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const { current } = content
    const first = current?.matches('input') === true ? current : current?.querySelector<HTMLElement>('input, button')
    first?.focus({ preventScroll: true })
  }, [content])
}
