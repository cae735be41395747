import { z } from 'zod'
import { userIdSchema, callIdSchema, lossReasonIdSchema } from '../id.ts'
import { trailEntrySchema } from '../model/audit.ts'
import { callFieldsSchema, callPatchSchema, callSchema, newCallSchema } from '../model/call.ts'
import { callOutcomeSchema, callStatusSchema, callTypeSchema } from '../model/call-fields.ts'
import { timestampSchema } from '../model/common.ts'
import { WEEK_HOURS } from '../time/week-hours.ts'
import { procedure } from './base.ts'

/** Absent or empty: no restriction. A call matches if it has one of the values of every given field. */
export const callFilterSchema = z.object({
  /** Earliest event time, included, ms. */
  from: timestampSchema.optional(),
  /** Latest event time, excluded, ms. */
  to: timestampSchema.optional(),
  userIds: z.array(userIdSchema).max(500).optional(),
  callTypes: z.array(callTypeSchema).max(100).optional(),
  statuses: z.array(callStatusSchema).max(100).optional(),
  outcomes: z.array(callOutcomeSchema).max(100).optional(),
  /** Null: lost calls without a loss reason. */
  lossReasonIds: z.array(lossReasonIdSchema.nullable()).max(500).optional(),
  /** Hours of the week in the client's time zone; 0: Monday 00:00 to 01:00. */
  weekHours: z
    .array(
      z
        .int()
        .min(0)
        .max(WEEK_HOURS - 1),
    )
    .max(WEEK_HOURS)
    .optional(),
  /** Whether the call has a duration. */
  hasDuration: z.boolean().optional(),
  /**
   * Words of the prospect's name, e-mail, phone or the notes: beginnings of words; if no call matches, text within words. If few calls match,
   * also words of names that differ by a typing error.
   */
  text: z.string().trim().max(200).optional(),
})
export type CallFilter = z.infer<typeof callFilterSchema>

export const CALL_SORTS = ['eventAt', 'prospectName', 'callDuration'] as const
export const columnSortSchema = z.object({ by: z.enum(CALL_SORTS), direction: z.enum(['asc', 'desc']) })
export type ColumnSort = z.infer<typeof columnSortSchema>
/**
 * `rank`: the best matches of the text first, and the latest call first among equal ones. Calls whose name has all words of the text come before
 * those whose name has words that begin like them, and these before all others. Without a text: the latest call first.
 */
export const rankSortSchema = z.object({ by: z.literal('rank'), direction: z.literal('desc') })
export const callSortSchema = z.union([columnSortSchema, rankSortSchema])
export type CallSort = z.infer<typeof callSortSchema>
export const BY_RANK: CallSort = { by: 'rank', direction: 'desc' }

/** A position in one sorted list. Only the query that made it can read it. */
export const cursorSchema = z.string().max(2_000).brand<'Cursor'>()
export type Cursor = z.infer<typeof cursorSchema>

export const callPageRequestSchema = z.object({
  filter: callFilterSchema.default({}),
  sort: callSortSchema.default({ by: 'eventAt', direction: 'desc' }),
  /** The page begins after this row; null: at the start of the list. */
  after: cursorSchema.nullable().default(null),
  /** Rows to skip after `after`, for a jump of the scroll bar. Costs one index step per row. */
  skip: z.int().min(0).max(10_000_000).default(0),
  limit: z.int().min(1).max(500).default(100),
})
export type CallPageRequest = z.infer<typeof callPageRequestSchema>

export const callPageSchema = z.object({
  rows: z.array(callSchema),
  /** Position of the next page; null after the last row. */
  next: cursorSchema.nullable(),
})
export type CallPage = z.infer<typeof callPageSchema>

/** `total`: if it is not exact, there are at least this many calls, and at least one. */
export const callCountSchema = z.object({ total: z.int(), exact: z.boolean() })
export type CallCount = z.infer<typeof callCountSchema>

const byId = z.object({ id: callIdSchema })

/** The person has confirmed an outbound call with a prospect who is on the do-not-call list. */
const despiteDoNotCall = z.boolean().optional()

