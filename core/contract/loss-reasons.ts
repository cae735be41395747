import { z } from 'zod'
import { lossReasonIdSchema } from '../id.ts'
import { lossReasonPatchSchema, lossReasonSchema, newLossReasonSchema } from '../model/people.ts'
import { procedure } from './base.ts'

const byId = z.object({ id: lossReasonIdSchema })

export const lossReasonsContract = {
  list: procedure.output(z.array(lossReasonSchema)),
  /** Returns the reasons of the person's own lost calls of the last 90 finished days, the most used first. */
  byUse: procedure.output(z.array(lossReasonIdSchema)),
  create: procedure.input(newLossReasonSchema).output(lossReasonSchema),
  update: procedure
    .input(byId.extend({ patch: lossReasonPatchSchema, expected: lossReasonPatchSchema.optional() }))
    .output(lossReasonSchema),
  setActive: procedure.input(byId.extend({ isActive: z.boolean() })).output(lossReasonSchema),
}
