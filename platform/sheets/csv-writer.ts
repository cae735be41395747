import { guard } from '../../core/text/formula-guard.ts'
import { dateText, dayText, exactText, localReadings, secondsText, type LocalReading } from './local-readings.ts'
import type { ByteSink, Cell, ColumnKind, SheetColumn, SheetWriter } from './sheet.ts'

/**
 * - `safe`, for spreadsheets: texts that a spreadsheet would run as a formula begin with an apostrophe, times are dates for a spreadsheet,
 *   and the file begins with a byte order mark, without which Excel reads it in the code page of the computer
 * - `raw`, for programs: texts are unchanged, times are ISO 8601 with their offset
 */
type CsvStyle = 'safe' | 'raw'

const BYTE_ORDER_MARK = '\ufeff'
const LINE_END = '\r\n'
/** Characters that are collected before they are written. */
const PIECE = 64 * 1_024
const MINUTE = 60_000

/** Spreadsheets drop spaces at the ends of a cell that is not quoted. Some separate cells at semicolons and tabs as well as at commas. */
const NEEDS_QUOTES = /[",;\t\r\n]|^\s|\s$/

function quoted(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function offsetText(offset: number): string {
  if (offset === 0) return 'Z'
  const minutes = Math.round(Math.abs(offset) / MINUTE)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

/** Writes CSV by RFC 4180: UTF-8, commas, CRLF. A second sheet follows after an empty line. */
export class CsvWriter implements SheetWriter {
  readonly #write: ByteSink
  readonly #isSafe: boolean
  readonly #readingOf: (instant: number) => LocalReading
  readonly #encoder = new TextEncoder()
  #columns: readonly SheetColumn[] = []
  #hasSheet = false
  #text = ''

  /** @param options.timeZone the zone of times */
  constructor(write: ByteSink, options: { readonly timeZone: string; readonly style: CsvStyle }) {
    this.#write = write
    this.#isSafe = options.style === 'safe'
    this.#readingOf = localReadings(options.timeZone)
  }

  beginSheet(_name: string, columns: readonly SheetColumn[]): void {
    this.#text += this.#hasSheet ? LINE_END : this.#isSafe ? BYTE_ORDER_MARK : ''
    this.#hasSheet = true
    this.#columns = columns
    this.#endLine(columns.map(({ header }) => this.#textCell(header)).join(','))
  }

  addRow(cells: readonly Cell[]): void {
    let line = ''
    for (let at = 0; at < this.#columns.length; at++) {
      if (at > 0) line += ','
      line += this.#cell(cells[at] ?? null, this.#columns[at]?.kind)
    }
    this.#endLine(line)
  }

  end(): void {
    this.#flush()
  }

  #endLine(line: string): void {
    this.#text += line + LINE_END
    if (this.#text.length >= PIECE) this.#flush()
  }

  #flush(): void {
    if (this.#text !== '') this.#write(this.#encoder.encode(this.#text))
    this.#text = ''
  }

  #textCell(text: string): string {
    return quoted(this.#isSafe ? guard(text) : text)
  }

  #cell(cell: Cell, kind: ColumnKind | undefined): string {
    if (cell === null) return ''
    if (typeof cell === 'string') return this.#textCell(cell)
    if (!Number.isFinite(cell)) return ''
    if (kind === 'date') return dayText(cell)
    return kind === 'time' ? this.#time(cell) : String(cell)
  }

  #time(instant: number): string {
    const local = this.#readingOf(instant)
    if (local.isDate) return dateText(local.reading)
    // Excel does not read a time with a fraction as one.
    return this.#isSafe ? secondsText(local.reading) : `${exactText(local.reading)}${offsetText(local.offset)}`
  }
}
