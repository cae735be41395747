import { assert } from '../../core/assert.ts'
import { dateText, localReadings, type LocalReading } from './local-readings.ts'
import { CellTooLongError, type ByteSink, type Cell, type ColumnKind, type SheetColumn, type SheetWriter } from './sheet.ts'
import {
  columnLetters,
  FIXED_PARTS,
  listParts,
  sheetBegin,
  sheetEnd,
  STYLE_OF,
  xmlText,
  type CellFormat,
  type WrittenSheet,
} from './xlsx-parts.ts'
import { ZipStream } from './zip-stream.ts'

/** Rows of a sheet, with its headers. */
const MAX_ROWS = 1_048_576
/** Characters of a cell, in UTF-16. */
const MAX_CELL = 32_767
/** A sheet with more bytes continues in another one, because the archive cannot contain a larger file. */
const MAX_SHEET_BYTES = 3 * 1_024 ** 3
const MAX_NAME = 31
const DAY = 86_400_000
/** Days from the epoch of workbooks to 1970-01-01. */
const EPOCH_DAYS = 25_569
/** Workbooks count 29 February 1900, which did not exist, so earlier days would be shown wrongly. */
const FIRST_DAY = 61

const DEFAULT_WIDTHS: Readonly<Record<ColumnKind, number>> = {
  text: 18,
  integer: 10,
  number: 12,
  percent: 10,
  date: 12,
  time: 19,
}

export type XlsxOptions = {
  /** The zone of times. */
  readonly timeZone: string
  /** The maximum number of rows in a sheet, with its headers. Only tests set less than the format allows. */
  readonly maxRows?: number
}

/**
 * Writes a workbook. Texts are text cells, which a spreadsheet never runs as formulas. Times are real dates in the given zone. A sheet has
 * its headers frozen and a filter. Rows beyond the limit of a sheet continue in another sheet with the same headers.
 */
export class XlsxWriter implements SheetWriter {
  readonly #zip: ZipStream
  readonly #maxRows: number
  readonly #readingOf: (instant: number) => LocalReading
  readonly #sheets: WrittenSheet[] = []
  #columns: readonly SheetColumn[] = []
  #letters: readonly string[] = []
  #title = ''
  /** Sheets of the current title. */
  #parts = 0
  #name: string | undefined
  /** Rows of the current sheet, with its headers. */
  #rows = 0
  /** Rows of the current title, without headers. */
  #titleRows = 0

  constructor(write: ByteSink, { timeZone, maxRows = MAX_ROWS }: XlsxOptions) {
    this.#zip = new ZipStream(write)
    this.#maxRows = maxRows
    this.#readingOf = localReadings(timeZone)
    this.#addParts(FIXED_PARTS)
  }

  beginSheet(name: string, columns: readonly SheetColumn[]): void {
    this.#endSheet()
    this.#columns = columns
    this.#letters = columns.map((_, column) => columnLetters(column))
    this.#title = name
    this.#parts = 0
    this.#titleRows = 0
    this.#beginPart()
  }

  addRow(cells: readonly Cell[]): void {
    assert(this.#name !== undefined, 'A row belongs to a sheet')
    this.#titleRows++
    if (this.#rows === this.#maxRows || this.#zip.fileBytes > MAX_SHEET_BYTES) {
      this.#endSheet()
      this.#beginPart()
    }
    let row = ''
    const number = this.#rows + 1
    for (let at = 0; at < this.#columns.length; at++) {
      const [cell = null, column] = [cells[at], this.#columns[at]]
      if (cell === null || cell === '' || column === undefined) continue
      row += typeof cell === 'string' ? this.#text(cell, at, number, 'text') : this.#number(cell, column.kind, at, number)
    }
    this.#addRow(row)
  }

  end(): void {
    this.#endSheet()
    // A workbook without a sheet cannot be opened.
    if (this.#sheets.length === 0) {
      this.beginSheet('Sheet1', [])
      this.#endSheet()
    }
    this.#addParts(listParts(this.#sheets))
    this.#zip.end()
  }

  #beginPart(): void {
    this.#parts++
    this.#name = this.#freeName()
    this.#zip.begin(`xl/worksheets/sheet${this.#sheets.length + 1}.xml`)
    const widths = this.#columns.map(({ header, kind, width }) => width ?? Math.max(DEFAULT_WIDTHS[kind], header.length + 4))
    this.#zip.add(sheetBegin(widths, this.#sheets.length === 0))
    this.#rows = 0
    this.#addRow(this.#columns.map(({ header }, at) => this.#text(header, at, 1, 'header')).join(''))
  }

  #endSheet(): void {
    if (this.#name === undefined) return
    const area = `A1:${this.#letters.at(-1) ?? 'A'}${this.#rows}`
    this.#zip.add(sheetEnd(area))
    this.#zip.finish()
    this.#sheets.push({ name: this.#name, area })
    this.#name = undefined
  }

  #addRow(cells: string): void {
    this.#rows++
    this.#zip.add(`<row r="${this.#rows}">${cells}</row>`)
  }

  #text(text: string, at: number, row: number, format: CellFormat): string {
    if (text.length > MAX_CELL)
      throw new CellTooLongError({
        sheet: this.#title,
        header: this.#columns[at]?.header ?? '',
        row: this.#titleRows,
        length: text.length,
      })
    return `<c r="${this.#letters[at]}${row}" s="${STYLE_OF[format]}" t="inlineStr"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`
  }

  #number(value: number, kind: ColumnKind, at: number, row: number): string {
    if (!Number.isFinite(value)) return ''
    if (kind === 'time') return this.#time(value, at, row)
    if (kind === 'date') return this.#day(value, 'date', at, row)
    return this.#typed(value, kind === 'text' ? 'number' : kind, at, row)
  }

  #time(instant: number, at: number, row: number): string {
    const { reading, isDate } = this.#readingOf(instant)
    return this.#day(reading / DAY, isDate ? 'date' : 'time', at, row)
  }

  /** @param day from 1970-01-01, with the time of day as a fraction */
  #day(day: number, format: 'date' | 'time', at: number, row: number): string {
    const serial = day + EPOCH_DAYS
    return serial < FIRST_DAY ? this.#text(dateText(day * DAY), at, row, 'text') : this.#typed(serial, format, at, row)
  }

  #typed(value: number, format: CellFormat, at: number, row: number): string {
    return `<c r="${this.#letters[at]}${row}" s="${STYLE_OF[format]}"><v>${value}</v></c>`
  }

  #addParts(parts: readonly (readonly [name: string, content: string])[]): void {
    for (const [name, content] of parts) {
      this.#zip.begin(name)
      this.#zip.add(content)
      this.#zip.finish()
    }
  }

  /** Returns the title as the name of a sheet: with allowed characters only, short enough, and different from the others. */
  #freeName(): string {
    const plain = this.#title
      .replaceAll(/[[\]:*?/\\\p{Cc}]/gu, ' ')
      .replaceAll(/^'+|'+$/g, '')
      .trim()
    const base = plain === '' ? 'Sheet' : plain
    const taken = new Set(this.#sheets.map(({ name }) => name.toLowerCase()))
    for (let number = this.#parts; ; number++) {
      const ending = number === 1 ? '' : ` (${number})`
      const name = base.slice(0, MAX_NAME - ending.length).trimEnd() + ending
      if (!taken.has(name.toLowerCase())) return name
    }
  }
}
