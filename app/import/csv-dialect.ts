import { columnKinds, kindOf, type ColumnKind } from './cell-kinds.ts'
import { CsvRecords, type CsvRecord } from './csv-records.ts'

const DELIMITERS = [',', ';', '\t', '|'] as const
/** Bytes at the beginning of a file by which its dialect is detected. */
const SAMPLE_BYTES = 256 * 1024
const SAMPLE_RECORDS = 2_000
/** Most cells that are checked for other delimiters. */
const JUDGED_CELLS = 2_000
/** Most rows that a possible header is compared with. */
const COMPARED_ROWS = 200

/** Penalty for a cell that contains another delimiter. Commas are common in prose, tabs are not. */
const STRAY: Readonly<Record<string, number>> = { ',': 0.3, ';': 0.7, '\t': 1, '|': 0.7 }
const DECIMAL = /^[+-]?\d+,\d+$/

export function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '' || cell === '\u001a')
}

/** Returns the width of a row without the empty cells at its end. */
function filledWidth(cells: readonly string[]): number {
  let width = cells.length
  while (width > 1 && (cells[width - 1] ?? '').trim() === '') width--
  return width
}

/** Returns the beginning of the text, without a last line that may be cut off. */
function sampleOf(text: Buffer): Buffer {
  if (text.length <= SAMPLE_BYTES) return text
  const sample = text.subarray(0, SAMPLE_BYTES)
  const end = Math.max(sample.lastIndexOf(0x0a), sample.lastIndexOf(0x0d))
  return end < 0 ? sample : sample.subarray(0, end + 1)
}

function recordsOf(
  sample: Buffer,
  delimiter: string,
  multilineCells: boolean | undefined,
  { width, kinds = [], limit = SAMPLE_RECORDS }: { width?: number; kinds?: readonly ColumnKind[]; limit?: number } = {},
): CsvRecord[] {
  const reader = new CsvRecords(sample, { delimiter, width, kinds, multilineCells, rowsBeginQuoted: false })
  const records: CsvRecord[] = []
  while (records.length < limit) {
    const record = reader.next()
    if (record === undefined) break
    records.push(record)
  }
  return records
}

