import type { ImportIssue } from '../../core/contract/imports.ts'

const MAX_ISSUES = 200
/** Characters of the file of refused rows; a string of this length is still no burden for a window. */
const MAX_CSV = 64 * 1024 * 1024
const REASON_COLUMN = 'Refused because'

/** A text that a spreadsheet would take for a formula. A sign before nothing but digits (a phone number) is none. */
function isFormula(cell: string): boolean {
  return /^[=@\t\r]/.test(cell) || (/^[+-]/.test(cell) && !/^[+-][\d\s().,/-]*$/.test(cell))
}

function escape(cell: string, delimiter: string): string {
  const safe = isFormula(cell) ? `'${cell}` : cell
  return safe.includes('"') || safe.includes(delimiter) || /[\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Collects what was refused: the first issues for the report, and every row with its reason as a CSV file like the one that came. */
export class RefusedRows {
  readonly issues: ImportIssue[] = []
  count = 0
  readonly #delimiter: string
  readonly #header: string
  readonly #lines: string[] = []
  #length = 0

  constructor(columns: readonly string[], delimiter: string) {
    this.#delimiter = delimiter
    this.#header = this.#line([...columns, REASON_COLUMN])
  }

  #line(cells: readonly string[]): string {
    return `${cells.map((cell) => escape(cell, this.#delimiter)).join(this.#delimiter)}\r\n`
  }

  /** One row, with at least one issue. */
  add(row: { readonly cells: readonly string[] }, issues: readonly ImportIssue[], width: number): void {
    this.count++
    for (const issue of issues) if (this.issues.length < MAX_ISSUES) this.issues.push(issue)
    if (this.#length > MAX_CSV) return
    const reason = issues.map(({ column, message }) => (column === null ? message : `${column}: ${message}`)).join('; ')
    const cells = Array.from({ length: width }, (_, index) => row.cells[index] ?? '')
    const line = this.#line([...cells, [reason, ...row.cells.slice(width).filter((cell) => cell !== '')].join(' | ')])
    this.#length += line.length
    const cut =
      this.#length > MAX_CSV ? this.#line([...cells.map(() => ''), 'More rows were refused; this list was cut here']) : ''
    this.#lines.push(line, cut)
  }

  /** Null where nothing was refused. */
  toCsv(): string | null {
    return this.count === 0 ? null : this.#header + this.#lines.join('')
  }
}
