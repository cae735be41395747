import { z } from 'zod'
import { callIdSchema, userIdSchema } from '../id.ts'
import { callOutcomeSchema, callStatusSchema } from '../model/call-fields.ts'
import { timestampSchema } from '../model/common.ts'
import { procedure } from './base.ts'

/** A planned call that is not settled: its status is still scheduled. */
export const openFollowUpSchema = z.object({ id: callIdSchema, scheduledAt: timestampSchema, userId: userIdSchema })
export type OpenFollowUp = z.infer<typeof openFollowUpSchema>

export const prospectMatchSchema = z.object({
  /** As typed in the call that matches best. */
  prospectName: z.string(),
  prospectPhone: z.string().nullable(),
  prospectEmail: z.string().nullable(),
  /** E.164 form of `prospectPhone`; null if it has none. */
  phoneE164: z.string().nullable(),
  /** The latest call that is not scheduled; of a prospect with only scheduled calls, the latest of these. */
  lastCall: z.object({
    id: callIdSchema,
    /** Event time, ms. */
    at: timestampSchema,
    status: callStatusSchema,
    outcome: callOutcomeSchema.nullable(),
  }),
  /** The earliest; it may be overdue. */
  openFollowUp: openFollowUpSchema.nullable(),
  /** At most 1,000 are counted of each phone number and e-mail address. */
  calls: z.int(),
})
export type ProspectMatch = z.infer<typeof prospectMatchSchema>

/** Prospects, from the calls that the person may read. `core/model/prospect-identity.ts` defines what a prospect is. */
export const prospectsContract = {
  /**
   * Returns the prospects of which the name, the phone number or the e-mail address matches a text, best first: words by their beginnings,
   * and by any part if no word begins so; a number by any part of it. A text that matches thousands of calls finds prospects among the
   * calls that were stored last.
   */
  match: procedure
    .input(z.object({ text: z.string().trim().max(200), limit: z.int().min(1).max(50).default(8) }))
    .output(z.array(prospectMatchSchema)),
}
