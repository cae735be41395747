import type { ImportPreview } from '../../core/contract/imports.ts'
import type { Id } from '../../core/id.ts'

/**
 * Reads a whole CSV file and says what is in it, with a map that fits.
 * @param defaultCountry ISO 3166-1 alpha-2 of the client's settings; decides dates such as 1/2/2026 where nothing in the file does.
 * @throws AppError UNREADABLE_FILE where the file is no text, is empty, or is larger than 256 MB.
 */
export function inspectCsv(_bytes: Uint8Array, _fileName: string, _importId: Id, _defaultCountry: string | null): Promise<ImportPreview> {
  return Promise.reject(new Error('Not written yet'))
}
