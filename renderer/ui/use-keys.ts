import { useEffect, useRef } from 'react'

/** `n`, `/`, `?`, `Delete`, `Escape`; with Ctrl (or ⌘) `ctrl+n`, `ctrl+shift+l`. A sign is matched as it is typed, whatever Shift it needed. */
export type KeyMap = Readonly<Record<string, (event: KeyboardEvent) => void>>

/** The name of a pressed key in a KeyMap. */
export function keyName(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  const ctrl = event.ctrlKey || event.metaKey
  const shift = event.shiftKey && (ctrl || event.key.length > 1)
  return `${ctrl ? 'ctrl+' : ''}${event.altKey ? 'alt+' : ''}${shift ? 'shift+' : ''}${key}`
}

/** Whether keys typed at `target` are text. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return (
    target.isContentEditable ||
    target instanceof HTMLInputElement ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  )
}

function isBehindDialog(): boolean {
  return document.querySelector('[role="dialog"][aria-modal="true"], [role="menu"]') !== null
}

/**
 * Keys for the whole window while the component is there. Plain keys are left alone while someone types; with Ctrl they work
 * everywhere, except `ctrl+z`, which belongs to the field that is being typed in.
 */
export function useKeys(keys: KeyMap, enabled = true): void {
  const current = useRef(keys)
  useEffect(() => {
    current.current = keys
  })
  useEffect(() => {
    if (!enabled) return undefined
    function onKeyDown(event: KeyboardEvent) {
      if (event.defaultPrevented || event.repeat) return
      const name = keyName(event)
      const act = current.current[name]
      if (act === undefined || isBehindDialog()) return
      if (isTyping(event.target) && (!name.startsWith('ctrl+') || name === 'ctrl+z')) return
      event.preventDefault()
      act(event)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [enabled])
}