/** Returns how often each value occurs. */
function histogram(values: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

/** Returns the most frequent width above 1, the greater of two equally frequent ones; 1 if there is none. */
function modalWidth(widths: readonly number[]): number {
  let best = 1
  let most = 0
  for (const [width, count] of histogram(widths))
    if (width > 1 && (count > most || (count === most && width > best))) {
      best = width
      most = count
    }
  return best
}

/** Returns 1 if no cell contains another delimiter, and less the more cells do. */
function cleanness(rows: readonly (readonly string[])[], delimiter: string): number {
  let cells = 0
  let strays = 0
  for (const row of rows) {
    for (const cell of row) {
      cells++
      if (DECIMAL.test(cell.trim())) continue
      strays += Math.max(0, ...DELIMITERS.map((other) => (other !== delimiter && cell.includes(other) ? (STRAY[other] ?? 0) : 0)))
    }
    if (cells >= JUDGED_CELLS) break
  }
  return cells === 0 ? 0 : 1 - strays / cells
}

/**
 * Rates a delimiter from 0 to 1: the chance that two rows have the same number of cells, weighted in favour of rows with many cells, times
 * the share of cells without another delimiter.
 */
function scoreOf(rows: readonly (readonly string[])[], delimiter: string): number {
  const filled = rows.filter((cells) => !isBlank(cells))
  if (filled.length === 0) return 0
  let agreement = 0
  for (const [width, count] of histogram(filled.map((cells) => cells.length)))
    if (width > 1) agreement += (count / filled.length) ** 2 * (1 - 1 / width)
  return agreement * cleanness(filled, delimiter)
}

/**
 * Rates a delimiter on a sample. Quoted cells are read across lines and also line by line, and the better rating counts: an unclosed
 * quotation mark would otherwise hide the rest of the sample.
 */
function sampleScore(sample: Buffer, delimiter: string): number {
  const scores = [undefined, false].map((multilineCells) => {
    const records = recordsOf(sample, delimiter, multilineCells)
    return scoreOf(
      records.filter(({ fault }) => fault === null).map(({ cells }) => cells),
      delimiter,
    )
  })
  return Math.max(...scores)
}

/** Returns the delimiter with the best rating. */
export function detectDelimiter(sample: Buffer): string {
  let best = ','
  let highest = 0
  for (const delimiter of DELIMITERS) {
    const score = sampleScore(sample, delimiter)
    if (score > highest + 1e-9) {
      best = delimiter
      highest = score
    }
  }
  return best
}

/** Excel's first line that names the delimiter. */
const SEPARATOR_LINE = /^"?sep=(.)"?[,;|\t]*$/i

/** Returns 1 if a first cell names its column, -1 if it does not, 0 if undecided. A value that occurs again below is not a name. */
function votesOf(first: string, below: readonly string[]): number {
  const values = below.filter((cell) => cell.trim() !== '')
  if (first.trim() === '' || values.length === 0) return 0
  const kind = kindOf(first)
  if (values.some((value) => value.trim() === first.trim())) return -1
  const others = values.map(kindOf)
  const same = others.filter((other) => other === kind).length
  if (kind === 'text') return same < values.length * 0.3 ? 1 : 0
  return same > values.length * 0.5 ? -1 : 0
}

/** Whether a row is the header of the rows below it: its cells are of another kind than theirs. */
export function looksLikeHeader(cells: readonly string[], below: readonly (readonly string[])[]): boolean {
  const filled = cells.filter((cell) => cell.trim() !== '')
  if (filled.length === 0) return false
  const votes = cells.map((cell, index) =>
    votesOf(
      cell,
      below.slice(0, COMPARED_ROWS).map((row) => row[index] ?? ''),
    ),
  )
  const sum = votes.reduce((total, vote) => total + vote, 0)
  if (sum !== 0) return sum > 0
  return filled.every((cell) => kindOf(cell) === 'text')
}

/** Place of the header and the rows of a table. */
export type Layout = {
  /** Line of the header; 0: the file has none. */
  readonly headerLine: number
  /** Cells of the header, or of the first row if there is no header. */
  readonly header: readonly string[]
  /** First line after the header. Blank lines may come before the first row. */
  readonly firstLine: number
  /** Cells of a row. */
  readonly width: number
}

export type Dialect = Layout & {
  readonly delimiter: string
  /** Whether every row of the sample begins with a quotation mark. */
  readonly rowsBeginQuoted: boolean
  /** Columns by which a row is recognised inside a quoted cell. */
  readonly kinds: readonly ColumnKind[]
}

/** Whether a line is a title or a remark: it has fewer cells than the rows, or several of them are empty. */
function isTitle(cells: readonly string[], width: number): boolean {
  const filled = cells.filter((cell) => cell.trim() !== '').length
  return filled < width - Math.max(1, Math.floor(width / 5))
}

const isComment = (cells: readonly string[], width: number) => /^\s*(#|\/\/)/.test(cells[0] ?? '') && cells.length !== width

/**
 * Returns the most frequent width of the usable records. Records that are refused because of their quotation marks count only if no usable
 * record has more than one cell: the lines of a refused note have any number of delimiters.
 */
function usualWidth(records: readonly CsvRecord[], widthOf: (cells: readonly string[]) => number): number {
  const width = modalWidth(records.filter(isUsable).map(({ cells }) => widthOf(cells)))
  return width > 1 ? width : modalWidth(records.filter(({ cells }) => !isBlank(cells)).map(({ cells }) => widthOf(cells)))
}

export const sameCells = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((cell, index) => cell === b[index])

const isUsable = ({ fault, cells }: CsvRecord) => fault === null && !isBlank(cells)

/**
 * Finds the header among the first records of a table.
 * @param headerLine line of the header; 0: there is none; undefined: detected.
 * @returns undefined if there are no rows, or no header on that line.
 */
export function findLayout(sample: readonly CsvRecord[], headerLine: number | undefined): Layout | undefined {
  const records = sample.filter(({ cells }) => !isBlank(cells))
  const rowWidth = usualWidth(records, filledWidth)
  const below = (record: CsvRecord) =>
    records
      .filter(({ line, fault, cells }) => line > record.line && fault === null && !sameCells(cells, record.cells))
      .map(({ cells }) => cells)
  const withHeader = (header: CsvRecord): Layout => ({
    headerLine: header.line,
    header: header.cells,
    firstLine: header.lastLine + 1,
    width: widthBelow(header.cells.length, below(header)),
  })
  if (headerLine !== undefined && headerLine > 0) {
    const header = records.find(({ line, lastLine }) => line <= headerLine && headerLine <= lastLine)
    return header && withHeader(header)
  }
  const start = records.find(({ cells }) => !isComment(cells, rowWidth))
  if (start === undefined) return undefined
  if (headerLine === undefined) {
    const candidates = [records.find(({ cells, fault }) => fault === null && !isTitle(cells, rowWidth)), start]
    const header = candidates.find((candidate) => candidate !== undefined && looksLikeHeader(candidate.cells, below(candidate)))
    if (header !== undefined) return withHeader(header)
  }
  const width = usualWidth(records, (cells) => cells.length)
  return { headerLine: 0, header: start.cells, firstLine: start.line, width }
}

function rowsBelow(records: readonly CsvRecord[], firstLine = 1): (readonly string[])[] {
  return records.filter((record) => isUsable(record) && record.line >= firstLine).map(({ cells }) => cells)
}

/**
 * Detects the delimiter, the header and the width of the rows. A value in `given` is used and not detected.
 * @returns undefined if the text has no rows, or no header on the given line.
 */
export function detectDialect(
  text: Buffer,
  given: {
    readonly delimiter?: string | undefined
    readonly headerLine?: number | undefined
    readonly multilineCells?: boolean | undefined
    readonly hasFixedWidth?: boolean
  },
): Dialect | undefined {
  const { headerLine, multilineCells } = given
  let sample = sampleOf(text)
  const opening = sample.toString('utf8', 0, 64).split(/[\r\n]/, 1)[0] ?? ''
  const named = SEPARATOR_LINE.exec(opening)?.[1]
  // A spreadsheet writes the line that names the delimiter. A file that was edited later may use another delimiter.
  const isNamedUsed = named !== undefined && sampleScore(sample.subarray(opening.length), named) > 0
  const delimiter =
    given.delimiter ?? (isNamedUsed ? named : detectDelimiter(named === undefined ? sample : sample.subarray(opening.length)))
  const limit = Math.max(SAMPLE_RECORDS, headerLine ?? 0)
  // A person can choose a header below the end of the sample.
  if (limit > SAMPLE_RECORDS) sample = text
  const isRow = ({ line }: CsvRecord) => named === undefined || line > 1
  const first = recordsOf(sample, delimiter, multilineCells, { limit }).filter(isRow)
  const usual = usualWidth(first, filledWidth)
  const kinds = columnKinds(rowsBelow(first, findLayout(first, headerLine)?.firstLine), usual)
  const second = recordsOf(sample, delimiter, multilineCells, { width: usual, kinds, limit }).filter(isRow)
  const layout = findLayout(second, headerLine)
  if (layout === undefined) return undefined
  const rows = first.filter((record) => isUsable(record) && record.line >= layout.firstLine)
  const width = given.hasFixedWidth === true ? layout.header.length : layout.width
  return { ...layout, width, delimiter, rowsBeginQuoted: beginQuoted(rows), kinds }
}

/** Returns the width of the header, or a greater width if more than half of the rows are wider. */
function widthBelow(header: number, rows: readonly (readonly string[])[]): number {
  const wider = rows.map(filledWidth).filter((width) => width > header)
  return wider.length > 1 && wider.length > rows.length / 2 ? modalWidth(wider) : header
}

function beginQuoted(rows: readonly CsvRecord[]): boolean {
  return rows.length > 0 && rows.every(({ beginsQuoted }) => beginsQuoted)
}

/** Returns the first lines of a text, among which a person chooses the header. */
export function firstLines(text: Buffer, count: number): string[] {
  const lines = text.toString('utf8', 0, 64 * 1024).split(/\r\n|\n|\r/)
  // A line break at the end of the text does not start another line.
  if (lines.at(-1) === '') lines.pop()
  return lines.slice(0, count).map((line) => line.slice(0, 500))
}
