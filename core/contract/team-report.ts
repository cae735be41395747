import { z } from 'zod'
import { callCountsSchema, figureSchema } from '../metrics/metrics.ts'

const totalsSchema = z.object({
  /** Days worked: the days with counted calls, summed over the people. */
  days: z.int(),
  counts: callCountsSchema,
  /** Numbers and times are per day worked; rates are unchanged. */
  figures: z.array(figureSchema),
})

/** The average of the team without names: of finished days on which at least three people worked. */
export const teamReportSchema = totalsSchema.extend({
  /** The number of days that are counted. */
  shownDays: z.int(),
  /** The number of finished days of the period. */
  finishedDays: z.int(),
  /** The end of the last finished day, ms UTC; null: no day of the period has finished. */
  until: z.int().nullable(),
  /** When the server last sent the figures, ms UTC; null: they are counted on this device. */
  asOf: z.int().nullable(),
  /** The person's own calls of the same days and types. */
  own: totalsSchema,
})
export type TeamReport = z.infer<typeof teamReportSchema>
