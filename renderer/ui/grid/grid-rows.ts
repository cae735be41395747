/** The rows of a list by position. Rows out of view may be not loaded. */
export type GridRows<Row> = {
  /** The number of rows; undefined until counted. */
  readonly total: number | undefined
  /** Returns undefined while the row is not loaded. */
  rowAt: (index: number) => Row | undefined
  /** Returns whether the row at `index` is up to date. An outdated row is shown until it is replaced. */
  isFresh: (index: number) => boolean
  /** Returns the position of a row; undefined if it is not loaded. */
  indexOf: (id: string) => number | undefined
  /** Called after each render with the rows on the screen, first and last included, unless another list is about to replace this one. */
  show: (first: number, last: number) => void
}
