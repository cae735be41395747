import { z } from 'zod'
import { AGENDA_GROUPS } from '../agenda/agenda-groups.ts'
import { userIdSchema } from '../id.ts'
import { usualFigureSchema } from '../metrics/usual-by-now.ts'
import { callSchema } from '../model/call.ts'
import { procedure } from './base.ts'
import { cursorSchema } from './calls.ts'
import { MOST_CHOSEN } from './reports.ts'

/** A group is counted up to this number. A count above it means that there are more. */
export const MOST_COUNTED = 10_000

const people = z.object({
  /** Absent or empty: everyone whose calls the person may read. */
  userIds: z.array(userIdSchema).max(MOST_CHOSEN).optional(),
})

const agendaGroupSchema = z.enum(AGENDA_GROUPS)
const agendaEntrySchema = callSchema.extend({ group: agendaGroupSchema })
export type AgendaEntry = z.infer<typeof agendaEntrySchema>

const count = z.int().max(MOST_COUNTED + 1)

const agendaPageSchema = z.object({
  /** The time at which the groups were computed, ms UTC. */
  computedAt: z.int(),
  rows: z.array(agendaEntrySchema),
  /** Position of the next page; null after the last row. */
  next: cursorSchema.nullable(),
  /** Null for a later page. */
  summary: z
    .object({
      counts: z.object({ overdue: count, today: count, tomorrow: count, week: count, undated: count, later: count }),
      /** The time of the first call that is later than the agenda shows, ms UTC; null: none. */
      nextLater: z.int().nullable(),
    })
    .nullable(),
})
export type AgendaPage = z.infer<typeof agendaPageSchema>
export type AgendaSummary = NonNullable<AgendaPage['summary']>

const daySchema = z.object({
  computedAt: z.int(),
  /** The number of earlier days with the same weekday from which the usual figures are computed. */
  days: z.int(),
  figures: z.array(usualFigureSchema),
})

const noNextStepSchema = z.object({
  /** The setting `no_next_step_days`. */
  days: z.int(),
  /** The last completed call with each prospect, latest first. */
  rows: z.array(callSchema),
  next: cursorSchema.nullable(),
  /** The number of prospects that were found; null for a later page. */
  count: z.int().nullable(),
  /** Whether older calls were not examined, so that there may be more prospects than `count`. */
  hasMore: z.boolean(),
})
export type NoNextStep = z.infer<typeof noNextStepSchema>

/** What a person does today: scheduled calls, their own figures so far, and prospects without a next step. */
export const agendaContract = {
  /** The scheduled calls until the end of the week: overdue ones first, then by time. */
  list: procedure
    .input(people.extend({ after: cursorSchema.nullable().default(null), limit: z.int().min(1).max(500).default(100) }))
    .output(agendaPageSchema),
  /** The person's own figures of the current day, with the usual ones by this time of day (`core/metrics/usual-by-now.ts`). */
  day: procedure.output(daySchema),
  /** Prospects without a next step (`db/queries/no-next-step.ts`). */
  noNextStep: procedure
    .input(people.extend({ after: cursorSchema.nullable().default(null), limit: z.int().min(1).max(100).default(20) }))
    .output(noNextStepSchema),
}
