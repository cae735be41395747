import { setImmediate } from 'node:timers/promises'
import { MAX_COLUMN_NAME, type ImportReading, type LineAccount } from '../../core/contract/imports.ts'
import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import type { Sentence } from '../../core/messages/text.ts'
import { CsvRecords, type CsvRecord, type Doubt } from './csv-records.ts'
import { detectDialect, firstLines, isBlank, sameCells, type Dialect, type Layout } from './csv-dialect.ts'
import { decodeText } from './decode-text.ts'
import { unreadable } from './unreadable.ts'
import { ShortRows } from './short-rows.ts'

/** Most rows of a batch, and the characters after which a batch of long rows ends. */
const BATCH_ROWS = 1_000
const BATCH_CHARACTERS = 4 * 1024 * 1024
/** Lines from which a person can choose the header. */
export const FIRST_LINES = 20
/** Most rows over several lines that a report lists. */
const LISTED_SPANS = 200
/** Most characters of a header, so that it fits into a mapping with a number after it. */
const MAX_HEADER = MAX_COLUMN_NAME - 20

export type CsvRow = {
  /** Line of the file at which the row begins, from 1. */
  readonly line: number
  readonly cells: readonly string[]
  /** Why the row cannot be used as a whole. */
  readonly fault: Sentence | null
}

/** The choices of a mapping about how a file is read. What is absent is detected. */
export type Reading = { readonly [K in keyof ImportReading]?: ImportReading[K] | undefined } & {
  /** True: a row that is shorter than the header is refused. Absent: the rows decide whether short rows are filled up. */
  readonly hasFixedWidth?: boolean
}

export type CsvFile = {
  readonly kind: 'csv' | 'xlsx'
  readonly encoding: string
  readonly delimiter: string
  /** Line of the header; 0: the file has none. */
  readonly headerLine: number
  /** Distinct names of the columns; "Column n" for a column without a header. */
  readonly columns: readonly string[]
  /** False if the first row looks like data. */
  readonly hasHeader: boolean
  /** Counts of the lines by kind. */
  readonly account: LineAccount
  /** What a person should check, in the order of lines. */
  readonly warnings: readonly Sentence[]
  /** Quoted cells that may be one cell or many rows. */
  readonly doubts: readonly Doubt[]
  readonly firstLines: readonly string[]
  /** Names of the sheets of a workbook; empty for a CSV file. */
  readonly sheets: readonly string[]
  readonly sheet: string | null
  /** Yields the data rows in batches, without blank rows. Can be called several times. */
  readonly batches: () => AsyncGenerator<readonly CsvRow[]>
}

/** Returns distinct headers, with names for the columns without a header. */
export function columnNames(cells: readonly string[], width: number, hasHeader: boolean): string[] {
  const names = new Set<string>()
  for (let index = 0; index < width; index++) {
    const given = hasHeader ? (cells[index] ?? '').trim() : ''
    const name = given === '' ? `Column ${index + 1}` : given.length > MAX_HEADER ? `${given.slice(0, MAX_HEADER)}…` : given
    let distinct = name
    for (let n = 2; names.has(distinct); n++) distinct = `${name} (${n})`
    names.add(distinct)
  }
  return [...names]
}

/** Returns a record as a row of `width` cells, or as a row with the reason why it is refused. */
export function withFault(record: CsvRecord, width: number, fillsShortRows: boolean): CsvRow {
  const { line, cells, fault } = record
  if (fault !== null) return { line, cells, fault }
  if (cells.length < width) {
    if (!fillsShortRows) return { line, cells, fault: sentence('import.short-row', { count: cells.length, width }) }
    return { line, cells: [...cells, ...Array.from({ length: width - cells.length }, () => '')], fault: null }
  }
  if (cells.length > width && !isBlank(cells.slice(width)))
    return {
      line,
      cells,
      fault: sentence('import.long-row', { count: cells.length, width }),
    }
  if (cells.some((cell) => cell.includes('\0'))) return { line, cells, fault: sentence('import.nul') }
  return { line, cells, fault: null }
}

/** Counts the lines of a file by kind, in one pass. */
export class LineCounter {
  readonly account = { lines: 0, before: 0, header: 0, blank: 0, rows: 0, continued: 0 }
  readonly #spans: { line: number; lastLine: number }[] = []

