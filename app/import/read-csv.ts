import { parse, type CsvError } from 'csv-parse'
import { decodeText, unreadable } from './decode-text.ts'

const DELIMITERS = [',', ';', '\t', '|'] as const

/** No record is longer, bytes: a quote that is never closed must not swallow the rest of a large file. */
const MAX_RECORD_BYTES = 1024 * 1024
const SAMPLE_BYTES = 64 * 1024
/** What the parser takes at once: about a thousand rows. */
const FEED_BYTES = 64 * 1024

export type CsvRow = {
  /** Line of the file at which the row begins, from 1. */
  readonly line: number
  readonly cells: readonly string[]
  /** Why the row cannot be used as a whole. */
  readonly fault: string | null
}

export type CsvFile = {
  readonly encoding: string
  readonly delimiter: string
  /** Headers, made distinct; "Column n" where the file has none. */
  readonly columns: readonly string[]
  /** False where the first row looks like data. */
  readonly hasHeader: boolean
  /** The data rows in batches, without blank ones. Can be read several times. */
  readonly batches: () => AsyncGenerator<readonly CsvRow[]>
}

/** How often each delimiter stands outside quotes in each of the sample's complete lines. */
function countDelimiters(sample: string): number[][] {
  const lines: number[][] = []
  let counts = DELIMITERS.map(() => 0)
  let quoted = false
  for (const character of sample) {
    if (character === '"') quoted = !quoted
    else if (quoted) continue
    else if (character === '\n' || character === '\r') {
      if (counts.some((count) => count > 0)) lines.push(counts)
      counts = DELIMITERS.map(() => 0)
    } else {
      const index = (DELIMITERS as readonly string[]).indexOf(character)
      if (index >= 0) counts[index] = (counts[index] ?? 0) + 1
    }
  }
  if (lines.length === 0 && counts.some((count) => count > 0)) lines.push(counts)
  return lines
}

/** The delimiter that stands as often in most lines as in the first, and of several such the most frequent. */
export function detectDelimiter(sample: string): string {
  const lines = countDelimiters(sample)
  const scores = DELIMITERS.map((delimiter, index) => {
    const count = lines[0]?.[index] ?? 0
    const agreeing = lines.filter((counts) => counts[index] === count).length
    return { delimiter, count, share: count === 0 ? 0 : agreeing / lines.length }
  })
  scores.sort((a, b) => b.share - a.share || b.count - a.count)
  return scores[0] !== undefined && scores[0].share > 0 ? scores[0].delimiter : ','
}

const DATA_CELL =
  /^[+-]?[\d.,:/\s-]*\d[\d.,:/\s-]*$|^[^@\s]+@[^@\s]+\.[^@\s]+$|^\d{1,2}[-. ]\p{L}{3,9}\.?[-. ]\d{2,4}$|^\d{4}-\d\d-\d\dT/u

/** A header names things: no cell of it is a number, a date or an address. */
function looksLikeHeader(cells: readonly string[]): boolean {
  const filled = cells.map((cell) => cell.trim()).filter((cell) => cell !== '')
  return filled.length > 0 && !filled.some((cell) => DATA_CELL.test(cell))
}

function columnNames(cells: readonly string[], hasHeader: boolean): string[] {
  const names = new Set<string>()
  for (const [index, cell] of cells.entries()) {
    const name = hasHeader && cell.trim() !== '' ? cell.trim() : `Column ${index + 1}`
    let distinct = name
    for (let n = 2; names.has(distinct); n++) distinct = `${name} (${n})`
    names.add(distinct)
  }
  return [...names]
}

function lineBreaksIn(cells: readonly string[]): number {
  let count = 0
  for (const cell of cells) if (cell.includes('\n') || cell.includes('\r')) count += cell.match(/\r\n|\n|\r/g)?.length ?? 0
  return count
}

function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '')
}

/** The end of the line that begins at `from`, past its line break. */
function lineEnd(text: Buffer, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === 0x0a) return at + 1
    if (text[at] === 0x0d) return text[at + 1] === 0x0a ? at + 2 : at + 1
  }
  return text.length
}

