import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { procedure } from './base.ts'
import { callFilterSchema, callSortSchema } from './calls.ts'

export const EXPORT_FORMATS = ['csv', 'xlsx'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/**
 * The form of CSV. `safe`: for spreadsheets, so that text cannot run as a formula. `raw`: for programs, with every value as it is stored. A
 * workbook has typed cells and needs no such choice.
 */
export const CSV_STYLES = ['safe', 'raw'] as const
export type CsvStyle = (typeof CSV_STYLES)[number]

/** The fields of every export. */
export const exportChoiceSchema = z.object({
  format: z.enum(EXPORT_FORMATS),
  style: z.enum(CSV_STYLES).default('safe'),
  /** A file that the shell has chosen for this connection (`ExportFiles.choose`); null: the file is downloaded. */
  target: z.string().max(100).nullable().default(null),
})
export type ExportChoice = z.infer<typeof exportChoiceSchema>

export const exportedFileSchema = z.object({
  fileName: z.string(),
  /** The number of rows without headers. */
  rows: z.int(),
  bytes: z.int(),
  /** Path from which this window downloads the file, within 15 minutes; null: it is at its target. */
  download: z.string().nullable(),
})
export type ExportedFile = z.infer<typeof exportedFileSchema>

export const exportEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), done: z.int(), total: z.int() }),
  z.object({ kind: z.literal('done'), file: exportedFileSchema }),
])
export type ExportEvent = z.infer<typeof exportEventSchema>

export const exportsContract = {
  /**
   * Writes the calls of a list to a file, in the order of the list and as they are at the start, and adds an entry to the audit trail. Aborting the
   * stream cancels the export, and no file remains.
   * @throws CONFLICT if the connection runs another export; STORAGE or INVALID if the file cannot be written, and no file remains.
   */
  calls: procedure
    .input(
      exportChoiceSchema.extend({
        filter: callFilterSchema.default({}),
        sort: callSortSchema.default({ by: 'eventAt', direction: 'desc' }),
      }),
    )
    .output(eventIterator(exportEventSchema)),
}
