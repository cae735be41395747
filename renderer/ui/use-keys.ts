import { useLayoutEffect, useRef } from 'react'
import { endedPair, type FirstKey } from './key-pair.ts'
import { keyAlone } from './keyboard-layout.ts'

/**
 * The names of keys: `n`, `/`, `?`, `Delete`, `Escape`; with Ctrl (or ⌘) `ctrl+n`, `ctrl+shift+l`; with Alt (or ⌥) `alt+n`; one after the
 * other `g c`. A sign is named by its character, with or without Shift.
 */
export type KeyMap = Readonly<Record<string, (event: KeyboardEvent) => void>>

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** Returns the letter or digit of a key on an English keyboard. */
const placeOf = (code: string) => /^(?:Digit|Key)(.)$/.exec(code)?.[1]

/** With Ctrl or Alt a key may type a sign (`¡` on a Mac, `&` in France). It is then named by its position on the keyboard. */
function baseKey({ key, code, ctrlKey, metaKey, altKey }: Pressed): string {
  if (key.length > 1 && key !== 'Dead') return key
  const place = placeOf(code)
  const isPlain = /^[a-z0-9]$/i.test(key)
  return ((ctrlKey || metaKey || altKey) && !isPlain && place !== undefined ? place : key).toLowerCase()
}

/** Returns the name of a pressed key in a KeyMap. */
export function keyName(event: Pressed): string {
  const key = baseKey(event)
  const ctrl = event.ctrlKey || event.metaKey
  const shift = event.shiftKey && (ctrl || key.length > 1)
  return `${ctrl ? 'ctrl+' : ''}${event.altKey ? 'alt+' : ''}${shift ? 'shift+' : ''}${key}`
}

/**
 * Returns whether a combination types a character, as with Option on a Mac and AltGr elsewhere: the character differs from that of the key
 * alone.
 * @param alone the character of the key without Alt; undefined if the browser does not provide it: a character outside ASCII then counts.
 */
export function typesCharacter(
  { key, altKey, metaKey, isAltGraph }: Pick<Pressed, 'key' | 'altKey' | 'metaKey'> & { readonly isAltGraph: boolean },
  alone: string | undefined,
): boolean {
  // Names such as `Enter` are longer than one character.
  if (key.length > 2 && key !== 'Dead') return false
  if (isAltGraph) return true
  if (!altKey || metaKey) return false
  if (key === 'Dead') return true
  return alone === undefined ? key > '~' : key.toLowerCase() !== alone.toLowerCase()
}

/** Types of inputs without text. */
const NOT_TEXT: ReadonlySet<string> = new Set(['radio', 'checkbox', 'button', 'submit', 'file'])

/** Returns whether keys pressed in `target` are text. */
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
 * Returns whether something is open that handles Escape and plain keys itself: a dialog, a menu or a list of options. The panel at the
 * right does not, although it is a dialog in a narrow window.
 */
function isTaken(target: EventTarget | null): boolean {
  // Closed lists stay in the page, hidden.
  const lists = document.querySelectorAll('[role="dialog"]:not([data-panel]), [role="menu"], [role="listbox"]')
  if ([...lists].some((list) => list.checkVisibility())) return true
  return target instanceof Element && target.closest('[aria-expanded="true"]') !== null
}

/** Combinations that a text field handles itself. */
const FIELD_KEYS: ReadonlySet<string> = new Set(['ctrl+z', 'ctrl+shift+z', 'ctrl+y', 'ctrl+a', 'alt+ArrowLeft'])

/** A function key types nothing. */
const FUNCTION_KEY = /^(?:shift\+)?F\d+$/

/** Returns whether the key edits the text of the field `target`. */
function isText(event: KeyboardEvent, name: string): boolean {
  if (!isTyping(event.target)) return false
  const isHeld = name.startsWith('ctrl+') || name.startsWith('alt+')
  if (!isHeld) return name !== 'Escape' && !FUNCTION_KEY.test(name)
  const isAltGraph = event.getModifierState('AltGraph')
  return FIELD_KEYS.has(name) || typesCharacter({ ...pick(event), isAltGraph }, keyAlone(event.code))
}

const pick = ({ key, altKey, metaKey }: KeyboardEvent) => ({ key, altKey, metaKey })

/** The keys of a mounted component. `current` is that of the last render. */
type Entry = { current: KeyMap }

/**
 * The keys of all components, in the order in which they were mounted. One listener handles them together: so the second key of a pair
 * of one component is not also a key of another.
 */
const entries = new Set<Entry>()

const handlerOf = (name: string) => {
  for (const { current } of entries) if (current[name] !== undefined) return current[name]
  return undefined
}
const beginsPair = (name: string) =>
  [...entries].some(({ current }) => Object.keys(current).some((known) => known.startsWith(`${name} `)))

/** Keys that are held while another one is pressed. A pair may need one for its second key. */
const HELD: ReadonlySet<string> = new Set(['Shift', 'Control', 'Alt', 'AltGraph', 'Meta'])

let first: FirstKey

const pairOf = (event: Pressed & Pick<KeyboardEvent, 'timeStamp'>) =>
  endedPair(first, { name: keyName(event), at: event.timeStamp }, (pair) => handlerOf(pair) !== undefined)

/** Returns whether a pressed key is the second one of a pair. For grids, which handle keys before the window does and ignore such keys. */
export const endsPair = (event: Pressed & Pick<KeyboardEvent, 'timeStamp'>): boolean => pairOf(event) !== undefined

/** Listens to the keys of the window. Returns a function that ends it. */
function listen(): () => void {
  // Checked in the capture phase: when the event bubbles up, Escape has already closed the dialog.
  let taken = false
  /** The last handled key while it is down. Its repetitions must not type into the field that it focused. */
  let down: string | undefined
  const onCapture = (event: KeyboardEvent) => {
    taken = isTaken(event.target)
    if (event.repeat && event.code === down) event.preventDefault()
    else down = undefined
  }
  const onKey = (event: KeyboardEvent) => {
    if (HELD.has(event.key)) return
    const pair = pairOf(event)
    if (!event.repeat) first = undefined
    if (event.defaultPrevented) return
    const name = keyName(event)
    const isHeld = name.startsWith('ctrl+') || name.startsWith('alt+')
    if ((taken && !isHeld) || isText(event, name)) return
    if (event.repeat) {
      if (handlerOf(name) !== undefined) event.preventDefault()
      return
    }
    const perform = handlerOf(pair ?? name)
    if (perform !== undefined) {
      event.preventDefault()
      down = event.code
      perform(event)
    } else if (beginsPair(name)) first = { key: name, at: event.timeStamp }
  }
  window.addEventListener('keydown', onCapture, { capture: true })
  window.addEventListener('keydown', onKey)
  return () => {
    window.removeEventListener('keydown', onCapture, { capture: true })
    window.removeEventListener('keydown', onKey)
  }
}

let stop: (() => void) | undefined

/**
 * Handles keys of the whole window while the component is mounted. Plain keys are ignored in text fields. Escape and keys with Ctrl or Alt
 * and function keys work there too, except combinations that type a character and those that the field handles itself.
 */
export function useKeys(keys: KeyMap, enabled = true): void {
  const entry = useRef<Entry>({ current: keys })
  // A layout effect runs before the browser handles the next key.
  useLayoutEffect(() => {
    entry.current.current = keys
  })
  useLayoutEffect(() => {
    if (!enabled) return undefined
    const own = entry.current
    entries.add(own)
    stop ??= listen()
    return () => {
      entries.delete(own)
      if (entries.size > 0) return
      stop?.()
      stop = undefined
    }
  }, [enabled])
}
