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

/** Whether something is open that keeps Escape and plain keys to itself: a dialog, a menu, a list of options. */
function isTaken(target: EventTarget | null): boolean {
  // Closed lists stay in the page, hidden.
  const lists = document.querySelectorAll('[role="dialog"], [role="menu"], [role="listbox"]')
  if ([...lists].some((list) => list.checkVisibility())) return true
  return target instanceof Element && target.closest('[aria-expanded="true"]') !== null
}

/**
 * Keys for the whole window while the component is there. Plain keys are left alone while someone types; Escape and keys with Ctrl
 * work there too, except `ctrl+z`, which belongs to the field that is being typed in.
 */
export function useKeys(keys: KeyMap, enabled = true): void {
  const current = useRef(keys)
  useEffect(() => {
    current.current = keys
  })
  useEffect(() => {
    if (!enabled) return undefined
    // What is open is looked at before anyone reacts to the key: by the time it comes back up, Escape has closed it.
    let taken = false
    const look = (event: KeyboardEvent) => {
      taken = isTaken(event.target)
    }
    const act = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat) return
      const name = keyName(event)
      const perform = current.current[name]
      const withCtrl = name.startsWith('ctrl+')
      if (perform === undefined || (taken && !withCtrl)) return
      if (isTyping(event.target) && (withCtrl ? name === 'ctrl+z' : name !== 'Escape')) return
      event.preventDefault()
      perform(event)
    }
    window.addEventListener('keydown', look, { capture: true })
    window.addEventListener('keydown', act)
    return () => {
      window.removeEventListener('keydown', look, { capture: true })
      window.removeEventListener('keydown', act)
    }
  }, [enabled])
}