  add(
    { line, lastLine }: { readonly line: number; readonly lastLine: number },
    kind: 'before' | 'header' | 'blank' | 'row',
  ): void {
    const count = lastLine - line + 1
    this.account.lines += count
    if (kind !== 'row') {
      this.account[kind] += count
      return
    }
    this.account.rows++
    this.account.continued += count - 1
    if (count > 1 && this.#spans.length < LISTED_SPANS) this.#spans.push({ line, lastLine })
  }

  toAccount(): LineAccount {
    return { ...this.account, spans: this.#spans }
  }
}

export function noSuchHeader(headerLine: number): AppError<'INVALID'> {
  const why = sentence('import.no-header', { line: headerLine })
  return new AppError('INVALID', sentence('import.other-line', { why: why.text }), {
    issues: [{ path: 'map.headerLine', ...why }],
  })
}

/** Returns a warning if the rows are wider than the header. */
export function unnamedColumns({ headerLine, header, width }: Layout): Sentence[] {
  if (headerLine === 0 || width <= header.length) return []
  return [sentence('import.unnamed-columns', { width, line: headerLine, count: header.length })]
}

/** Results of one pass over the whole file. */
type Survey = Pick<CsvFile, 'account' | 'doubts' | 'warnings'> & {
  readonly fillsShortRows: boolean
  readonly isCutOff: boolean
}

async function survey(text: Buffer, dialect: Dialect, { multilineCells, hasFixedWidth = false }: Reading): Promise<Survey> {
  const reader = new CsvRecords(text, { ...dialect, multilineCells })
  const counter = new LineCounter()
  const short = new ShortRows(dialect.width)
  for (let n = 1; ; n++) {
    if (n % 10_000 === 0) await setImmediate()
    const record = reader.next()
    if (record === undefined) break
    const kind = lineKind(record, dialect)
    counter.add(record, kind)
    if (kind === 'row' && record.fault === null) short.add(record, reader.isCut)
  }
  return {
    account: counter.toAccount(),
    doubts: reader.doubts,
    fillsShortRows: !hasFixedWidth && short.areFilled,
    isCutOff: short.isCutOff,
    warnings: [
      ...unnamedColumns(dialect),
      ...(hasFixedWidth ? [] : short.warnings),
      ...reader.doubts.slice(0, 5).map(({ line, lastLine }) => sentence('import.unclear-refused', { line, lastLine })),
    ],
  }
}

export function lineKind(
  { line, lastLine, cells }: CsvRecord,
  { headerLine, firstLine, header }: Layout,
): 'before' | 'header' | 'blank' | 'row' {
  if (isBlank(cells)) return 'blank'
  if (headerLine > 0 && line <= headerLine && headerLine <= lastLine) return 'header'
  if (line < firstLine) return 'before'
  // A file that was joined from several exports repeats the header.
  const isRepeated = headerLine > 0 && header.length > 1 && sameCells(cells, header)
  return isRepeated ? 'header' : 'row'
}

/**
 * Opens a CSV file. Detects the encoding, the delimiter and the header if they are not given. Reads the file once to count its lines.
 * @throws AppError UNREADABLE_FILE if there is nothing to read; INVALID if the given encoding or header line does not fit.
 */
export async function openCsv(bytes: Uint8Array, reading: Reading = {}): Promise<CsvFile> {
  const { utf8, encoding, warnings } = decodeText(bytes, reading.encoding)
  const found = detectDialect(utf8, reading)
  if (found === undefined) throw reading.headerLine ? noSuchHeader(reading.headerLine) : unreadable(sentence('import.no-rows'))
  const dialect = found
  const { delimiter, width, headerLine } = dialect
  const hasHeader = headerLine > 0
  const { fillsShortRows, isCutOff, ...facts } = await survey(utf8, dialect, reading)
  async function* batches(): AsyncGenerator<readonly CsvRow[]> {
    const reader = new CsvRecords(utf8, { ...dialect, multilineCells: reading.multilineCells })
    let rows: CsvRow[] = []
    let characters = 0
    for (let record = reader.next(); record !== undefined; record = reader.next()) {
      if (lineKind(record, dialect) !== 'row') continue
      rows.push(withFault(record, width, fillsShortRows && !(isCutOff && reader.isCut)))
      for (const cell of record.cells) characters += cell.length
      if (rows.length < BATCH_ROWS && characters < BATCH_CHARACTERS) continue
      yield rows
      rows = []
      characters = 0
      // Let the event loop run: the message that cancels an import arrives there.
      await setImmediate()
    }
    if (rows.length > 0) yield rows
  }
  return {
    kind: 'csv',
    encoding,
    delimiter,
    headerLine,
    columns: columnNames(dialect.header, width, hasHeader),
    hasHeader,
    ...facts,
    warnings: [...warnings, ...facts.warnings],
    firstLines: firstLines(utf8, FIRST_LINES),
    sheets: [],
    sheet: null,
    batches,
  }
}
