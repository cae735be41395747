import { useState } from 'react'
import type { CallId } from '../../../core/id.ts'
import type { CallPages } from './call-pages.ts'

type Chosen = { readonly pages: CallPages; readonly index: number; readonly id: CallId | null }

/** The selected row: its position, and the id of its call if it is loaded. */
export type Selection = {
  readonly index: number | null
  readonly id: CallId | null
  select: (index: number, id: CallId | null) => void
  clear: () => void
}

/** Returns the current selection: it follows its call when rows move, and moves to the next row if the call is removed. */
export function followed(chosen: Chosen): Chosen | null {
  const { pages, index, id } = chosen
  if (pages.total === undefined) return chosen
  if (pages.total === 0) return null
  const there = pages.rowAt(index)?.id ?? null
  if (id === there || (id !== null && !pages.isFresh(index))) return chosen
  const moved = id === null ? undefined : pages.indexOf(id)
  if (moved !== undefined) return { pages, index: moved, id }
  if (index < pages.total) return there === null ? chosen : { pages, index, id: there }
  const last = pages.total - 1
  return { pages, index: last, id: pages.rowAt(last)?.id ?? null }
}

export function useSelection(pages: CallPages): Selection {
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const current = chosen?.pages === pages ? followed(chosen) : null
  if (current !== chosen) setChosen(current)
  return {
    index: current?.index ?? null,
    id: current?.id ?? null,
    select: (index, id) => setChosen({ pages, index, id }),
    clear: () => setChosen(null),
  }
}
