import type { ImportIssue, ImportRefusalGroup } from '../../core/contract/imports.ts'
import type { CsvFile } from './read-csv.ts'

const MAX_ISSUES = 200
const MAX_GROUPS = 200
/** Most groups that are counted; a refusal of a further group is in the file of refused rows only. */
const MAX_COUNTED = 10_000
/** Lines that a group names. */
const GROUP_LINES = 10
/** Characters of the file of refused rows; a string of this length is still no burden for a window. */
const MAX_CSV = 64 * 1024 * 1024
/** Excel reads a CSV file without this mark in the code page of the computer. */
const BYTE_ORDER_MARK = '\ufeff'
/**
 * The header of the reasons, and the mark by which a later import recognises the file. It is the first column, so that rows of another
 * width than the header keep their width.
 */
export const REASON_COLUMN = 'Refused because'

/** An issue of a row, with the file's value that caused it, or null if the whole row is at fault. */
export type RefusedIssue = ImportIssue & { readonly value: string | null }

/** A text that a spreadsheet would take for a formula. A sign before digits only (a phone number) is not one. */
function isFormula(cell: string): boolean {
  return /^[=@\t\r]/.test(cell) || (/^[+-]/.test(cell) && !/^[+-][\d\s().,/-]*$/.test(cell))
}

/** Whether the guard applies. It also applies to a guarded text, so that `unguard` restores every text. */
function isGuarded(cell: string): boolean {
  return isFormula(cell.replace(/^'+/, ''))
}

/** Keeps a spreadsheet from running a text as a formula: an apostrophe in front of it. */
function guard(cell: string): string {
  return isGuarded(cell) ? `'${cell}` : cell
}

/** The inverse of `guard`. */
function unguard(cell: string): string {
  return cell.startsWith("'") && isGuarded(cell) ? cell.slice(1) : cell
}

/**
 * Returns a file of refused rows as its rows were before: without the reasons and the guards against formulas, so that a corrected row is
 * imported with the identity and the values that it had. Any other file is returned unchanged.
 */
export function withoutReasons(file: CsvFile): CsvFile {
  const [first, ...columns] = file.columns
  if (first !== REASON_COLUMN || columns.length === 0) return file
  async function* batches(): ReturnType<CsvFile['batches']> {
    for await (const batch of file.batches()) yield batch.map((row) => ({ ...row, cells: row.cells.slice(1).map(unguard) }))
  }
  return { ...file, columns: columns.map(unguard), batches }
}

function quoted(cell: string, delimiter: string): string {
  return cell.includes('"') || cell.includes(delimiter) || /[\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

type Group = Omit<ImportRefusalGroup, 'lines'> & { readonly lines: number[] }

/** Collects what was refused: the first issues, equal issues in groups, and every row with its reason as a CSV file like the source. */
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
    return `${cells.map((cell) => quoted(guard(cell), this.#delimiter)).join(this.#delimiter)}\r\n`
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

  #addIssue({ line, column, message, value }: RefusedIssue): void {
    if (this.issues.length < MAX_ISSUES) this.issues.push({ line, column, message })
    const key = JSON.stringify([column, message, value])
    const group = this.#groups.get(key)
    if (group !== undefined) {
      group.count++
      if (group.lines.length < GROUP_LINES) group.lines.push(line)
    } else if (this.#groups.size < MAX_COUNTED) this.#groups.set(key, { column, message, value, count: 1, lines: [line] })
  }

  /** The groups of equal refusals, the largest first. */
  get groups(): ImportRefusalGroup[] {
    return [...this.#groups.values()].toSorted((a, b) => b.count - a.count).slice(0, MAX_GROUPS)
  }

  /** Null if nothing was refused. */
  toCsv(): string | null {
    return this.count === 0 ? null : BYTE_ORDER_MARK + this.#header + this.#lines.join('')
  }
}
