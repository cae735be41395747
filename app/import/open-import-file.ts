import { openCsv, type CsvFile, type Reading } from './read-csv.ts'
import { isArchive, openXlsx } from './read-xlsx.ts'
import { REASON_COLUMN, withoutReasons } from './refused-rows.ts'

const REFUSED_START = Buffer.from(REASON_COLUMN)
/** Bytes of a UTF-8 byte order mark and a quotation mark that may precede the first header. */
const MARK_LENGTH = 4

function holdsRefusedRows(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, REFUSED_START.length + MARK_LENGTH)).includes(REFUSED_START)
}

/**
 * Opens a file of calls. Its first bytes tell a workbook from text; its name does not matter. A file of refused rows is returned as its
 * rows were before. It is CSV with a header on line 1, whatever the map of its source says, and a row that was refused for its number of
 * values is not taken for one whose last values are empty.
 * @throws AppError UNREADABLE_FILE where there is nothing to read; INVALID where what is chosen does not fit the file.
 */
export async function openImportFile(bytes: Uint8Array, reading: Reading = {}): Promise<CsvFile> {
  if (isArchive(bytes)) return withoutReasons(await openXlsx(bytes, reading))
  return withoutReasons(
    await openCsv(bytes, holdsRefusedRows(bytes) ? { ...reading, headerLine: 1, hasFixedWidth: true } : reading),
  )
}
