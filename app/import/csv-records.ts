import { sentence } from '../../core/messages/sentence.ts'
import type { Sentence } from '../../core/messages/text.ts'
import { fitOf, type ColumnKind, type RowFit } from './cell-kinds.ts'
import { LineCursor } from './line-cursor.ts'
import { continueCell, splitCells } from './split-cells.ts'

/** Most characters of a row. A longer row is refused as a whole; its lines are never read as separate rows. */
const MAX_RECORD = 1024 * 1024
/** A quoted cell is doubted if at least this share of its lines that are not blank look like rows. */
const ROW_LIKE = 0.5
/** A cell with at least this many such lines is doubted even if its closing line does not look like a row. */
const ENOUGH_LINES = 3

/** One record as it is in the file: a row, a header, a title or a blank line. */
export type CsvRecord = {
  /** Line of the file at which the record begins, from 1. */
  readonly line: number
  readonly lastLine: number
  readonly cells: readonly string[]
  /** Why the record cannot be used. */
  readonly fault: Sentence | null
  readonly beginsQuoted: boolean
}

/** A quoted cell that may be one cell, or an unclosed quotation mark followed by rows. */
export type Doubt = { readonly line: number; readonly lastLine: number }

export type RecordOptions = {
  readonly delimiter: string
  /** Cells of a row. While it is undefined, no cell is doubted. */
  readonly width: number | undefined
  /** Columns by which a row is recognised inside an open cell. Empty: the width decides. */
  readonly kinds: readonly ColumnKind[]
  /** Whether a quoted cell may span lines. Undefined: it may, unless its lines look like rows. */
  readonly multilineCells: boolean | undefined
  /** Every row begins with a quotation mark. Then the mark identifies a row inside an open cell, and no cell is doubted. */
  readonly rowsBeginQuoted: boolean
}

const UNCLOSED = sentence('import.unclosed')

function unclear({ line, lastLine }: Doubt): Sentence {
  return sentence('import.unclear', { line, lastLine })
}

/** Whether a cell has a space before its opening quotation mark. Programs that write this do it in all rows. */
function isQuotedAfterSpace(cell: string): boolean {
  return cell.startsWith(' ') && cell.endsWith('"') && /^ +"./.test(cell)
}

/** Returns the cells of one line. If a way to read its quotation marks gives `width` cells, that way is used. */
function cellsOfLine(text: string, delimiter: string, width: number | undefined): { cells: string[]; open: string | null } {
  if (!text.includes('"')) return { cells: text.split(delimiter), open: null }
  const strict = splitCells(text, delimiter)
  if (strict.cells.some(isQuotedAfterSpace)) {
    const spaced = splitCells(text, delimiter, 'spaced')
    if (spaced.open === null && (width === undefined || spaced.cells.length === width)) return spaced
  }
  if (width === undefined || (strict.open === null && strict.cells.length === width)) return strict
  for (const quoting of ['lenient', 'spaced'] as const) {
    const other = splitCells(text, delimiter, quoting)
    if (other.open === null && other.cells.length === width) return other
  }
  return strict
}

/** Result of following a quoted cell over further lines. */
type Outcome =
  | { readonly kind: 'record'; readonly record: CsvRecord }
  | { readonly kind: 'unclosed' }
  | { readonly kind: 'doubt'; readonly lastLine: number }

/**
 * Splits text into records and accounts for every line. A parser that trusts every quotation mark joins the lines after an unclosed mark
 * silently. This class first follows an open cell to its end:
 * - If the text ends or another cell opens first, only the line with the mark is refused.
 * - If the cell closes but its lines look like rows, all its lines are refused until a person chooses: either reading could invent or lose
 *   calls.
 * - Otherwise the lines are one record.
 */
export class CsvRecords {
  readonly #cursor: LineCursor
  readonly #options: RecordOptions
  readonly doubts: Doubt[] = []
  #doubted: Doubt | undefined
  /** Whether no mark further down closes a cell. Without it, each of many unclosed marks would cause a search to the end of the text. */
  #nothingCloses = false

  constructor(text: Buffer, options: RecordOptions) {
    this.#cursor = new LineCursor(text)
    this.#options = options
  }

  /** Whether the last record ends without a line break. */
  get isCut(): boolean {
    return this.#cursor.ending === ''
  }

