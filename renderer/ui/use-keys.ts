import { useEffect, useRef } from 'react'

/**
 * `n`, `/`, `?`, `Delete`, `Escape`; with Ctrl (or ⌘) `ctrl+n`, `ctrl+shift+l`; with Alt (or ⌥) `alt+n`; one after the other `g c`. A sign
 * is matched as it is typed, whatever Shift it needed.
 */
export type KeyMap = Readonly<Record<string, (event: KeyboardEvent) => void>>

/** The second key of a pair comes within this time, ms. */
const PAIR_WITHIN = 1_500

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** With Ctrl or Alt, what a key would type may be a sign (`¡` on a Mac, `&` in France): then its place on the keyboard counts. */
function baseKey({ key, code, ctrlKey, metaKey, altKey }: Pressed): string {
  if (key.length > 1 && key !== 'Dead') return key
  const place = /^(?:Digit|Key)(.)$/.exec(code)?.[1]
  const isPlain = /^[a-z0-9]$/i.test(key)
  return ((ctrlKey || metaKey || altKey) && !isPlain && place !== undefined ? place : key).toLowerCase()
}

/** The name of a pressed key in a KeyMap. */
export function keyName(event: Pressed): string {
  const key = baseKey(event)
  const ctrl = event.ctrlKey || event.metaKey
  const shift = event.shiftKey && (ctrl || key.length > 1)
  return `${ctrl ? 'ctrl+' : ''}${event.altKey ? 'alt+' : ''}${shift ? 'shift+' : ''}${key}`
}

/** Inputs in which nothing is written. */
const NOT_TEXT: ReadonlySet<string> = new Set(['radio', 'checkbox', 'button', 'submit', 'file'])

/** Whether keys typed at `target` are text. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return (
    target.isContentEditable ||
    (target instanceof HTMLInputElement && !NOT_TEXT.has(target.type)) ||
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
 * Keys for the whole window while the component is there. Plain keys are left alone while someone types; Escape and keys with Ctrl or
 * Alt work there too, except `ctrl+z`, which belongs to the field that is being typed in.
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
    let first: { readonly key: string; readonly at: number } | undefined
    const act = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat) return
      const name = keyName(event)
      const isHeld = name.startsWith('ctrl+') || name.startsWith('alt+')
      if ((taken && !isHeld) || (isTyping(event.target) && (isHeld ? name === 'ctrl+z' : name !== 'Escape'))) return
      const pair = first !== undefined && event.timeStamp - first.at < PAIR_WITHIN ? `${first.key} ${name}` : undefined
      first = undefined
      const perform = (pair === undefined ? undefined : current.current[pair]) ?? current.current[name]
      if (perform !== undefined) {
        event.preventDefault()
        perform(event)
      } else if (Object.keys(current.current).some((known) => known.startsWith(`${name} `))) {
        first = { key: name, at: event.timeStamp }
      }
    }
    window.addEventListener('keydown', look, { capture: true })
    window.addEventListener('keydown', act)
    return () => {
      window.removeEventListener('keydown', look, { capture: true })
      window.removeEventListener('keydown', act)
    }
  }, [enabled])
}
