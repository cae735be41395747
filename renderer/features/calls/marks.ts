import { MAX_SELECTED_IDS } from '../../../core/contract/bulk.ts'
import type { CallSelectionInput } from '../../../core/contract/bulk.ts'
import type { CallFilter, CallSort } from '../../../core/contract/calls.ts'
import type { CallId } from '../../../core/id.ts'
import type { CallPages } from './call-pages.ts'

/** A row of the list. Its call is unknown until its page is loaded. */
export type Place = { readonly index: number; readonly id: CallId | null }

/** The rows from `first` to `last`, both included; `first.index` is the smaller one. */
export type Span = { readonly first: Place; readonly last: Place }

/**
 * The selected calls: a part of the list or all of it, and single calls. Only the rows near the visible ones are loaded, so a large part is
 * stored as its first and last row.
 */
export type Marks = {
  readonly part: 'none' | 'all' | Span
  /** Selected in addition to the part. */
  readonly ids: ReadonlySet<CallId>
  /** Not selected although in the part. */
  readonly except: ReadonlySet<CallId>
}

const NO_IDS: ReadonlySet<CallId> = new Set()

export const ALL: Marks = { part: 'all', ids: NO_IDS, except: NO_IDS }

export const oneByOne = (ids: Iterable<CallId>): Marks => ({ part: 'none', ids: new Set(ids), except: NO_IDS })

/** Returns whether a row is selected. */
export function isMarked({ part, ids, except }: Marks, { index, id }: Place): boolean {
  if (id !== null && ids.has(id)) return true
  const isInPart = part === 'all' || (part !== 'none' && index >= part.first.index && index <= part.last.index)
  return isInPart && (id === null || !except.has(id))
}

/** Selects or deselects the call. Returns null if no call remains selected, and `marks` unchanged if they are full. */
export function toggled(marks: Marks, place: Place & { readonly id: CallId }): Marks | null {
  const { id } = place
  const ids = new Set(marks.ids)
  const except = new Set(marks.except)
  if (!isMarked(marks, place)) {
    if (!except.delete(id)) ids.add(id)
  } else if (!ids.delete(id)) except.add(id)
  if (ids.size > MAX_SELECTED_IDS || except.size > MAX_SELECTED_IDS) return marks
  return marks.part === 'none' && ids.size === 0 ? null : { part: marks.part, ids, except }
}

/** Returns the span between two rows, both included. */
export function range(one: Place, other: Place): Marks {
  const [first, last] = one.index <= other.index ? [one, other] : [other, one]
  return { part: { first, last }, ids: NO_IDS, except: NO_IDS }
}

/** Returns the id of a row; null if it is not loaded, or was loaded before the last count and may be at another position. */
function freshId(pages: Pick<CallPages, 'rowAt' | 'isFresh'>, index: number): CallId | null {
  return pages.isFresh(index) ? (pages.rowAt(index)?.id ?? null) : null
}

/**
 * Finds the calls at the ends of a span when their pages are loaded. A short span whose rows are all loaded becomes its calls, so that no
 * call that arrives between them later is selected unseen.
 */
export function settled(marks: Marks, pages: Pick<CallPages, 'rowAt' | 'isFresh'>): Marks {
  const { part } = marks
  if (part === 'none' || part === 'all') return marks
  const { first, last } = part
  const length = last.index - first.index + 1
  if (length <= MAX_SELECTED_IDS && marks.except.size === 0 && marks.ids.size === 0) {
    const ids = Array.from({ length }, (_, offset) => freshId(pages, first.index + offset)).filter((id) => id !== null)
    const isEnd = ({ id }: Place, found: CallId | undefined) => id === null || id === found
    if (ids.length === length && isEnd(first, ids[0]) && isEnd(last, ids.at(-1))) return oneByOne(ids)
  }
  const known = (place: Place): Place => (place.id === null ? { ...place, id: freshId(pages, place.index) } : place)
  const [from, to] = [known(first), known(last)]
  return from.id === first.id && to.id === last.id ? marks : { ...marks, part: { first: from, last: to } }
}

/** Moves a span to the positions that the application found: rows above it may have been added or removed. */
export function moved(marks: Marks, found: { readonly from: number; readonly total: number }): Marks {
  const { part, ids, except } = marks
  if (part === 'none' || part === 'all') return marks
  const length = found.total - ids.size + except.size
  const [first, last] = [found.from, found.from + length - 1]
  if (first === part.first.index && last === part.last.index) return marks
  return { ...marks, part: { first: { ...part.first, index: first }, last: { ...part.last, index: last } } }
}

/** Returns the number of selected calls as far as the list is loaded. The application returns the exact number. */
export function size({ part, ids, except }: Marks, total: number | undefined): number | undefined {
  if (part === 'none') return ids.size
  const length = part === 'all' ? total : part.last.index - part.first.index + 1
  return length === undefined ? undefined : Math.max(0, length - except.size) + ids.size
}

/** Returns the selection as the application expects it; null while an end of the span is unknown. */
export function selectionOf(
  { part, ids, except }: Marks,
  list: { readonly filter: CallFilter; readonly sort: CallSort },
): CallSelectionInput | null {
  const one = [...ids]
  if (part === 'none') return { ids: one }
  const { filter, sort } = list
  if (part === 'all') return { list: { filter, except: [...except] }, ids: one }
  const { first, last } = part
  if (first.id === null || last.id === null) return null
  return { list: { filter, span: { sort, first: first.id, last: last.id }, except: [...except] }, ids: one }
}
