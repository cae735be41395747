import { unzipSync } from 'fflate'
import readWorkbook from 'read-excel-file/universal'
import { MAX_IMPORT_BYTES } from '../../core/contract/imports.ts'
import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import type { Sentence } from '../../core/messages/text.ts'
import { findLayout } from './csv-dialect.ts'
import type { CsvRecord } from './csv-records.ts'
import { startsWith } from './decode-text.ts'
import { unreadable } from './unreadable.ts'
import {
  columnNames,
  FIRST_LINES,
  LineCounter,
  lineKind,
  noSuchHeader,
  unnamedColumns,
  withFault,
  type CsvFile,
  type CsvRow,
  type Reading,
} from './read-csv.ts'

/** Most bytes of an unpacked workbook. A small archive can unpack to any size. */
const MAX_UNPACKED = 128 * 1024 * 1024
/** Most cells of a sheet, including empty ones up to its last row and column, because the reader creates a value for each. */
const MAX_CELLS = 20_000_000
const BATCH_ROWS = 1_000
const DAY = 86_400_000
/** Day 0 of the dates of a workbook. A time of day or a duration is stored as a date of the first days. */
const EPOCH = Date.UTC(1899, 11, 30)
const FIRST_DATE = Date.UTC(1900, 2, 1)

const ZIP = [0x50, 0x4b, 0x03, 0x04]

/** Whether a file is a ZIP archive, as every workbook is. */
export function isArchive(bytes: Uint8Array): boolean {
  return startsWith(bytes, ZIP)
}

/** Returns the number of a column, from 1, by its letters. */
function columnNumber(letters: string): number {
  let number = 0
  for (let at = 0; at < letters.length; at++) number = number * 26 + letters.charCodeAt(at) - 64
  return number
}

