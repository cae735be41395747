import { useEffect, useRef } from 'react'
import { keyAlone } from './keyboard-layout.ts'

/**
 * `n`, `/`, `?`, `Delete`, `Escape`; with Ctrl (or ⌘) `ctrl+n`, `ctrl+shift+l`; with Alt (or ⌥) `alt+n`; one after the other `g c`. A sign
 * is matched as it is typed, whatever Shift it needed.
 */
export type KeyMap = Readonly<Record<string, (event: KeyboardEvent) => void>>

/** The second key of a pair comes within this time, ms. */
const PAIR_WITHIN = 1_500

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** The letter or digit of a key on an English keyboard. */
const placeOf = (code: string) => /^(?:Digit|Key)(.)$/.exec(code)?.[1]

/** With Ctrl or Alt a key may type a sign (`¡` on a Mac, `&` in France). Then its place on the keyboard counts. */
function baseKey({ key, code, ctrlKey, metaKey, altKey }: Pressed): string {
  if (key.length > 1 && key !== 'Dead') return key
  const place = placeOf(code)
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

/**
 * Whether a combination types a character, as with Option on a Mac and AltGr elsewhere: the character differs from that of the key alone.
 * @param alone what the key types without Alt; undefined if the browser does not provide it: then a character outside ASCII counts as typed.
 */
export function typesCharacter(
  { key, altKey, metaKey, isAltGraph }: Pick<Pressed, 'key' | 'altKey' | 'metaKey'> & { readonly isAltGraph: boolean },
  alone: string | undefined,
): boolean {
  // Names of keys are longer than any character.
  if (key.length > 2 && key !== 'Dead') return false
  if (isAltGraph) return true
  if (!altKey || metaKey) return false
  if (key === 'Dead') return true
  return alone === undefined ? key > '~' : key.toLowerCase() !== alone.toLowerCase()
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

/**
 * Whether something is open that keeps Escape and plain keys to itself: a dialog, a menu, a list of options. The panel of details does not,
 * although it is a dialog in a narrow window.
 */
function isTaken(target: EventTarget | null): boolean {
  // Closed lists stay in the page, hidden.
  const lists = document.querySelectorAll('[role="dialog"]:not([data-panel]), [role="menu"], [role="listbox"]')
  if ([...lists].some((list) => list.checkVisibility())) return true
  return target instanceof Element && target.closest('[aria-expanded="true"]') !== null
}

/** Combinations that a text field handles itself. */
const FIELD_KEYS: ReadonlySet<string> = new Set(['ctrl+z', 'ctrl+a'])

/** Whether the key at `target` belongs to the text that is being typed there. */
function isText(event: KeyboardEvent, name: string): boolean {
  if (!isTyping(event.target)) return false
  const isHeld = name.startsWith('ctrl+') || name.startsWith('alt+')
  if (!isHeld) return name !== 'Escape'
  const isAltGraph = event.getModifierState('AltGraph')
  return FIELD_KEYS.has(name) || typesCharacter({ ...pick(event), isAltGraph }, keyAlone(event.code))
}

const pick = ({ key, altKey, metaKey }: KeyboardEvent) => ({ key, altKey, metaKey })

/**
 * Keys for the whole window while the component is there. Plain keys are left alone while someone types; Escape and keys with Ctrl or
 * Alt work there too, except combinations that type a character and those that the field handles itself.
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
    /** The key that acted last and is still down: its repetitions type nothing into the field that it focused. */
    let down: string | undefined
    const look = (event: KeyboardEvent) => {
      taken = isTaken(event.target)
      if (event.repeat && event.code === down) event.preventDefault()
      else down = undefined
    }
    let first: { readonly key: string; readonly at: number } | undefined
    const act = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return
      const name = keyName(event)
      const isHeld = name.startsWith('ctrl+') || name.startsWith('alt+')
      if ((taken && !isHeld) || isText(event, name)) return
      if (event.repeat) {
        if (current.current[name] !== undefined) event.preventDefault()
        return
      }
      const pair = first !== undefined && event.timeStamp - first.at < PAIR_WITHIN ? `${first.key} ${name}` : undefined
      first = undefined
      const perform = (pair === undefined ? undefined : current.current[pair]) ?? current.current[name]
      if (perform !== undefined) {
        event.preventDefault()
        down = event.code
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
