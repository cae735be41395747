import type { ImportReading } from '../../core/contract/imports.ts'
import type { Id } from '../../core/id.ts'
import { inspectFile, type FilePreview } from '../import/inspect-csv.ts'
import { openImportFile } from '../import/open-import-file.ts'
import type { ReadingContext } from '../import/read-columns.ts'

/** Opens and inspects a file like the thread of the imports. */
export async function inspectCsv(
  bytes: Uint8Array,
  fileName: string,
  importId: Id,
  context: ReadingContext,
  reading: ImportReading = {},
): Promise<FilePreview> {
  return inspectFile(await openImportFile(bytes, reading), bytes, fileName, importId, context, reading)
}