/**
 * All rows, with faults instead of exceptions. csv-parse gives up at a quote that is never closed (or closed too late); the line at which
 * it was opened is then reported as faulty, and reading goes on with the next line.
 */
async function* rowsOf(text: Buffer, delimiter: string): AsyncGenerator<readonly CsvRow[]> {
  let line = 1
  let start = 0
  while (start < text.length) {
    let rows: CsvRow[] = []
    let consumed = start
    const parser = parse({
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: true,
      max_record_size: MAX_RECORD_BYTES,
      on_record: (cells: string[], info) => {
        rows.push({ line, cells, fault: null })
        line += 1 + lineBreaksIn(cells)
        consumed = start + info.bytes
        return null
      },
    })
    const failed = new Promise<CsvError>((resolve) => parser.once('error', resolve))
    const settled = (step: (done: () => void) => void) =>
      Promise.race([failed, new Promise<undefined>((resolve) => step(() => resolve(undefined)))])
    parser.resume()
    let failure: CsvError | undefined
    for (let at = start; at < text.length && failure === undefined; at += FEED_BYTES) {
      const feed = text.subarray(at, at + FEED_BYTES)
      failure = await settled((done) => parser.write(feed, (error) => (error ? undefined : done())))
      if (rows.length > 0) yield rows
      rows = []
    }
    failure ??= await settled((done) => parser.end(done))
    if (rows.length > 0) yield rows
    if (failure === undefined) return
    const end = lineEnd(text, consumed)
    const cells = text
      .toString('utf8', consumed, Math.min(end, consumed + MAX_RECORD_BYTES))
      .trimEnd()
      .split(delimiter)
    yield [{ line, cells, fault: 'A quotation mark is opened here and not closed' }]
    line++
    start = end
  }
}

/** Rows of the file's own shape, or with the reason why not. */
function withFaults(row: CsvRow, width: number): CsvRow {
  if (row.fault !== null) return row
  const { cells } = row
  if (cells.length < width) return { ...row, fault: `The row has ${cells.length} values, the header ${width}` }
  if (cells.length > width && !isBlank(cells.slice(width)))
    return {
      ...row,
      fault: `The row has ${cells.length} values, the header ${width}; is a value that contains the delimiter not in quotes?`,
    }
  if (cells.some((cell) => cell.includes('\0'))) return { ...row, fault: 'The row contains a NUL character' }
  return row
}

/**
 * Opens a CSV file whose encoding, delimiter and header are detected where they are not given.
 * @throws AppError UNREADABLE_FILE where there is nothing to read; INVALID where the given encoding is unknown.
 */
export async function openCsv(
  bytes: Uint8Array,
  options: { readonly encoding?: string | undefined; readonly delimiter?: string | undefined } = {},
): Promise<CsvFile> {
  const { utf8, encoding } = decodeText(bytes, options.encoding)
  const sample = utf8.toString('utf8', 0, SAMPLE_BYTES)
  // The last line of a cut sample is cut itself.
  const whole = utf8.length > SAMPLE_BYTES ? sample.slice(0, sample.lastIndexOf('\n') + 1) : sample
  const delimiter = options.delimiter ?? detectDelimiter(whole)
  let first: CsvRow | undefined
  for await (const batch of rowsOf(utf8, delimiter)) {
    first = batch.find(({ cells }) => !isBlank(cells))
    if (first !== undefined) break
  }
  if (first === undefined) throw unreadable('It holds no rows.')
  const headerLine = first.line
  const hasHeader = looksLikeHeader(first.cells)
  const columns = columnNames(first.cells, hasHeader)
  async function* batches(): AsyncGenerator<readonly CsvRow[]> {
    for await (const batch of rowsOf(utf8, delimiter)) {
      const data = batch.filter(({ line, cells }) => line >= headerLine + (hasHeader ? 1 : 0) && !isBlank(cells))
      if (data.length > 0) yield data.map((row) => withFaults(row, columns.length))
    }
  }
  return { encoding, delimiter, columns, hasHeader, batches }
}