  /** Returns the next record; undefined at the end of the text. */
  next(): CsvRecord | undefined {
    const text = this.#cursor.next()
    if (text === undefined) return undefined
    const { delimiter, width, multilineCells } = this.#options
    const { line } = this.#cursor
    if (text.length > MAX_RECORD) return this.#faultyLine(text, sentence('import.long-line', { line }))
    if (this.#doubted !== undefined && line <= this.#doubted.lastLine) return this.#faultyLine(text, unclear(this.#doubted))
    if (multilineCells === false) return this.#toRecord(line, splitCells(text, delimiter, 'line').cells, text, null)
    const { cells, open } = cellsOfLine(text, delimiter, width)
    if (open === null) return this.#toRecord(line, cells, text, null)
    const mark = this.#cursor.mark()
    const outcome = this.#follow(text, cells, open)
    if (outcome.kind === 'record') return outcome.record
    this.#cursor.reset(mark)
    if (outcome.kind === 'unclosed') return this.#faultyLine(text, UNCLOSED)
    this.#doubted = { line, lastLine: outcome.lastLine }
    this.doubts.push(this.#doubted)
    return this.#faultyLine(text, unclear(this.#doubted))
  }

  #faultyLine(text: string, fault: Sentence): CsvRecord {
    const { line } = this.#cursor
    const { cells } = splitCells(text.slice(0, MAX_RECORD), this.#options.delimiter, 'line')
    return this.#toRecord(line, cells, text, fault)
  }

  #toRecord(line: number, cells: readonly string[], first: string, fault: Sentence | null): CsvRecord {
    return { line, lastLine: this.#cursor.line, cells, fault, beginsQuoted: first.startsWith('"') }
  }

  #fitOf(text: string): RowFit {
    const { delimiter, width, kinds } = this.#options
    if (width === undefined || width < 2) return 'none'
    return fitOf(splitCells(text, delimiter, 'line').cells, width, kinds)
  }

  /** Follows a cell that is open at the end of the line `first` to the end of its record. */
  #follow(first: string, cells: string[], open: string): Outcome {
    const { delimiter, width, kinds, multilineCells, rowsBeginQuoted } = this.#options
    const { line } = this.#cursor
    const isTrusted = multilineCells === true || rowsBeginQuoted
    if (this.#nothingCloses) return { kind: 'unclosed' }
    let cell = [open, this.#cursor.ending]
    let length = first.length
    let rowLike = 0
    let completeRows = 0
    let lines = 0
    for (;;) {
      const text = this.#cursor.next()
      if (text === undefined) {
        this.#nothingCloses = true
        return { kind: 'unclosed' }
      }
      if (text.trim() !== '') lines++
      const fit = isTrusted ? 'none' : this.#fitOf(text)
      if (fit !== 'none') rowLike++
      if (fit === 'row') completeRows++
      const found = continueCell(text, delimiter, multilineCells !== true)
      if (found.kind === 'opens') return { kind: 'unclosed' }
      length += text.length
      const isKept = length <= MAX_RECORD
      if (isKept) cell.push(found.text)
      if (found.kind === 'inside') {
        if (isKept) cell.push(this.#cursor.ending)
        continue
      }
      cells.push(cell.join(''))
      if (found.rest < text.length) {
        const rest = splitCells(text, delimiter, 'strict', found.rest + delimiter.length)
        if (isKept) cells.push(...rest.cells)
        if (rest.open !== null) {
          cell = isKept ? [rest.open, this.#cursor.ending] : []
          continue
        }
      }
      const lastLine = this.#cursor.line
      const areRows = rowLike >= lines * ROW_LIKE && (fit === 'row' || lines >= ENOUGH_LINES)
      const mayOpen = fit === 'row' && text.slice(0, found.rest).endsWith(`${delimiter}"`)
      // The row with the mark can end early. Then enough rows after it count, but not lines that only have the width of rows.
      const followsRow = () => this.#fitOf(first) !== 'none' || (kinds.length > 0 && rowLike >= ENOUGH_LINES)
      if (!isTrusted && (areRows || mayOpen) && followsRow()) return { kind: 'doubt', lastLine }
      if (!isTrusted && isKept && width !== undefined && cells.length !== width && completeRows > 0) return { kind: 'unclosed' }
      const fault = isKept ? null : sentence('import.long-lines', { line, lastLine })
      return { kind: 'record', record: this.#toRecord(line, cells, first, fault) }
    }
  }
}
