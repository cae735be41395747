import type { ExportChoice } from '../../core/contract/exports.ts'
import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import type { Translatable } from '../../core/messages/text.ts'
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

function unwritable(why: Translatable, cause: unknown): AppError<'INVALID'> {
  return new AppError('INVALID', why, { issues: [{ path: 'target', ...why }] }, cause)
}

/** Returns a failure to write an export as an error for people. Returns any other error unchanged. @param path of the file */
export function explainExportFailure(error: unknown, path: string): unknown {
  if (error instanceof CellTooLongError)
    return unwritable(sentence('export.long-cell', { row: error.row, length: error.length, header: error.header }), error)
  if (error instanceof FileTooLargeError) return unwritable(sentence('export.too-large'), error)
  const typed = fromStorageFailure(error, path, sentence('export.no-file'))
  const code = codeOf(typed)
  if (typed instanceof AppError || !(typed instanceof Error) || !('syscall' in typed) || code === '') return typed
  return unwritable(sentence('export.unwritable', { path, code }), error)
}
