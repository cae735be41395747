import { z } from 'zod'
import { idSchema, userIdSchema } from '../id.ts'
import { timestampSchema } from '../model/common.ts'

/** Numbers of calls that an undo affects. */
export const undoCountsSchema = z.object({
  /** Calls that the import created and that are deleted. */
  removed: z.int(),
  /** Calls that get their values from before the import. */
  restored: z.int(),
  /** Calls that were edited since the import and are not changed. */
  kept: z.int(),
})
export type UndoCounts = z.infer<typeof undoCountsSchema>

/** An import that this device ran. */
export const importRunSchema = z.object({
  importId: idSchema,
  at: timestampSchema,
  userId: userIdSchema,
  fileName: z.string().nullable(),
  source: z.string().nullable(),
  /** Null: the application ended before the import did. */
  created: z.int().nullable(),
  updated: z.int().nullable(),
  /** The last undo; null: there was none, or it is not complete and can be continued. */
  undone: undoCountsSchema.extend({ at: timestampSchema }).nullable(),
})
export type ImportRun = z.infer<typeof importRunSchema>

export const undoEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), done: z.int(), total: z.int() }),
  z.object({ kind: z.literal('done'), counts: undoCountsSchema, cancelled: z.boolean() }),
])
export type UndoEvent = z.infer<typeof undoEventSchema>
