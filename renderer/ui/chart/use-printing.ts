import { useSyncExternalStore } from 'react'
import { flushSync } from 'react-dom'

let isPrinting = false

function subscribe(changed: () => void): () => void {
  const set = (value: boolean) => () => {
    isPrinting = value
    // Renders at once, because `window.print()` in an event handler prints before React renders again.
    flushSync(changed)
  }
  const [begin, end] = [set(true), set(false)]
  window.addEventListener('beforeprint', begin)
  window.addEventListener('afterprint', end)
  return () => {
    window.removeEventListener('beforeprint', begin)
    window.removeEventListener('afterprint', end)
  }
}

/** Returns whether the page is laid out for paper. The change is rendered before the browser prints. */
export function usePrinting(): boolean {
  return useSyncExternalStore(subscribe, () => isPrinting)
}
