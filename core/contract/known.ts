import { z } from 'zod'
import { callIdSchema, opIdSchema, userIdSchema } from '../id.ts'
import { figureSchema } from '../metrics/metrics.ts'
import { figurePartsSchema, provenKeySchema } from '../metrics/proof.ts'
import { callSchema } from '../model/call.ts'
import { timestampSchema } from '../model/common.ts'
import { timeRangeSchema } from '../time/time-range.ts'
import { procedure } from './base.ts'
import { cursorSchema } from './calls.ts'
import { reportFilterSchema, reportHoursSchema, reportPageSchema, reportRequestSchema } from './reports.ts'

/** ms UTC. Calls and changes before this instant are known. A later instant than now means now. */
const knownAt = timestampSchema

/** `own`: the server does not send the changes of calls that were reassigned since then, so the figures do not contain them. */
const coverageSchema = z.enum(['complete', 'own'])

const knownPageSchema = z.object({
  knownAt,
  /** When the report was computed, ms UTC. `page.computedAt` is the last instant that is known. */
  computedAt: z.int(),
  /** The report as it was at this instant, with today's time zone and names of loss reasons. */
  page: reportPageSchema,
  hours: reportHoursSchema.shape.hours,
  /** The figures of the same period, until the same instant, as they are known now. */
  today: z.array(figureSchema),
  coverage: coverageSchema,
})
export type KnownPage = z.infer<typeof knownPageSchema>

const stateSchema = z
  .object({
    userId: callSchema.shape.userId,
    callType: callSchema.shape.callType,
    status: callSchema.shape.status,
    outcome: callSchema.shape.outcome,
    lossReasonId: callSchema.shape.lossReasonId,
    callDuration: callSchema.shape.callDuration,
    eventAt: callSchema.shape.eventAt,
  })
  .nullable()

const correctionSchema = z.object({
  /** The line of the audit trail. */
  id: opIdSchema,
  callId: callIdSchema,
  /** Null: this device no longer has the call's name. */
  prospectName: z.string().nullable(),
  /** Whether the call still exists. */
  exists: z.boolean(),
  /** The person who made the change. */
  userId: userIdSchema.nullable(),
  at: timestampSchema,
  /** The call before and after the change; null: there was none. */
  before: stateSchema,
  after: stateSchema,
  /** The change of the figure's numerator and denominator. */
  effect: figurePartsSchema,
})
export type Correction = z.infer<typeof correctionSchema>

/**
 * The maximum number of corrections that are listed, newest first. `count` includes all. The list takes about 60 MB in a temporary file.
 */
export const MOST_CORRECTIONS = 100_000

const correctionsSchema = z.object({
  knownAt,
  range: timeRangeSchema,
  /** The figure as it was known, and as it is known now. */
  past: figurePartsSchema,
  present: figurePartsSchema,
  /** The number of changes with an effect on the figure. */
  count: z.int(),
  /** The number of changes that are not listed because this person may not read their calls. */
  hidden: z.int(),
  /** A page, newest first. The effects of all changes add up to `present` − `past`. */
  rows: z.array(correctionSchema),
  /** Null: there is no further page. */
  next: cursorSchema.nullable(),
  coverage: coverageSchema,
})
export type Corrections = z.infer<typeof correctionsSchema>

const progressSchema = z
  .object({
    /** `fetch`: changes are fetched from the server. `compute`: their effects are computed. */
    stage: z.enum(['fetch', 'compute']),
    /** Changes of this stage that are done. */
    done: z.int(),
    /** Changes of this stage; null: not known. */
    total: z.int().nullable(),
  })
  .nullable()
export type KnownProgress = z.infer<typeof progressSchema>

export const knownContract = {
  /**
   * A report as it was known at an earlier instant, computed from the audit trail. Aborting the request cancels the work.
   * @throws UNREACHABLE if the server has the trail and cannot be reached; INVALID if there are too many changes since then; STORAGE if the
   * changes from the server cannot be stored on this device.
   */
  page: procedure.input(reportRequestSchema.extend({ knownAt })).output(knownPageSchema),
  /**
   * The changes since an instant that affected one figure of a period. Calls from this instant on are not counted. The figures are those of the
   * first page.
   * @throws as `page`; NOT_FOUND for a later page whose list has expired. Request the first page again.
   */
  corrections: procedure
    .input(
      reportFilterSchema.extend({
        knownAt,
        key: provenKeySchema,
        after: cursorSchema.nullable().default(null),
        /** 0: only the numbers. */
        limit: z.int().min(0).max(500).default(100),
      }),
    )
    .output(correctionsSchema),
  /** The progress of the latest report or list of corrections that is computed for this connection; null: none is computed. */
  progress: procedure.output(progressSchema),
}
