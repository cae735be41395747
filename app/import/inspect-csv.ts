import { sentence } from '../../core/messages/sentence.ts'
import type { ImportPreview, ImportReading } from '../../core/contract/imports.ts'
import type { Id } from '../../core/id.ts'
import { writesMonthFirst } from '../../core/import/detect-format.ts'
import { profileColumns } from './column-profile.ts'
import { encodingChoices } from './decode-text.ts'
import { ownMapping } from './own-export.ts'
import { readSuggestedColumns, type ReadingContext } from './read-columns.ts'
import type { CsvFile } from './read-csv.ts'
import { suggestMapping } from './suggest-mapping.ts'

/** Preview of a file, without the saved mappings of the workspace. */
export type FilePreview = Omit<ImportPreview, 'savedMaps'>

/**
 * Reads a whole file of calls. Returns its columns, how its lines were read, and a suggested mapping.
 * @param bytes of the file, for the choice of encodings.
 * @param reading what a person chose about reading the file. It becomes part of the suggested mapping.
 */
export async function inspectFile(
  file: CsvFile,
  bytes: Uint8Array,
  fileName: string,
  importId: Id,
  context: ReadingContext,
  reading: ImportReading,
): Promise<FilePreview> {
  const { rowCount, profiles } = await profileColumns(file, writesMonthFirst(context.defaultCountry))
  const own = ownMapping(file.columns)
  const { map, warnings } = own === undefined ? suggestMapping(profiles) : { map: own, warnings: [] }
  const headless = file.hasHeader || reading.headerLine === 0 ? [] : [sentence('columns.no-headers')]
  const odd = [
    ...(rowCount === 0 ? [sentence('columns.only-names')] : []),
    ...(file.kind === 'csv' && file.columns.length === 1 ? [sentence('columns.one-column')] : []),
  ]
  return {
    importId,
    fileName,
    kind: file.kind,
    encoding: file.encoding,
    delimiter: file.delimiter,
    headerLine: file.headerLine,
    rowCount,
    lineAccount: file.account,
    firstLines: [...file.firstLines],
    encodings:
      file.kind === 'csv' ? encodingChoices(bytes).map(({ encoding, samples }) => ({ encoding, samples: [...samples] })) : [],
    asksMultiline: file.doubts.length > 0 || reading.multilineCells !== undefined,
    sheets: [...file.sheets],
    sheet: file.sheet,
    columns: profiles.map(({ name, samples, distinct }) => ({
      name,
      samples,
      distinct: distinct === null ? null : [...distinct],
    })),
    suggestedMap: { ...map, ...reading },
    usages: await readSuggestedColumns(file, map, context),
    warnings: [...headless, ...odd, ...file.warnings, ...warnings],
  }
}
