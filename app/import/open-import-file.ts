import { openCsv, type CsvFile, type Reading } from './read-csv.ts'
import { isArchive, openXlsx } from './read-xlsx.ts'

/**
 * Opens a file of calls. Its first bytes tell a workbook from text; its name does not matter.
 * @throws AppError UNREADABLE_FILE where there is nothing to read; INVALID where what is chosen does not fit the file.
 */
export function openImportFile(bytes: Uint8Array, reading: Reading = {}): Promise<CsvFile> {
  return isArchive(bytes) ? openXlsx(bytes, reading) : openCsv(bytes, reading)
}
