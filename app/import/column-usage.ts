import { sentence } from '../../core/messages/sentence.ts'
import type { Sentence } from '../../core/messages/text.ts'
import type { ColumnUsage, ImportField, ImportMap } from '../../core/contract/imports.ts'
import { durationFormatName } from '../../core/import/duration.ts'
import type { ColumnFormats } from './find-formats.ts'
import type { RowRemark } from './map-row.ts'
import { columnsOf, type RowIssue } from './map-rule.ts'
import type { CsvRow } from './read-csv.ts'

/** The result of reading a row. */
export type ReadRow = { readonly remarks: readonly RowRemark[] } | { readonly issues: readonly RowIssue[] }
type Count = 'used' | 'cleaned' | 'doubted' | 'leftOut' | 'refused'
type Example = ColumnUsage['examples'][number]

/** Most examples of a column. Each has a different reason. */
const MAX_EXAMPLES = 6
/** Most examples of a column that is not used. */
const MAX_UNUSED = 3
const MAX_LENGTH = 60

const shown = (text: string) => (text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text)

class Usage {
  readonly #column: string
  readonly #fields: readonly ImportField[]
  readonly #readAs: readonly Sentence[]
  readonly #counts: Record<Count, number> = { used: 0, cleaned: 0, doubted: 0, leftOut: 0, refused: 0 }
  /** Keyed by reason, so that ten thousand equal faults are one example. */
  readonly #examples = new Map<string, Example>()
  #filled = 0

  constructor(column: string, fields: readonly ImportField[], readAs: readonly Sentence[]) {
    this.#column = column
    this.#fields = fields
    this.#readAs = readAs
  }

  add(line: number, cell: string, mapped: ReadRow): void {
    this.#filled++
    if (this.#fields.length === 0) {
      this.#counts.leftOut++
      if (this.#examples.size < MAX_UNUSED) this.#example(cell, line, cell, null, sentence('import.unused-column'))
    } else if ('issues' in mapped) {
      this.#counts.refused++
      for (const { field, message, text } of mapped.issues)
        if (field !== null && this.#fields.includes(field))
          // The message quotes the value; without it, equal faults are one reason.
          this.#example(message.replaceAll(/“[^”]*”/g, '…'), line, cell, null, { message, text })
    } else this.#remark(line, cell, mapped.remarks)
  }

  #remark(line: number, cell: string, remarks: readonly RowRemark[]): void {
    const own = remarks.filter(({ field }) => this.#fields.includes(field))
    for (const { kind, became, why } of own) this.#example(`${kind}: ${why.message}`, line, cell, became, why)
    const untouched = own.length < this.#fields.length
    const kinds = own.map(({ kind }) => kind)
    if (untouched) this.#counts.used++
    else this.#counts[kinds.find((kind) => kind !== 'leftOut') ?? 'leftOut']++
  }

  #example(reason: string, line: number, value: string, became: string | null, why: Sentence): void {
    if (this.#examples.size < MAX_EXAMPLES && !this.#examples.has(reason))
      this.#examples.set(reason, { line, value: shown(value), became: became === null ? null : shown(became), why })
  }

  get(): ColumnUsage {
    return {
      column: this.#column,
      fields: [...this.#fields],
      readAs: [...this.#readAs],
      filled: this.#filled,
      ...this.#counts,
      examples: [...this.#examples.values()],
    }
  }
}

/** Returns in words how the values of a field are read; null if they are used as is. */
function formOf(field: ImportField, { date, time, dateTime, duration }: ColumnFormats): Sentence | null {
  if (field === 'callDuration') return duration === undefined ? null : durationFormatName(duration)
  const format = { date, time, dateTime }[field as 'date' | 'time' | 'dateTime']
  return format === undefined ? null : { message: format }
}

/** Counts the result for every value of every column, so that no value is left out without a report. */
export class ColumnUsages {
  readonly #usages: readonly Usage[]

  constructor(map: ImportMap, columns: readonly string[], formats: ColumnFormats) {
    const rules = Object.entries(map.fields) as [ImportField, ImportMap['fields'][ImportField]][]
    this.#usages = columns.map((column) => {
      const fields = rules.flatMap(([field, rule]) => (rule !== undefined && columnsOf(rule).includes(column) ? [field] : []))
      const forms = fields.flatMap((field) => formOf(field, formats) ?? [])
      return new Usage(column, fields, forms)
    })
  }

  add({ line, cells }: CsvRow, mapped: ReadRow): void {
    for (let index = 0; index < this.#usages.length; index++) {
      const cell = (cells[index] ?? '').trim()
      if (cell !== '') this.#usages[index]?.add(line, cell, mapped)
    }
  }

  all(): ColumnUsage[] {
    return this.#usages.map((usage) => usage.get())
  }
}
