import { stringify } from 'csv-stringify/sync'
import type { ImportIssue, ImportRefusalGroup } from '../../core/contract/imports.ts'
import { guard, unguard } from '../../core/text/formula-guard.ts'
import type { CsvFile } from './read-csv.ts'

const MAX_ISSUES = 200
const MAX_GROUPS = 200
/** Most groups that are counted. Refusals of further groups are only in the file of refused rows. */
const MAX_COUNTED = 10_000
/** Most lines that a group names. */
const GROUP_LINES = 10
/** Most characters of the file of refused rows. A window handles a string of this length without trouble. */
const MAX_CSV = 64 * 1024 * 1024
/** Without this mark, Excel reads a CSV file in the code page of the computer. */
const BYTE_ORDER_MARK = '\ufeff'
/**
 * Header of the reasons. A later import recognises the file by it. It is the first column, so that rows that are shorter or longer than
 * the header keep their width.
 */
export const REASON_COLUMN = 'Refused because'

/** An issue of a row, with the value that caused it; null if the whole row is at fault. */
export type RefusedIssue = ImportIssue & { readonly value: string | null }

/**
 * Returns a file of refused rows with its original rows: without reasons and guards, so that a corrected row keeps its identity and its
 * values. Returns any other file unchanged.
 */
export function withoutReasons(file: CsvFile): CsvFile {
  const [first, ...columns] = file.columns
  if (first !== REASON_COLUMN || columns.length === 0) return file
  async function* batches(): ReturnType<CsvFile['batches']> {
    for await (const batch of file.batches()) yield batch.map((row) => ({ ...row, cells: row.cells.slice(1).map(unguard) }))
  }
  return { ...file, columns: columns.map(unguard), batches }
}

type Group = Omit<ImportRefusalGroup, 'lines'> & { readonly lines: number[] }

/** Collects refused rows: the first issues, equal issues in groups, and a CSV file like the source with every row and its reason. */
export class RefusedRows {
  readonly issues: ImportIssue[] = []
  count = 0
  readonly #delimiter: string
  readonly #header: string
  readonly #lines: string[] = []
  readonly #groups = new Map<string, Group>()
  #length = 0

  constructor(columns: readonly string[], delimiter: string) {
    this.#delimiter = delimiter
    this.#header = this.#line([REASON_COLUMN, ...columns])
  }

  #line(cells: readonly string[]): string {
    return stringify([cells.map(guard)], {
      delimiter: this.#delimiter,
      record_delimiter: 'windows',
      // The library quotes only the record delimiter as a whole.
      quoted_match: /[\n\r]/,
    })
  }

  /** Adds one row, with at least one issue. */
  add(row: { readonly cells: readonly string[] }, issues: readonly RefusedIssue[]): void {
    this.count++
    for (const issue of issues) this.#addIssue(issue)
    if (this.#length > MAX_CSV) return
    const reason = issues.map(({ column, message }) => (column === null ? message : `${column}: ${message}`)).join('; ')
    const line = this.#line([reason, ...row.cells])
    this.#length += line.length
    const cut = this.#length > MAX_CSV ? this.#line(['More rows were refused; this list ends here']) : ''
    this.#lines.push(line, cut)
  }

  #addIssue({ line, column, message, text, value }: RefusedIssue): void {
    if (this.issues.length < MAX_ISSUES) this.issues.push({ line, column, message, text })
    const key = JSON.stringify([column, message, value])
    const group = this.#groups.get(key)
    if (group !== undefined) {
      group.count++
      if (group.lines.length < GROUP_LINES) group.lines.push(line)
    } else if (this.#groups.size < MAX_COUNTED) this.#groups.set(key, { column, message, text, value, count: 1, lines: [line] })
  }

  /** Groups of equal refusals, the largest first. */
  get groups(): ImportRefusalGroup[] {
    return [...this.#groups.values()].toSorted((a, b) => b.count - a.count).slice(0, MAX_GROUPS)
  }

  /** Returns the file of refused rows; null if nothing was refused. */
  toCsv(): string | null {
    return this.count === 0 ? null : BYTE_ORDER_MARK + this.#header + this.#lines.join('')
  }
}
