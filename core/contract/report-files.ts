import { z } from 'zod'
import { RANKED_BY, REPORT_TABLES } from '../figures/report-parts.ts'
import { procedure } from './base.ts'
import { timestampSchema } from '../model/common.ts'
import { exportChoiceSchema, exportedFileSchema } from './exports.ts'
import { reportRequestSchema } from './reports.ts'

export const REPORT_FORMATS = ['pdf', 'xlsx', 'csv'] as const
export type ReportFormat = (typeof REPORT_FORMATS)[number]

export const CHARTS = ['trend', 'loss_reasons', 'hours', 'funnel'] as const
export type ChartName = (typeof CHARTS)[number]
export const PICTURE_FORMATS = ['png', 'svg'] as const
export type PictureFormat = (typeof PICTURE_FORMATS)[number]

/** The report as it was known before this instant, ms UTC (`reports.known`); null: as it is known now. */
const knownAt = timestampSchema.nullable().default(null)

export const reportFileRequestSchema = reportRequestSchema.extend({
  knownAt,
  format: z.enum(REPORT_FORMATS),
  style: exportChoiceSchema.shape.style,
  target: exportChoiceSchema.shape.target,
  rankedBy: z.enum(RANKED_BY).default('close_rate'),
  /** Only this table, as CSV. */
  table: z.enum(REPORT_TABLES).nullable().default(null),
  /** BCP 47. The number format of a PDF; other files have unformatted numbers. */
  locale: z.string().max(40).default('en'),
})

export const reportFilesContract = {
  /**
   * Writes a report to a file, and adds an entry to the audit trail.
   * @throws STORAGE or INVALID if the file cannot be written, and no file remains; INVALID for a single table that is not CSV or that the
   * report does not have; for a report of an earlier day the errors of `reports.known.page`.
   */
  file: procedure.input(reportFileRequestSchema).output(exportedFileSchema),
  /** Records the export of a chart as a picture. The window calls it before it saves the picture. */
  picture: procedure
    .input(
      reportRequestSchema.extend({
        knownAt,
        chart: z.enum(CHARTS),
        format: z.enum(PICTURE_FORMATS),
        fileName: z.string().max(200),
        /** The number of bars, reasons or cells of the chart. */
        rows: z.int().min(0).max(100_000),
      }),
    )
    .output(z.null()),
}
