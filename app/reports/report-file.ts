import type { CsvStyle } from '../../core/contract/exports.ts'
import type { ReportFormat } from '../../core/contract/report-files.ts'
import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import type { ReportTableKey } from '../../core/figures/report-parts.ts'
import { rowCount, tableNamed } from '../../core/reports/report-document.ts'
import type { ReportSource } from '../../core/reports/report-facts.ts'
import { writeDocument } from '../../core/reports/write-document.ts'
import type { SheetWriter } from '../../platform/sheets/sheet.ts'
import { openSheetWriter } from '../export/sheet-writer.ts'
import { reportPdf } from './pdf/report-pdf.ts'
import { writeLong, writeTable, writeWorkbook } from './report-sheets.ts'

export type ReportFileChoice = {
  readonly source: ReportSource
  readonly format: ReportFormat
  readonly style: CsvStyle
  readonly table: ReportTableKey | null
  readonly locale: string
}

export type ReportFile = { readonly bytes: Uint8Array; readonly rows: number }

function sheetBytes(
  format: 'csv' | 'xlsx',
  { style, source }: ReportFileChoice,
  write: (writer: SheetWriter) => number,
): ReportFile {
  const pieces: Buffer[] = []
  // The writer may reuse the memory of a piece.
  const writer = openSheetWriter({ format, style }, source.page.zone, (bytes) => void pieces.push(Buffer.from(bytes)))
  const rows = write(writer)
  writer.end()
  return { bytes: new Uint8Array(Buffer.concat(pieces)), rows }
}

/** Writes a report file in memory. Its size depends on days and people, not on calls. @throws AppError INVALID for a table that the report does not have */
export async function makeReportFile(choice: ReportFileChoice): Promise<ReportFile> {
  const { source, format, table: key, locale } = choice
  const document = writeDocument(source)
  if (key !== null) {
    const table = tableNamed(document, key)
    if (table === undefined)
      throw new AppError('INVALID', sentence('report.no-table', { name: key }), {
        issues: [{ path: 'table', ...sentence('report.no-such-table') }],
      })
    return sheetBytes('csv', choice, (writer) => writeTable(table, writer))
  }
  switch (format) {
    case 'pdf':
      return { bytes: await reportPdf(document, source, locale), rows: rowCount(document) }
    case 'xlsx':
      return sheetBytes('xlsx', choice, (writer) => writeWorkbook(document, writer))
    case 'csv':
      return sheetBytes('csv', choice, (writer) => writeLong(document, writer))
  }
}
