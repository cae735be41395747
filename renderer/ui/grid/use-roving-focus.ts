import { useCallback, useEffect, useRef } from 'react'
import type { FocusEvent, KeyboardEvent, RefObject } from 'react'

/** If a cell has such controls, they get the focus instead of the cell. */
const CONTROLS = 'button, a[href], input'
/** The controls of an open popover have their own Tab stops. */
const POPOVER = '[role=dialog]'
const ROWS = 'tr, [role=row]'
const CELLS = 'td:not([aria-hidden=true]), th, [role=gridcell]'
/** The number of rows that Page Up and Page Down move. */
const PER_PAGE = 10

/**
 * The elements that can get the focus, by row, cell and control. A cell without controls gets the focus itself. A toolbar is one row with
 * one cell.
 */
type Stops = readonly (readonly (readonly HTMLElement[])[])[]
type Place = { readonly row: number; readonly cell: number; readonly part: number }

const controlsOf = (element: HTMLElement) =>
  [...element.querySelectorAll<HTMLElement>(CONTROLS)].filter((each) => each.closest(POPOVER)?.contains(element) !== false)

function stopsOf(grid: HTMLElement): Stops {
  const rows = [...grid.querySelectorAll(ROWS)].map((row) =>
    [...row.querySelectorAll<HTMLElement>(CELLS)].map((cell) => {
      const controls = controlsOf(cell)
      return controls.length === 0 ? [cell] : controls
    }),
  )
  return rows.length === 0 ? [[controlsOf(grid)]] : rows.filter((cells) => cells.length > 0)
}

function placeOf(stops: Stops, element: Element): Place | undefined {
  for (const [row, cells] of stops.entries())
    for (const [cell, parts] of cells.entries()) {
      const part = parts.findIndex((one) => one === element)
      if (part >= 0) return { row, cell, part }
    }
  return undefined
}

const within = (index: number, length: number) => Math.max(0, Math.min(index, length - 1))

/** Returns the element at a place, or the nearest one. */
function elementAt(stops: Stops, { row, cell, part }: Place): HTMLElement | undefined {
  const cells = stops[within(row, stops.length)] ?? []
  const parts = cells[within(cell, cells.length)] ?? []
  return parts[within(part, parts.length)]
}

/** Returns the place to which a key moves; undefined: the key does not move the focus. */
function placeAfter(
  key: string,
  { ctrlKey, metaKey }: KeyboardEvent,
  stops: Stops,
  { row, cell, part }: Place,
): Place | undefined {
  const cells = stops[row] ?? []
  const parts = cells[cell] ?? []
  const isFar = ctrlKey || metaKey
  switch (key) {
    case 'ArrowRight':
      return part + 1 < parts.length || cell + 1 === cells.length
        ? { row, cell, part: part + 1 }
        : { row, cell: cell + 1, part: 0 }
    case 'ArrowLeft':
      return part > 0 || cell === 0 ? { row, cell, part: Math.max(0, part - 1) } : { row, cell: cell - 1, part: Infinity }
    case 'ArrowUp':
      return { row: row - 1, cell, part }
    case 'ArrowDown':
      return { row: row + 1, cell, part }
    case 'PageUp':
      return { row: row - PER_PAGE, cell, part }
    case 'PageDown':
      return { row: row + PER_PAGE, cell, part }
    case 'Home':
      return { row: isFar ? 0 : row, cell: 0, part: 0 }
    case 'End':
      return { row: isFar ? Infinity : row, cell: Infinity, part: Infinity }
    default:
      return undefined
  }
}

const NO_ALIASES: Readonly<Record<string, string>> = {}

type Roving = {
  readonly ref: RefObject<HTMLElement | null>
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
  readonly onFocus: (event: FocusEvent<HTMLElement>) => void
}

/**
 * Makes a grid of rows and cells, or a toolbar, one stop of the Tab key (the patterns of WAI-ARIA). The arrow keys, Page Up, Page Down,
 * Home and End move the focus.
 *
 * The focus stays on its element while rows are added, removed and sorted. If the element is removed, the nearest one is the next Tab stop.
 * @param first index of the control that is the Tab stop at the beginning
 * @param aliases other keys by the key that they replace, for a grid without text fields; the object must stay the same
 */
export function useRovingFocus(first = 0, aliases: Readonly<Record<string, string>> = NO_ALIASES): Roving {
  const ref = useRef<HTMLElement>(null)
  const stop = useRef<HTMLElement>(undefined)
  /** Undefined: the first control. */
  const place = useRef<Place>(undefined)

  const moveStop = useCallback((stops: Stops, element: HTMLElement) => {
    if (stop.current !== undefined) stop.current.tabIndex = -1
    element.tabIndex = 0
    stop.current = element
    place.current = placeOf(stops, element) ?? place.current
  }, [])

  useEffect(() => {
    const grid = ref.current
    if (grid === null) return undefined
    const update = () => {
      const stops = stopsOf(grid)
      const last = stop.current
      const all = stops.flat(2)
      const atFirst = all.filter((element) => element.matches(CONTROLS))[first] ?? all[0]
      const nearest = place.current === undefined ? atFirst : elementAt(stops, place.current)
      const next = last !== undefined && grid.contains(last) ? last : nearest
      for (const element of all) element.tabIndex = -1
      if (next !== undefined) moveStop(stops, next)
    }
    update()
    // Rows can change without a render of this component.
    const observer = new MutationObserver(update)
    observer.observe(grid, { childList: true, subtree: true })
    return () => observer.disconnect()
  }, [moveStop, first])

  const onFocus = useCallback(
    ({ currentTarget, target }: FocusEvent<HTMLElement>) => {
      const stops = stopsOf(currentTarget)
      if (placeOf(stops, target) !== undefined) moveStop(stops, target)
    },
    [moveStop],
  )

  const onKeyDown = useCallback(
    (event: KeyboardEvent<HTMLElement>) => {
      const { currentTarget, target } = event
      if (event.altKey || event.shiftKey || !(target instanceof HTMLElement)) return
      const stops = stopsOf(currentTarget)
      const from = placeOf(stops, target)
      if (from === undefined) return
      const to = placeAfter(aliases[event.key] ?? event.key, event, stops, from)
      const next = to === undefined ? undefined : elementAt(stops, to)
      // At an edge the key keeps its default action, which scrolls the page.
      if (next === undefined || next === target) return
      next.focus()
      event.preventDefault()
    },
    [aliases],
  )

  return { ref, onKeyDown, onFocus }
}
