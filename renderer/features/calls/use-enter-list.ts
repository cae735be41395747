import { useEffect, useRef } from 'react'
import type { RefObject } from 'react'
import { flushSync } from 'react-dom'
import { isIdle } from '../../ui/idle-focus.ts'
import { useActionOfKey } from '../../keys/use-actions.ts'
import type { CallPages } from './call-pages.ts'
import { CALL_ROW_ACTIONS, type CallRowAction } from './calls-grid.tsx'
import type { Selection } from './use-selection.ts'

type Options = {
  /** The text that the list is filtered by, or is about to be filtered by. */
  readonly text: string
  readonly pages: CallPages
  readonly isSwitching: boolean
  readonly selection: Selection
  readonly searchField: RefObject<HTMLInputElement | null>
}

const grid = () => document.querySelector<HTMLElement>('main [role="grid"]')

/** Keys that act on a row. The value is whether a key that is pressed before the results arrive acts on the results. */
const ROW_KEYS: Readonly<Record<string, boolean>> = { Enter: true, ArrowDown: true, ArrowUp: true, ' ': false }
const ROW_ACTIONS: Readonly<Record<CallRowAction, boolean>> = { 'call.edit': true, 'call.prospect': true, 'call.delete': false }

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>
const pressed = ({ key, code, ctrlKey, metaKey, altKey, shiftKey }: Pressed): Pressed => ({
  key,
  code,
  ctrlKey,
  metaKey,
  altKey,
  shiftKey,
})

/** `from`: the text of the list when it got the focus. `keys`: the keys pressed since. */
type Awaited = { readonly searched: string; readonly from: string; readonly keys: Pressed[] }

/** Returns whether a key at `target` is for the list. */
const isForList = (target: EventTarget | null) => target === grid() || isIdle(target)

/**
 * Moves the focus from the search field to the list. The field loses it at once, also if the list has no rows or is still loading, so that
 * the next key is a shortcut and not text. When the results arrive, the first one is selected, unless another element has the focus by then.
 * Until then the list shows other calls, so keys for a row wait for the results.
 */
export function useEnterList({ text, pages, isSwitching, selection, searchField }: Options): (searched: string | null) => void {
  const awaited = useRef<Awaited | null>(null)
  const actionOfKey = useActionOfKey(CALL_ROW_ACTIONS)
  const latest = useRef(actionOfKey)
  useEffect(() => {
    latest.current = actionOfKey
  })

  useEffect(() => {
    const keep = (event: KeyboardEvent) => {
      if (awaited.current === null) return
      if (!isForList(event.target)) awaited.current = null
      else {
        const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey
        const action = latest.current(event)
        const waits = action === undefined ? (isPlain ? ROW_KEYS[event.key] : undefined) : ROW_ACTIONS[action]
        if (waits === undefined) return
        event.preventDefault()
        event.stopImmediatePropagation()
        if (waits && !event.repeat) awaited.current.keys.push(pressed(event))
      }
    }
    const leave = () => (awaited.current = null)
    window.addEventListener('keydown', keep, { capture: true })
    window.addEventListener('pointerdown', leave, { capture: true })
    return () => {
      window.removeEventListener('keydown', keep, { capture: true })
      window.removeEventListener('pointerdown', leave, { capture: true })
    }
  }, [])

  function selectFirst() {
    if (awaited.current === null) return
    const { searched, from, keys } = awaited.current
    const shown = text.trim()
    if (shown !== searched) {
      // Another search has replaced this one.
      if (shown !== from) awaited.current = null
      return
    }
    const first = pages.rowAt(0)?.id
    if (isSwitching || (pages.total !== 0 && first === undefined)) return
    awaited.current = null
    const list = grid()
    if (list === null || first === undefined || !isForList(document.activeElement)) return
    list.focus({ preventScroll: true })
    selection.select(0, first)
    if (keys.length > 0) setTimeout(() => replay(list, keys, () => selection.select(0, first)))
  }
  // Results arrive with a render.
  useEffect(selectFirst)

  return (searched) => {
    searchField.current?.blur()
    grid()?.focus({ preventScroll: true })
    awaited.current = searched === null ? null : { searched: searched.trim(), from: text.trim(), keys: [] }
    selectFirst()
  }
}

/** Dispatches the keys in the list. Each key acts on the result of the previous one. */
function replay(list: HTMLElement, keys: readonly Pressed[], selectFirst: () => void): void {
  flushSync(selectFirst)
  for (const key of keys)
    flushSync(() => list.dispatchEvent(new KeyboardEvent('keydown', { ...key, bubbles: true, cancelable: true })))
}
