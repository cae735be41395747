/** The rows of a list by their position. They may be loaded only where they are shown. */
export type GridRows<Row> = {
  /** Rows in all; undefined until counted. */
  readonly total: number | undefined
  /** Returns undefined while the row is not loaded. */
  rowAt: (index: number) => Row | undefined
  /** Whether the row at `index` is up to date; if not, it is about to be replaced. */
  isFresh: (index: number) => boolean
  /** Returns the position of a row; undefined if it is not loaded. */
  indexOf: (id: string) => number | undefined
  /** Called after each render with the rows on the screen, first and last included. */
  show: (first: number, last: number) => void
}