/** A new call. `followsCallId`: the call that it continues, which the person may read. */
const newCallInput = newCallSchema.safeExtend({ followsCallId: callIdSchema.nullable().default(null) })

const { scheduledAt, notes } = callFieldsSchema.shape

/** The next call with the same prospect and agent. Default: an outbound call without notes. */
const nextCallSchema = z.object({
  scheduledAt: scheduledAt.unwrap(),
  callType: callTypeSchema.default('outbound'),
  notes: notes.default(null),
})

/** The rows of a logged call, with which it can be taken back. */
const loggedCallSchema = z.object({
  call: callSchema,
  /** The scheduled call that continues it. */
  next: callSchema.nullable(),
  /** The scheduled call that became `call`, as it was before. */
  settled: callSchema.nullable(),
})
export type LoggedCall = z.infer<typeof loggedCallSchema>

export const callsContract = {
  list: procedure.input(callPageRequestSchema).output(callPageSchema),
  /** Returns the number of calls that match the filter. It is not exact if an exact one would take too long. */
  count: procedure.input(z.object({ filter: callFilterSchema.default({}) })).output(callCountSchema),
  get: procedure.input(byId).output(callSchema),
  /**
   * Returns the calls that continue one another, of which the call is one, as far as the person may see them: at most 200, each after the call
   * that it continues.
   */
  chain: procedure.input(byId).output(z.array(callSchema)),
  /** @throws DO_NOT_CALL unless `despiteDoNotCall`, if it is a scheduled outbound call and the prospect is on the list. */
  create: procedure.input(newCallInput.safeExtend({ despiteDoNotCall })).output(callSchema),
  /**
   * Logs a finished call in one transaction. `settles`: the scheduled call that becomes the finished call; it keeps its scheduled time unless
   * `call` has another one, and `expected` are its values as the person saw them. `next`: the call that continues it.
   * @throws CONFLICT if `settles` is not scheduled any more, or a field no longer has its `expected` value; DO_NOT_CALL unless
   * `despiteDoNotCall`, if `next` is an outbound call and the prospect is on the list.
   */
  log: procedure
    .input(
      z.object({
        call: newCallInput,
        next: nextCallSchema.nullable().default(null),
        settles: callIdSchema.nullable().default(null),
        expected: callPatchSchema.optional(),
        despiteDoNotCall,
      }),
    )
    .output(loggedCallSchema),
  /**
   * Takes back what `calls.log` returned, and returns the call that is scheduled again, if there is one.
   * @throws CONFLICT if a row was edited since, NOT_FOUND if one was deleted; nothing is changed then.
   */
  undoLog: procedure.input(loggedCallSchema).output(z.object({ call: callSchema.nullable() })),
  /**
   * Logs again what `calls.undoLog` took back: the same rows with the same ids.
   * @throws CONFLICT if a row is not deleted, or was edited since.
   */
  redoLog: procedure.input(loggedCallSchema).output(loggedCallSchema),
  /**
   * @throws CONFLICT if a field no longer has its `expected` value, because someone else has changed it; DO_NOT_CALL unless
   * `despiteDoNotCall`, if the edit schedules an outbound call and the prospect is on the list.
   */
  update: procedure
    .input(byId.extend({ patch: callPatchSchema, expected: callPatchSchema.optional(), despiteDoNotCall }))
    .output(callSchema),
  /** @throws CONFLICT as `update` does. */
  delete: procedure.input(byId.extend({ expected: callPatchSchema.optional() })).output(z.object({ id: callIdSchema })),
  /**
   * Restores a deleted call with its last values. If they are not on this device, the server sends them.
   * @throws UNREACHABLE if the server is needed and cannot be reached. Nothing is changed.
   */
  restore: procedure.input(byId).output(callSchema),
  /** Returns the lines of a call in the audit trail, newest first, at most 1,000; see `audit.list`. The call may be deleted. */
  history: procedure.input(byId).output(z.array(trailEntrySchema)),
}
