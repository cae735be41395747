import { useEffect, useRef } from 'react'
import type { FocusEvent, KeyboardEvent, RefObject } from 'react'
import { actionOf } from '../../keys/actions.ts'
import { useRovingFocus } from '../../ui/grid/use-roving-focus.ts'
import { isIdle } from '../../ui/idle-focus.ts'
import { endsPair, useKeys } from '../../ui/use-keys.ts'
import { useViewState } from '../../view/view-state.ts'

const ALIASES = { j: 'ArrowDown', k: 'ArrowUp' }

type TodayKeys = {
  readonly ref: RefObject<HTMLDivElement | null>
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
  readonly onFocus: (event: FocusEvent<HTMLElement>) => void
  readonly onBlur: (event: FocusEvent<HTMLElement>) => void
}

/**
 * Moves the focus through the rows of all lists below an element with the arrow keys, or `j` and `k`. Other keys go to `onKey` with the
 * focused row (`data-entry` has its id), which returns whether it handles them. The lists get the focus when they appear, and keep it
 * if the focused row is settled: then the nearest row gets it.
 */
export function useTodayKeys(onKey: (id: string, event: globalThis.KeyboardEvent, row: HTMLElement) => boolean): TodayKeys {
  const { ref, onKeyDown, onFocus } = useRovingFocus(0, ALIASES)
  const hasFocus = useRef(true)

  const enter = (preventScroll: boolean) => {
    if (isIdle(document.activeElement)) ref.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll })
  }
  const enterByKey = () => enter(false)
  useKeys(Object.fromEntries(actionOf('today.move').keys.map((key) => [key, enterByKey])))

  // Renders again when the panel closes: its row may have been settled meanwhile.
  useViewState((view) => view.panel)
  useEffect(() => {
    // Runs after the observer of the roving focus, which finds the nearest row.
    queueMicrotask(() => {
      if (hasFocus.current) enter(true)
    })
  })

  return {
    ref: ref as RefObject<HTMLDivElement | null>,
    onFocus: (event) => {
      hasFocus.current = true
      onFocus(event)
    },
    onBlur: ({ relatedTarget, currentTarget }) => {
      // A removed row loses the focus without a new target, and a panel returns the focus to its row.
      const isLeft = relatedTarget !== null && !currentTarget.contains(relatedTarget)
      if (isLeft && relatedTarget.closest('main') !== null) hasFocus.current = false
    },
    onKeyDown: (event) => {
      const { nativeEvent, target } = event
      if (endsPair(nativeEvent)) return
      const row = target instanceof HTMLElement ? target.closest<HTMLElement>('[data-entry]') : null
      if (row !== null && !event.repeat && onKey(row.dataset['entry'] ?? '', nativeEvent, row)) event.preventDefault()
      else onKeyDown(event)
    },
  }
}