/** Throws if a sheet has a cell so far from the first one that the empty cells between them do not fit into memory. */
function checkExtent(sheet: Uint8Array): void {
  const text = Buffer.from(sheet.buffer, sheet.byteOffset, sheet.byteLength)
  let rows = 0
  let columns = 0
  const PIECE = 1 << 20
  const OVERLAP = 200
  for (let at = 0; at < text.length; at += PIECE) {
    const piece = text.toString('latin1', Math.max(0, at - OVERLAP), at + PIECE)
    for (const [, row] of piece.matchAll(/row\b[^<>]{0,150}?\sr\s*=\s*["']\s*(\d+)/g)) rows = Math.max(rows, Number(row))
    for (const [, letters = '', row] of piece.matchAll(/\sr\s*=\s*["']\s*([A-Z]+)(\d+)/g)) {
      rows = Math.max(rows, Number(row))
      columns = Math.max(columns, columnNumber(letters))
    }
    if (rows * Math.max(1, columns) > MAX_CELLS) throw unreadable(sentence('import.large-workbook'))
  }
}

/**
 * Refuses archives that would fill the memory. The sizes come from the directory of the archive; unpacking never exceeds them.
 * @throws AppError UNREADABLE_FILE.
 */
function checkSize(bytes: Uint8Array): void {
  let unpacked = 0
  let names = 0
  const isSheet = ({ name, originalSize }: { readonly name: string; readonly originalSize: number }) => {
    if (!name.endsWith('.xml') && !name.endsWith('.rels')) return false
    unpacked += originalSize
    names++
    if (unpacked > MAX_UNPACKED || names > 10_000) throw unreadable(sentence('import.large-workbook'))
    return false
  }
  unzipSync(bytes, { filter: isSheet })
  const sheets = unzipSync(bytes, { filter: ({ name }) => /worksheets\/[^/]+\.xml$/.test(name) })
  for (const sheet of Object.values(sheets)) checkExtent(sheet)
}

/**
 * Day 0 and the end of the first year of workbooks that count days from 1904, as Excel on a Mac did. A date in that year is a time of day
 * or a duration.
 */
const EPOCH_1904 = Date.UTC(1904, 0, 1)
const END_1904 = Date.UTC(1905, 0, 1)

const pad = (value: number, length = 2) => String(value).padStart(length, '0')

function clock(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000)
  return `${pad(Math.floor(seconds / 3_600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`
}

/** Returns a date cell as text. If a column has any time of day, all its dates are written with one, so that they have one format. */
function dateText(date: Date, withTime: boolean): string {
  const time = Math.round(date.getTime() / 1_000) * 1_000
  if (time < FIRST_DATE) return clock(time - EPOCH)
  if (time >= EPOCH_1904 && time < END_1904) return clock(time - EPOCH_1904)
  const rounded = new Date(time)
  const day = `${pad(rounded.getUTCFullYear(), 4)}-${pad(rounded.getUTCMonth() + 1)}-${pad(rounded.getUTCDate())}`
  return withTime ? `${day} ${clock(time - Math.floor(time / DAY) * DAY)}` : day
}

type Cell = string | number | boolean | Date | null

function toRecords(data: readonly (readonly Cell[])[]): CsvRecord[] {
  const timed = new Set<number>()
  for (const row of data)
    for (const [index, cell] of row.entries())
      if (cell instanceof Date && cell.getTime() >= END_1904 && Math.round(cell.getTime() / 1_000) % 86_400 !== 0)
        timed.add(index)
  const text = (cell: Cell, index: number) => {
    if (cell === null) return ''
    if (cell instanceof Date) return dateText(cell, timed.has(index))
    return typeof cell === 'boolean' ? String(cell).toUpperCase() : String(cell)
  }
  return data.map((row, index) => ({
    line: index + 1,
    lastLine: index + 1,
    cells: row.map(text),
    fault: null,
    beginsQuoted: false,
  }))
}

type Sheet = { readonly sheet: string; readonly data: readonly (readonly Cell[])[] }

async function sheetsOf(bytes: Uint8Array): Promise<readonly Sheet[]> {
  if (bytes.byteLength > MAX_IMPORT_BYTES) throw unreadable(sentence('import.large-workbook'))
  try {
    checkSize(bytes)
    const copy = new Uint8Array(bytes).buffer
    return (await readWorkbook(copy, { trim: false })) as unknown as readonly Sheet[]
  } catch (error) {
    throw error instanceof AppError ? error : unreadable(sentence('import.damaged-workbook'))
  }
}

function chosen(sheets: readonly Sheet[], name: string | undefined): Sheet {
  if (name === undefined) {
    const filled = sheets.find(({ data }) => data.length > 1) ?? sheets.find(({ data }) => data.length > 0)
    if (filled === undefined) throw unreadable(sentence('import.no-rows'))
    return filled
  }
  const sheet = sheets.find((candidate) => candidate.sheet === name)
  if (sheet !== undefined) return sheet
  const why = sentence('import.no-sheet', { name, sheets: sheets.map((other) => `“${other.sheet}”`).join(', ') })
  throw new AppError('INVALID', sentence('import.one-of-these', { why: why.text }), { issues: [{ path: 'map.sheet', ...why }] })
}

/** Returns a warning about rows in sheets that are not read. */
function otherSheets(sheets: readonly Sheet[], read: Sheet): Sentence[] {
  const others = sheets.filter((sheet) => sheet !== read && sheet.data.length > 1).map(({ sheet }) => `“${sheet}”`)
  if (others.length === 0) return []
  const values = { sheet: read.sheet, others: others.join(', ') }
  return [sentence(others.length === 1 ? 'import.other-sheet' : 'import.other-sheets', values)]
}

/**
 * Opens a workbook. A line is a row of the sheet, with the number that the spreadsheet shows.
 * @throws AppError UNREADABLE_FILE if the workbook cannot be read or is too large; INVALID if the sheet or header line does not exist.
 */
export async function openXlsx(bytes: Uint8Array, reading: Reading): Promise<CsvFile> {
  const sheets = await sheetsOf(bytes)
  const sheet = chosen(sheets, reading.sheet)
  const records = toRecords(sheet.data)
  const layout = findLayout(records, reading.headerLine)
  if (layout === undefined) throw reading.headerLine ? noSuchHeader(reading.headerLine) : unreadable(sentence('import.no-rows'))
  const counter = new LineCounter()
  const rows: CsvRow[] = []
  for (const record of records) {
    const kind = lineKind(record, layout)
    counter.add(record, kind)
    if (kind === 'row') rows.push(withFault(record, layout.width, true))
  }
  async function* batches(): AsyncGenerator<readonly CsvRow[]> {
    for (let at = 0; at < rows.length; at += BATCH_ROWS) yield rows.slice(at, at + BATCH_ROWS)
  }
  return {
    kind: 'xlsx',
    encoding: 'xlsx',
    delimiter: '',
    headerLine: layout.headerLine,
    columns: columnNames(layout.header, layout.width, layout.headerLine > 0),
    hasHeader: layout.headerLine > 0,
    account: counter.toAccount(),
    warnings: [...(reading.sheet === undefined ? otherSheets(sheets, sheet) : []), ...unnamedColumns(layout)],
    doubts: [],
    firstLines: records.slice(0, FIRST_LINES).map(({ cells }) => cells.join(' | ').slice(0, 500)),
    sheets: sheets.map(({ sheet: name }) => name),
    sheet: sheet.sheet,
    batches,
  }
}
