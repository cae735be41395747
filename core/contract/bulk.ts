import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { idSchema, userIdSchema, callIdSchema, lossReasonIdSchema } from '../id.ts'
import { sentenceSchema } from '../messages/text.ts'
import { procedure } from './base.ts'
import { callFilterSchema, callSortSchema } from './calls.ts'

/** Most calls that a selection names by id. Larger selections are a list, or a part of one. */
export const MAX_SELECTED_IDS = 1_000
const selectedIds = z.array(callIdSchema).max(MAX_SELECTED_IDS).default([])

/**
 * A selection of calls. A list is given by its filter and not by ids, so that a selection of a million calls is a small request. It is read
 * once, at the start of the action. Calls that match the filter later are not part of it.
 */
export const callSelectionSchema = z.object({
  list: z
    .object({
      filter: callFilterSchema.default({}),
      /** The calls from `first` to `last` in this order, both included; null: the whole list. */
      span: z.object({ sort: callSortSchema, first: callIdSchema, last: callIdSchema }).nullable().default(null),
      /** Calls of the list that are not selected. */
      except: selectedIds,
    })
    .nullable()
    .default(null),
  /** Calls that are selected one by one. */
  ids: selectedIds,
})
export type CallSelectionInput = z.input<typeof callSelectionSchema>
export type CallSelection = z.infer<typeof callSelectionSchema>

export const bulkActionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('reassign'), userId: userIdSchema }),
  z.object({ kind: z.literal('tag'), lossReasonId: lossReasonIdSchema }),
  z.object({ kind: z.literal('delete') }),
])
export type BulkAction = z.infer<typeof bulkActionSchema>

/** `message` is the same text for the same cause. */
export const bulkRefusalSchema = sentenceSchema.extend({
  id: callIdSchema,
  /** Null if the person may not read the call, or if it is deleted. */
  prospectName: z.string().nullable(),
  code: z.enum(['NOT_FOUND', 'FORBIDDEN', 'INVALID', 'CONFLICT']),
})
export type BulkRefusal = z.infer<typeof bulkRefusalSchema>

/** `total` = `changed` + `unchanged` + `refused` + the calls that were not reached before the end. */
export const bulkReportSchema = z.object({
  batchId: idSchema,
  kind: z.enum(['reassign', 'tag', 'delete']),
  isUndo: z.boolean(),
  cancelled: z.boolean(),
  /** Why the action stopped early; null: it did not, or a person cancelled it. */
  failure: sentenceSchema.nullable(),
  total: z.int(),
  changed: z.int(),
  /** Calls that already had the value. */
  unchanged: z.int(),
  refused: z.int(),
  causes: z.array(bulkRefusalSchema.pick({ code: true, message: true, text: true }).extend({ calls: z.int() })),
  /** The first 200 refusals; `refused` counts all. */
  refusals: z.array(bulkRefusalSchema),
})
export type BulkReport = z.infer<typeof bulkReportSchema>

export const bulkEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started'), batchId: idSchema, total: z.int() }),
  z.object({ kind: z.literal('progress'), done: z.int(), total: z.int() }),
  z.object({ kind: z.literal('report'), report: bulkReportSchema }),
])
export type BulkEvent = z.infer<typeof bulkEventSchema>

export const bulkContract = {
  /**
   * Returns the number of selected calls, and the position of the first one in the list, from 0; null if the selection is not part of a list.
   * @throws CONFLICT if an end of the span is no longer in the list.
   */
  count: procedure
    .input(z.object({ selection: callSelectionSchema }))
    .output(z.object({ total: z.int(), from: z.int().nullable() })),
  /**
   * Runs one action on every selected call, in transactions of a few hundred calls. The rules for each call are those of the single
   * action. A refused call is reported and does not stop the others. If the reader disconnects, the run ends after the current transaction.
   * @throws FORBIDDEN if the role does not allow the action at all; INVALID if the person or the loss reason cannot be chosen.
   */
  run: procedure
    .input(z.object({ selection: callSelectionSchema, action: bulkActionSchema }))
    .output(eventIterator(bulkEventSchema)),
  /**
   * Restores the values from before a run of this connection, except in calls that were edited since. Can be repeated.
   * @throws NOT_FOUND if the run can no longer be undone.
   */
  undo: procedure.input(z.object({ batchId: idSchema })).output(eventIterator(bulkEventSchema)),
  /**
   * Redoes the changes that the last undo of a run reverted, except in calls that were edited since. Can be repeated.
   * @throws NOT_FOUND if the run can no longer be redone.
   */
  redo: procedure.input(z.object({ batchId: idSchema })).output(eventIterator(bulkEventSchema)),
  /** Ends a run, an undo or a redo after the current transaction. Its stream ends with the report. */
  cancel: procedure.input(z.object({ batchId: idSchema })).output(z.object({})),
}
