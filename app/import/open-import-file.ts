import { withoutGuards } from './own-export.ts'
import { openCsv, type CsvFile, type Reading } from './read-csv.ts'
import { isArchive, openXlsx } from './read-xlsx.ts'
import { REASON_COLUMN, withoutReasons } from './refused-rows.ts'

const REFUSED_START = Buffer.from(REASON_COLUMN)
/** Bytes of the byte order mark and the quotation mark that may precede the first header. */
const MARK_LENGTH = 4

function holdsRefusedRows(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, REFUSED_START.length + MARK_LENGTH)).includes(REFUSED_START)
}

/**
 * Opens a file of calls. The first bytes decide between a workbook and text; the file name does not matter. A file of refused rows is
 * returned with its original rows. It always has its header on line 1, regardless of the mapping, and its short rows are not filled up:
 * they may have been refused for their number of values.
 * @throws AppError UNREADABLE_FILE if there is nothing to read; INVALID if `reading` does not fit the file.
 */
export async function openImportFile(bytes: Uint8Array, reading: Reading = {}): Promise<CsvFile> {
  if (isArchive(bytes)) return withoutReasons(await openXlsx(bytes, reading))
  if (!holdsRefusedRows(bytes)) return withoutGuards(await openCsv(bytes, reading))
  return withoutReasons(await openCsv(bytes, { ...reading, headerLine: 1, hasFixedWidth: true }))
}
