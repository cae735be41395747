import type { ImportColumns, ImportMap, ImportQuestion } from '../../core/contract/imports.ts'
import { isAppError } from '../../core/errors.ts'
import { writesMonthFirst } from '../../core/import/detect-format.ts'
import { ColumnUsages, type ReadRow } from './column-usage.ts'
import { findFormats } from './find-formats.ts'
import { compileMapping } from './map-row.ts'
import type { CsvFile, CsvRow } from './read-csv.ts'
import { RowIdentity } from './row-identity.ts'

/** Most rows that are counted before an import. A dry run counts all rows. */
const COUNTED_ROWS = 20_000

/** Values in addition to the mapping on which the reading of a file depends. */
export type ReadingContext = {
  /** The client's IANA zone. */
  readonly timeZone: string
  /** ISO 3166-1 alpha-2. Decides the order of dates such as 1/2/2026 if nothing in the file does; null: day first. */
  readonly defaultCountry: string | null
  readonly now: number
}

/**
 * Returns how a mapping would use the columns of a file. Formats are detected over the whole file; values are counted at its beginning.
 * @throws AppError INVALID if the mapping does not fit the file.
 */
export async function readColumns(file: CsvFile, map: ImportMap, context: ReadingContext): Promise<ImportColumns> {
  const { timeZone, defaultCountry, now } = context
  const { formats, questions } = await findFormats(file, map, writesMonthFirst(defaultCountry))
  const mapper = compileMapping({ map, columns: file.columns, formats, timeZone, identity: new RowIdentity('', map.source), now })
  return count(file, new ColumnUsages(map, file.columns, formats), mapper, questions)
}

/** As `readColumns`, but if the mapping is not complete, every column that it names counts as used. */
export async function readSuggestedColumns(file: CsvFile, map: ImportMap, context: ReadingContext): Promise<ImportColumns> {
  try {
    return await readColumns(file, map, context)
  } catch (error) {
    if (!isAppError(error, 'INVALID')) throw error
    return count(file, new ColumnUsages(map, file.columns, {}), () => ({ remarks: [] }), [])
  }
}

async function count(
  file: CsvFile,
  usages: ColumnUsages,
  mapper: (row: CsvRow) => ReadRow,
  questions: readonly ImportQuestion[],
): Promise<ImportColumns> {
  let countedRows = 0
  for await (const batch of file.batches())
    for (const row of batch) {
      if (countedRows === COUNTED_ROWS) return { usages: usages.all(), countedRows, questions: [...questions] }
      countedRows++
      usages.add(row, mapper(row))
    }
  return { usages: usages.all(), countedRows, questions: [...questions] }
}
