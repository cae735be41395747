import type { ImportPreview } from '../../core/contract/imports.ts'
import type { Id } from '../../core/id.ts'
import { writesMonthFirst } from '../../core/import/detect-format.ts'
import { profileColumns } from './column-profile.ts'
import { openCsv } from './read-csv.ts'
import { readSuggestedColumns, type ReadingContext } from './read-columns.ts'
import { suggestMap } from './suggest-map.ts'

/**
 * Reads a whole CSV file and says what is in it, with a map that fits.
 * @throws AppError UNREADABLE_FILE where the file is no text, is empty, or is larger than 256 MB.
 */
export async function inspectCsv(
  bytes: Uint8Array,
  fileName: string,
  importId: Id,
  context: ReadingContext,
): Promise<ImportPreview> {
  const file = await openCsv(bytes)
  const { rowCount, profiles } = await profileColumns(file, writesMonthFirst(context.defaultCountry))
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
    fates: await readSuggestedColumns(file, map, context),
    warnings: [...headless, ...warnings],
  }
}
