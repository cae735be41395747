import { z } from 'zod'
import { callIdSchema, userIdSchema } from '../id.ts'
import { callOutcomeSchema, callStatusSchema } from '../model/call-fields.ts'
import { timestampSchema } from '../model/common.ts'
import { procedure } from './base.ts'
import { callPageSchema, cursorSchema } from './calls.ts'

/** A call whose status is still scheduled. */
export const openFollowUpSchema = z.object({ id: callIdSchema, scheduledAt: timestampSchema, userId: userIdSchema })
export type OpenFollowUp = z.infer<typeof openFollowUpSchema>

export const prospectMatchSchema = z.object({
  /** As typed in the call that matches best. */
  prospectName: z.string(),
  prospectPhone: z.string().nullable(),
  prospectEmail: z.string().nullable(),
  /** E.164 form of `prospectPhone`; null if it has none. */
  phoneE164: z.string().nullable(),
  /** IANA time zones in which the phone number may be; empty: unknown. */
  zones: z.array(z.string()),
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

const phoneTextSchema = z.string().trim().max(50)
const emailTextSchema = z.string().trim().max(254)

/** A prospect: the one of a call, or the one with a phone number or an e-mail address, as typed. */
export const prospectOfSchema = z.union([
  z.object({ callId: callIdSchema }),
  z.object({ phone: phoneTextSchema, email: emailTextSchema.optional() }),
  z.object({ email: emailTextSchema }),
])
export type ProspectOf = z.infer<typeof prospectOfSchema>

/** What a call ended with, or its status. */
export const CALL_RESULTS = ['won', 'lost', 'undecided', 'no_show', 'rescheduled', 'cancelled', 'scheduled'] as const
export type CallResult = (typeof CALL_RESULTS)[number]

export const prospectCardSchema = z.object({
  /** The latest call. */
  lastCallId: callIdSchema,
  /** The distinct names, as typed, latest first; at most 10. */
  names: z.array(z.string()).min(1),
  /** The distinct phone numbers, latest first, each in the ways it was typed. */
  phones: z.array(
    z.object({
      typed: z.array(z.string()).min(1),
      /** Null: the number is not certain, or is none. */
      e164: z.string().nullable(),
      /** IANA time zones in which it may be; empty: unknown. */
      zones: z.array(z.string()),
    }),
  ),
  emails: z.array(z.string()),
  calls: z.int(),
  /** Whether the prospect has more calls than are counted: 10,000 of each phone number and e-mail address. */
  hasMore: z.boolean(),
  /** The number of calls by result, without those that have none. */
  results: z.array(z.object({ result: z.enum(CALL_RESULTS), calls: z.int() })),
  /** The people with calls, most calls first. */
  people: z.array(z.object({ userId: userIdSchema, calls: z.int() })),
  openFollowUp: openFollowUpSchema.nullable(),
})
export type ProspectCard = z.infer<typeof prospectCardSchema>

export const prospectHintSchema = z.object({
  /** IANA time zones in which the phone number may be; empty: unknown. */
  zones: z.array(z.string()),
  /** The prospect with the same phone number or e-mail address, if no call of it has the typed name. */
  other: z.object({ lastCallId: callIdSchema, prospectName: z.string(), calls: z.int() }).nullable(),
})
export type ProspectHint = z.infer<typeof prospectHintSchema>

/** Prospects, from the calls that the person may read. `core/model/prospect-identity.ts` defines what a prospect is. */
export const prospectsContract = {
  /**
   * Returns the prospects of which the name, the phone number or the e-mail address matches a text, best first: words by their beginnings,
   * and by any part if no word begins like them; a number by any part of it. A text that matches thousands of calls finds prospects among the
   * calls that were stored last.
   */
  match: procedure
    .input(z.object({ text: z.string().trim().max(200), limit: z.int().min(1).max(50).default(8) }))
    .output(z.array(prospectMatchSchema)),
  /** @throws NOT_FOUND if there is no such call or prospect among the calls that the person may read. */
  card: procedure.input(z.object({ of: prospectOfSchema })).output(prospectCardSchema),
  /** Returns the calls of a prospect, latest first. @throws NOT_FOUND as `card` does */
  calls: procedure
    .input(
      z.object({
        of: prospectOfSchema,
        after: cursorSchema.nullable().default(null),
        limit: z.int().min(1).max(500).default(50),
      }),
    )
    .output(callPageSchema),
  /** What a form shows while a call is typed. It never prevents a save. The values are those of the form and may be incomplete. */
  hint: procedure
    .input(z.object({ name: z.string().trim().max(200), phone: phoneTextSchema, email: emailTextSchema }))
    .output(prospectHintSchema),
}
