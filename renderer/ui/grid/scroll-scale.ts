export const ROW_HEIGHT = 32

/**
 * Browsers limit the height of an element to between 16 and 33 million pixels. A list of more than half a million rows is drawn in an
 * element of this height, and one pixel of the scroll bar represents several pixels of the list.
 */
const TALLEST = 16_000_000

/** The mapping of positions of the scroll bar to positions in the list, both in pixels. */
export type ScrollScale = {
  /** The height of the element that the browser scrolls. */
  readonly height: number
  /** Pixels of the list per pixel of the scroll bar; 1 unless the list is too tall. */
  readonly ratio: number
  /** The last position at which the list still fills the view. */
  readonly lastOffset: number
}

export function scrollScale(rows: number, viewHeight: number): ScrollScale {
  const listHeight = rows * ROW_HEIGHT
  const height = Math.min(listHeight, TALLEST)
  const lastOffset = Math.max(0, listHeight - viewHeight)
  return { height, lastOffset, ratio: listHeight === height ? 1 : lastOffset / (height - viewHeight) }
}

export function clampOffset(offset: number, { lastOffset }: ScrollScale): number {
  return Math.min(Math.max(0, offset), lastOffset)
}

/** Returns the first and last row in view at `offset`, with `overscan` more rows on each side. An empty list has last < first. */
export function rowsInView(offset: number, viewHeight: number, rows: number, overscan: number): { first: number; last: number } {
  return {
    first: Math.max(0, Math.floor(offset / ROW_HEIGHT) - overscan),
    last: Math.min(rows - 1, Math.floor((offset + viewHeight - 1) / ROW_HEIGHT) + overscan),
  }
}

/** Returns the nearest offset at which row `index` is completely in view. */
export function offsetShowing(index: number, offset: number, viewHeight: number): number {
  const top = index * ROW_HEIGHT
  if (top < offset) return top
  return Math.max(offset, top + ROW_HEIGHT - viewHeight)
}
