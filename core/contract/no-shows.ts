import { z } from 'zod'
import { timeRangeSchema } from '../time/time-range.ts'
import { procedure } from './base.ts'
import { callPageSchema, cursorSchema } from './calls.ts'
import { ageingSchema, reportFilterSchema } from './reports.ts'
import { NO_SHOW_KINDS } from '../metrics/no-shows.ts'

const noShowsSchema = z.object({
  range: timeRangeSchema,
  /** No-shows with a next attempt: time from the no-show to the attempt. */
  answered: ageingSchema,
  /** No-shows without a next attempt: time from the no-show until now. */
  unanswered: ageingSchema,
  /** No-shows without a phone number or an e-mail address, for which no attempt can be found. */
  noContact: z.int(),
})

export type NoShows = z.infer<typeof noShowsSchema>

/** The time from no-shows to the next attempt (`core/metrics/no-shows.ts`). */
export const noShowsContract = {
  ageing: procedure.input(reportFilterSchema).output(noShowsSchema),
  /** The no-shows of one kind, latest first. */
  calls: procedure
    .input(
      reportFilterSchema.extend({
        kind: z.enum(NO_SHOW_KINDS),
        after: cursorSchema.nullable().default(null),
        /** Rows to skip after `after`, for a jump of the scroll bar. */
        skip: z.int().min(0).max(10_000_000).default(0),
        limit: z.int().min(1).max(500).default(100),
      }),
    )
    .output(callPageSchema),
}
