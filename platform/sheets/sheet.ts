/**
 * The meaning of the numbers in a column. A text is a text in every column; null is an empty cell.
 *
 * - `time`: an instant, ms UTC; shown in the file's time zone. The instant of a date without a time of day is shown as its date.
 * - `date`: the number of a day, counted from 1970-01-01
 * - `percent`: a ratio; 0.25 is shown as 25 %
 */
export type ColumnKind = 'text' | 'integer' | 'number' | 'percent' | 'time' | 'date'

export type SheetColumn = {
  readonly header: string
  readonly kind: ColumnKind
  /** In characters; default: by the kind and the header. */
  readonly width?: number
}

export type Cell = string | number | null

/** Receives the bytes of a file in order. The memory may be reused after the call. */
export type ByteSink = (bytes: Uint8Array) => void

/** Writes a file of one or more sheets row by row. Its memory does not depend on the number of rows. */
export type SheetWriter = {
  /** Ends the previous sheet and starts one with its header row. */
  readonly beginSheet: (name: string, columns: readonly SheetColumn[]) => void
  /** @throws CellTooLongError, FileTooLargeError if the format cannot hold the row. The file is then not usable. */
  readonly addRow: (cells: readonly Cell[]) => void
  /** Writes the rest of the file. */
  readonly end: () => void
}

/** A text is longer than the format allows. */
export class CellTooLongError extends Error {
  override readonly name = 'CellTooLongError'
  readonly sheet: string
  readonly header: string
  /** Number of the row below the headers, from 1. */
  readonly row: number
  readonly length: number

  constructor(at: { readonly sheet: string; readonly header: string; readonly row: number; readonly length: number }) {
    super(`Row ${at.row}, “${at.header}”: ${at.length} characters are too many for a cell of a workbook`)
    this.sheet = at.sheet
    this.header = at.header
    this.row = at.row
    this.length = at.length
  }
}

/** The file is larger than its format allows. */
export class FileTooLargeError extends Error {
  override readonly name = 'FileTooLargeError'
}
