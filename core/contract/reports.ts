import { z } from 'zod'
import { userIdSchema } from '../id.ts'
import { callCountsSchema, figureSchema, paretoRowSchema } from '../metrics/metrics.ts'
import { timeRangeSchema } from '../time/time-range.ts'
import { procedure } from './base.ts'

export const reportSummarySchema = z.object({
  range: timeRangeSchema,
  counts: callCountsSchema,
  figures: z.array(figureSchema),
  lossReasons: z.array(paretoRowSchema),
  /** `own`: the figures contain only the person's own calls. */
  reach: z.enum(['own', 'all']),
  /** For a person who sees only their own figures: those of the whole team, without names; null if this device does not have all calls. */
  team: z.object({ counts: callCountsSchema, figures: z.array(figureSchema) }).nullable(),
})
export type ReportSummary = z.infer<typeof reportSummarySchema>

export const reportsContract = {
  /** `userIds` limits the report to some people. A person who sees only their own figures may give only their own id. */
  summary: procedure
    .input(z.object({ range: timeRangeSchema, userIds: z.array(userIdSchema).max(500).optional() }))
    .output(reportSummarySchema),
}
