import type { ExportChoice } from '../../core/contract/exports.ts'
import { AppError } from '../../core/errors.ts'
import { fromStorageFailure } from '../../db/errors.ts'
import { codeOf } from '../../platform/files/storage-error.ts'
import { CsvWriter } from '../../platform/sheets/csv-writer.ts'
import { CellTooLongError, FileTooLargeError, type ByteSink, type SheetWriter } from '../../platform/sheets/sheet.ts'
import { XlsxWriter } from '../../platform/sheets/xlsx-writer.ts'

/** Returns a writer of the chosen format. Its rows go to `write` as bytes. */
export function openSheetWriter(
  { format, style }: Pick<ExportChoice, 'format' | 'style'>,
  timeZone: string,
  write: ByteSink,
): SheetWriter {
  return format === 'csv' ? new CsvWriter(write, { timeZone, style }) : new XlsxWriter(write, { timeZone })
}

const NO_FILE = 'No file was written'

function unwritable(message: string, cause: unknown): AppError<'INVALID'> {
  return new AppError('INVALID', message, { issues: [{ path: 'target', message }] }, cause)
}

/** Returns a failure to write an export as an error for people. Returns any other error unchanged. @param path of the file */
export function explainExportFailure(error: unknown, path: string): unknown {
  if (error instanceof CellTooLongError)
    return unwritable(
      `${NO_FILE}: row ${error.row} has ${error.length} characters in “${error.header}”; a cell in a workbook can hold 32,767. Export as CSV.`,
      error,
    )
  if (error instanceof FileTooLargeError)
    return unwritable(`${NO_FILE}: the workbook would be larger than 4 GB. Export as CSV, or narrow the filter.`, error)
  const typed = fromStorageFailure(error, path, NO_FILE)
  const code = codeOf(typed)
  if (typed instanceof AppError || !(typed instanceof Error) || !('syscall' in typed) || code === '') return typed
  return unwritable(`${NO_FILE}: ${path} cannot be written (${code}). Choose another file or folder.`, error)
}
