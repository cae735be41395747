import type { TimeRange } from '../time/time-range.ts'
import type { ReportTableKey } from '../figures/report-parts.ts'
import type { Cell } from './cells.ts'

export type ReportColumn = {
  readonly key: string
  readonly label: string
  /** `file`: only in CSV and XLSX, because paper and terminals are narrow. `paper`: only on those, because files have the value in another form. */
  readonly only?: 'file' | 'paper'
}

export type ReportRow = {
  /** Identifies the row for programs: a metric, the start of a bucket, the id of a person. */
  readonly key: string
  /** In the order of the columns. */
  readonly cells: readonly Cell[]
}

export type ReportTable = {
  readonly key: ReportTableKey
  readonly title: string
  readonly columns: readonly ReportColumn[]
  readonly rows: readonly ReportRow[]
  /** A sentence below the table on paper. */
  readonly note?: string
  /** Shown instead of a table without content, in a PDF and in the terminal. */
  readonly none?: string
}

export type ReportFact = { readonly key: string; readonly label: string; readonly cell: Cell }

/**
 * A report for export. CSV, XLSX, PDF and the tables of the command line are made from it and compute nothing, so that all of them have the
 * same digits.
 */
export type ReportDocument = {
  readonly title: string
  /** Name of the client. */
  readonly client: string
  /** IANA zone of all dates and times. */
  readonly zone: string
  readonly range: TimeRange
  /** ms UTC. */
  readonly computedAt: number
  /** Period, filters, zone and time of creation, which a reader needs to understand the figures. */
  readonly facts: readonly ReportFact[]
  readonly tables: readonly ReportTable[]
  /** How each figure is computed. */
  readonly definitions: readonly { readonly label: string; readonly definition: string }[]
}

/** Returns a table with the columns of paper or of files. */
export function tableFor(table: ReportTable, medium: 'file' | 'paper'): ReportTable {
  const shown = table.columns.map(({ only }) => only === undefined || only === medium)
  const keep = <T>(values: readonly T[]) => values.filter((_, index) => shown[index] === true)
  return { ...table, columns: keep(table.columns), rows: table.rows.map((row) => ({ ...row, cells: keep(row.cells) })) }
}

/** Rows of all tables. */
export function rowCount({ tables }: Pick<ReportDocument, 'tables'>): number {
  return tables.reduce((sum, { rows }) => sum + rows.length, 0)
}

export function tableNamed({ tables }: ReportDocument, key: ReportTableKey): ReportTable | undefined {
  return tables.find((table) => table.key === key)
}
