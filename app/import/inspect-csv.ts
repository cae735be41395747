import type { ImportPreview } from '../../core/contract/imports.ts'
import type { Id } from '../../core/id.ts'
import { writesMonthFirst } from '../../core/import/detect-format.ts'
import { profileColumns } from './column-profile.ts'
import { openCsv } from './read-csv.ts'
import { withoutReasons } from './refused-rows.ts'
import { suggestMap } from './suggest-map.ts'

/** What the file alone says. */
export type FilePreview = Omit<ImportPreview, 'savedMaps'>

/**
 * Reads a whole CSV file and says what is in it, with a map that fits.
 * @param defaultCountry ISO 3166-1 alpha-2 of the client's settings; decides dates such as 1/2/2026 where nothing in the file does.
 * @throws AppError UNREADABLE_FILE where the file is no text, is empty, or is larger than 256 MB.
 */
export async function inspectCsv(
  bytes: Uint8Array,
  fileName: string,
  importId: Id,
  defaultCountry: string | null,
): Promise<FilePreview> {
  const file = withoutReasons(await openCsv(bytes))
  const { rowCount, profiles } = await profileColumns(file, writesMonthFirst(defaultCountry))
  const { map, warnings } = suggestMap(profiles)
  const headless = file.hasHeader ? [] : ['The first row looks like data, not like headers; the columns are numbered.']
  return {
    importId,
    fileName,
    encoding: file.encoding,
    delimiter: file.delimiter,
    rowCount,
    columns: profiles.map(({ name, samples, distinct }) => ({
      name,
      samples,
      distinct: distinct === null ? null : [...distinct],
    })),
    suggestedMap: map,
    warnings: [...headless, ...warnings],
  }
}
